/**
 * The ImageJ edge, both ways: images and files in; label images, overlays, regions of interest and
 * tables out. Begin with {@link ImageFiles}, which opens files, and {@link Frames}, which are read
 * of what is open.
 */
package sc.fiji.spyhop.ij;
