/**
 * How good predictions are: figures as the field defines them, over a whole set of images. Begin
 * with {@link Pooled} and {@link InstanceMetrics}.
 */
package sc.fiji.spyhop.task.metrics;
