/**
 * The port to libraries that compute: devices, predictors, trainers, losses and optimizers. It
 * names no library. Begin with {@link Engine}, {@link Predictor} and {@link Trainer}.
 */
package sc.fiji.spyhop.engine;
