/**
 * What a training is fed: minibatches drawn from annotated images, as each kind of task needs them.
 * Begin with {@link MinibatchSampler}.
 */
package sc.fiji.spyhop.training.sampling;
