/**
 * The engine on Eclipse Deeplearning4j and its tensor library ND4J: the only place that names them.
 *
 * <p>A network becomes a {@code ComputationGraph} for each choice of layers that is asked for,
 * which drives it forward and back in its workspaces. Of its layers those are Deeplearning4j's own
 * that compute what the network says, also going back; the others are vertices of ours on ND4J's
 * operations, which reach oneDNN and cuDNN by themselves. Gradients of losses come in at outputs
 * behind the layers that losses look at. The processor's memory is touched where tensors enter and
 * leave, and by the optimiser. Begin with {@link Dl4jEngine}.
 */
package sc.fiji.spyhop.engine.dl4j;
