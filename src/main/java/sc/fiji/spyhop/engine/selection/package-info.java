/**
 * Which engine computes: those of this machine are found, checked against plain arithmetic, and
 * chosen. Begin with {@link Engines}.
 */
package sc.fiji.spyhop.engine.selection;
