/** Shows what in an image made a network say what it said. Begin with {@link Explainer}. */
package sc.fiji.spyhop.explain;
