/**
 * Describes in words what goes wrong with a training, from what it shows of itself. Begin with
 * {@link Detector}, which judges {@link Evidence}.
 */
package sc.fiji.spyhop.training.diagnosis;
