/**
 * Small helpers with nothing of networks or images in them: files, folders, text that machines
 * read, threads.
 */
package sc.fiji.spyhop.util;
