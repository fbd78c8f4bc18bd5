/** What will be found in the part of an image that is seen, before a command is run. */
package sc.fiji.spyhop.job.preview;
