/**
 * Which engine computes: those of this machine are found, checked against plain arithmetic, and
 * chosen.
 */
package sc.fiji.spyhop.engine.selection;
