/**
 * TIFF files as they are stored: directories, and the samples of their pages; no engine, no ImageJ.
 * Begin with {@link TiffFile}.
 */
package sc.fiji.spyhop.image.tiff;
