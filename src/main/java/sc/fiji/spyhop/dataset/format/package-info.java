/**
 * Boxes and keypoints as other programs store them: a reader and writer for each format, and one
 * way to open any of them. What cannot be used is counted, named and left out. Begin with {@link
 * AnnotationFiles}.
 */
package sc.fiji.spyhop.dataset.format;
