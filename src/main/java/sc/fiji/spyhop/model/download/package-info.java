/**
 * Files from their public homes: fetched once, known by their checksum, and kept ({@link
 * sc.fiji.spyhop.model.download.Downloads}); and the networks that can be asked for by name ({@link
 * sc.fiji.spyhop.model.download.Catalogue}).
 */
package sc.fiji.spyhop.model.download;
