/**
 * Networks of Deeplearning4j, from its zip files and to them; read as data, without its classes.
 * Begin with {@link Dl4jImport} and {@link Dl4jExport}.
 */
package sc.fiji.spyhop.exchange.dl4j;
