/** Images from the rows of a table: networks in reverse, and how they learn. */
package sc.fiji.spyhop.generate.rendering;
