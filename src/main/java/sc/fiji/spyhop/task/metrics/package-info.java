/** How good predictions are: figures as the field defines them, over a whole set of images. */
package sc.fiji.spyhop.task.metrics;
