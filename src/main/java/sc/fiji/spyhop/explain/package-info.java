/** Shows what in an image made a network say what it said. */
package sc.fiji.spyhop.explain;
