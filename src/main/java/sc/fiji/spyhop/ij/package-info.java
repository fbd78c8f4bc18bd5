/**
 * The ImageJ edge, both ways: images and files in; label images, overlays, regions of interest and
 * tables out.
 */
package sc.fiji.spyhop.ij;
