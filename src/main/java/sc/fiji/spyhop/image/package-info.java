/**
 * From images to what a network is shown and back: channels, normalisation, scale, affine maps,
 * tiles. Begin with {@link Frame}, an image, and {@link Normalization}.
 */
package sc.fiji.spyhop.image;
