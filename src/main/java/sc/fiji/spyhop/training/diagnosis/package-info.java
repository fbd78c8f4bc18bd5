/** Tells from what a training shows of itself what goes wrong with it, in words. */
package sc.fiji.spyhop.training.diagnosis;
