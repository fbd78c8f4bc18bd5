/**
 * What a training is fed: minibatches drawn from annotated images, as each kind of task needs them.
 */
package sc.fiji.spyhop.training.sampling;
