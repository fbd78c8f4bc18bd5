/**
 * Images from the rows of a table: networks in reverse, and how they learn. Begin with {@link
 * RenderTraining}.
 */
package sc.fiji.spyhop.generate.rendering;
