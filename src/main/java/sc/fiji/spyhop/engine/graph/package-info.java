/**
 * What engines that compute layer by layer have in common: which layers a run needs, what is kept
 * for the way back and when it goes, where a layer may overwrite its input, and the training step.
 * Feature maps are of a type {@code B} that only the engine understands.
 */
package sc.fiji.spyhop.engine.graph;
