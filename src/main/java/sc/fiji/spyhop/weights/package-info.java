/**
 * Named tensors of a network: safetensors files, initialisation, transfer to another network. Begin
 * with {@link Weights} and {@link Safetensors}.
 */
package sc.fiji.spyhop.weights;
