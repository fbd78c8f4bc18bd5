package sc.fiji.spyhop.engine.normalization;

import java.nio.FloatBuffer;

/**
 * Values that get mean 0 and variance 1, {@code (x - mean) / sqrt(variance + epsilon)}, and then a
 * weight and bias of their channel. Statistics are taken in two passes over runs of values that are
 * joined in double precision (Chan et al. 1983), so that a large mean costs no digits; they do not
 * hang on the number of processors. Works with all cores. Thread safe.
 */
public interface MapNormalization {

  /**
   * Computes the layer.
   *
   * @param order of both maps
   * @param weight a factor for each channel
   * @param bias a summand for each channel
   * @param y to be filled; may be {@code x}
   */
  void forward(ValueOrder order, FloatBuffer x, float[] weight, float[] bias, FloatBuffer y);

  /**
   * Takes gradients back.
   *
   * @param order of all maps
   * @param gradient with respect to what came out
   * @param back to be filled with those with respect to what went in; may be {@code gradient}
   * @return gradients with respect to weight and bias
   */
  ParameterGradients backward(
      ValueOrder order, FloatBuffer x, FloatBuffer gradient, float[] weight, FloatBuffer back);

  /** One value of each for every channel. */
  record ParameterGradients(float[] weight, float[] bias) {

    static ParameterGradients of(double[] weight, double[] bias) {
      return new ParameterGradients(floats(weight), floats(bias));
    }

    private static float[] floats(double[] values) {
      float[] all = new float[values.length];
      for (int i = 0; i < all.length; i++) all[i] = (float) values[i];
      return all;
    }
  }
}
