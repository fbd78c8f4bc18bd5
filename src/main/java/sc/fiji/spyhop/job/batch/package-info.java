/**
 * One job for many images: found, done one by one, written, and resumed where it was cut off. Begin
 * with {@link BatchJob}, which is done for one image, and {@link Batch}, which does it for all.
 */
package sc.fiji.spyhop.job.batch;
