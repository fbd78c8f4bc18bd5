/** Pipelines: models run one after the other, each on what the one before has found. */
package sc.fiji.spyhop.pipeline;
