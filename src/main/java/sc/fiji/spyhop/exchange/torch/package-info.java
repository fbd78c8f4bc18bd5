/**
 * Weights that PyTorch wrote, read as data: begin with {@link
 * sc.fiji.spyhop.exchange.torch.TorchFile}. What a pickle may build is a closed list; nothing in a
 * file is run.
 */
package sc.fiji.spyhop.exchange.torch;
