/**
 * From images to what a network is shown and back: channels, normalisation, scale, affine maps,
 * tiles.
 */
package sc.fiji.spyhop.image;
