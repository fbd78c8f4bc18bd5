/**
 * From maps that a network puts out to objects: peaks, seeds, watershed, and assembly across tiles.
 */
package sc.fiji.spyhop.task.decode;
