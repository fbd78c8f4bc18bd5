/**
 * The training loop: schedules, averaged weights, checkpoints, early stopping, history. Begin with
 * {@link ModelTraining}, which trains a model from beginning to end, and {@link TrainingLoop},
 * which it does so with.
 */
package sc.fiji.spyhop.training;
