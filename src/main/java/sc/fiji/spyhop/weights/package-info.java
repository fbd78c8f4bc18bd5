/** Named tensors of a network: safetensors files, initialisation, transfer to another network. */
package sc.fiji.spyhop.weights;
