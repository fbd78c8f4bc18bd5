/**
 * From maps that a network puts out to objects: peaks, seeds, watershed, and assembly across tiles.
 * Begin with {@link Assembler}.
 */
package sc.fiji.spyhop.task.decode;
