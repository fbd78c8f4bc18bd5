/**
 * Images with their truth: read from folders, split by image, cut and augmented for training. Begin
 * with {@link Dataset}, a set of {@link Sample} objects.
 */
package sc.fiji.spyhop.dataset;
