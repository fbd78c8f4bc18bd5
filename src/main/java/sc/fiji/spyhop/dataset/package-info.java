/** Images with their truth: read from folders, split by image, cut and augmented for training. */
package sc.fiji.spyhop.dataset;
