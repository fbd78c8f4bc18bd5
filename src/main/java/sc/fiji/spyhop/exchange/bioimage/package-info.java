/**
 * Models in the format of the bioimage.io Model Zoo. Begin with {@link BioimageArchive} and {@link
 * BioimageImport}.
 */
package sc.fiji.spyhop.exchange.bioimage;
