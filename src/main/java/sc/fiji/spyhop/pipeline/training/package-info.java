/** A whole pipeline out of one annotated data set. Begin with {@link PipelineTraining}. */
package sc.fiji.spyhop.pipeline.training;
