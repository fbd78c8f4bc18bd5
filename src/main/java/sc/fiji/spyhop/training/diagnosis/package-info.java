/** Describes in words what goes wrong with a training, from what it shows of itself. */
package sc.fiji.spyhop.training.diagnosis;
