/**
 * What will be found in the part of an image that is seen, before a command is run. Begin with
 * {@link Looker}.
 */
package sc.fiji.spyhop.job.preview;
