/** Networks of Keras, in HDF5 files: the architecture as JSON, weights as data sets. */
package sc.fiji.spyhop.exchange.keras;
