/**
 * What a model learned, used for something else: new heads on a backbone that is kept or changed.
 * Begin with {@link Continuation}.
 */
package sc.fiji.spyhop.training.finetuning;
