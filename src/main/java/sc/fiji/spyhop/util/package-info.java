/**
 * Small helpers with nothing of networks or images in them: files, folders, text that machines
 * read, threads. Begin with {@link AtomicFile}, which writes files whole or not at all.
 */
package sc.fiji.spyhop.util;
