/** Shows what a network has learnt: its kernels, and what its feature maps answer to. */
package sc.fiji.spyhop.explain.learned;
