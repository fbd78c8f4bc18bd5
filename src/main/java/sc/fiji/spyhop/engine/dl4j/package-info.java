/**
 * The engine on ND4J, the tensor library of Eclipse Deeplearning4j: the only place that names it.
 *
 * <p>Networks are executed layer by layer on ND4J's native operations rather than compiled to a
 * Deeplearning4j {@code ComputationGraph}: convolutions reach oneDNN without that library's layer
 * helpers, and native memory is freed when asked instead of when the garbage collector finds time.
 * All work on maps is done by ND4J, on processors or GPUs alike; the processor's memory is touched
 * where tensors enter and leave, and by the optimiser.
 */
package sc.fiji.spyhop.engine.dl4j;
