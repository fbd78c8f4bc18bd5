/** The training loop: schedules, averaged weights, checkpoints, early stopping, history. */
package sc.fiji.spyhop.training;
