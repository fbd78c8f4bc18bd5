/**
 * What a model learned, used for something else: new heads on a backbone that is kept or changed.
 */
package sc.fiji.spyhop.training.finetuning;
