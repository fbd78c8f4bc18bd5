/**
 * Models brought to eight bits: the ranges of their feature maps are measured on images, and what
 * that costs in accuracy is told. Begin with {@link Quantizer}.
 */
package sc.fiji.spyhop.quantization;
