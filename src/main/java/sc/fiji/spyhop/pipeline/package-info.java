/**
 * Pipelines: models run one after the other, each on what the one before has found. Begin with
 * {@link PipelineRunner}.
 */
package sc.fiji.spyhop.pipeline;
