/**
 * The port to libraries that compute: devices, predictors, trainers, losses and optimizers. It
 * names no library.
 */
package sc.fiji.spyhop.engine;
