/** One job for many images: found, done one by one, written, and resumed where it was cut off. */
package sc.fiji.spyhop.job.batch;
