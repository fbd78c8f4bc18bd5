/**
 * Shows what a network has learnt: its kernels, and what its feature maps answer to. Begin with
 * {@link FeatureMaps} and {@link Kernels}.
 */
package sc.fiji.spyhop.explain.learned;
