/**
 * What engines that train have in common: the training step around a {@link
 * sc.fiji.spyhop.engine.graph.Computation}, and one such that computes layer by layer: which layers
 * a run needs, what is kept for the way back and when it goes, where a layer may overwrite its
 * input. Feature maps are of a type {@code B} that only the engine understands.
 */
package sc.fiji.spyhop.engine.graph;
