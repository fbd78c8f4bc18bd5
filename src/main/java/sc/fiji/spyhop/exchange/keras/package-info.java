/**
 * Networks of Keras, in HDF5 files: the architecture as JSON, weights as data sets. Begin with
 * {@link KerasImport}.
 */
package sc.fiji.spyhop.exchange.keras;
