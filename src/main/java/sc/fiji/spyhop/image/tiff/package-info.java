/**
 * TIFF files as they are stored: directories, and the samples of their pages; no engine, no ImageJ.
 */
package sc.fiji.spyhop.image.tiff;
