/** A whole pipeline out of one annotated data set. */
package sc.fiji.spyhop.pipeline.training;
