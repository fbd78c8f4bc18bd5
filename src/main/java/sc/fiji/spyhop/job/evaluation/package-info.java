/**
 * Predictions held against the truth: figures of all images, how sure they are, image by image.
 * Begin with {@link Evaluation}.
 */
package sc.fiji.spyhop.job.evaluation;
