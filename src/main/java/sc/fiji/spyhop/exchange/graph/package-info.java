/**
 * What the importers of all formats share: building a network of our layers out of another
 * program's, with values whose axes are in another order, constants folded into layers, and names
 * made valid. Begin with {@link GraphBuilder}.
 */
package sc.fiji.spyhop.exchange.graph;
