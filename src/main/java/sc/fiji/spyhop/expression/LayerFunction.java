package sc.fiji.spyhop.expression;

import java.nio.FloatBuffer;

/**
 * What a layer computes in Java, whichever engine runs the network around it. Values lie sample by
 * sample, channel by channel, place by place. Thread safe.
 */
public interface LayerFunction {

  /**
   * Number of channels of what comes out.
   *
   * @throws sc.fiji.spyhop.SpyhopException if it cannot work on so many
   */
  int channels(int in);

  /**
   * Whether each value that comes out, and its derivative, hangs on the same value that goes in
   * alone, so that values may lie in any order, and results may take the place of what they are
   * made of.
   */
  boolean isElementWise();

  /**
   * Computes the layer.
   *
   * @param sizes of what goes in
   * @param y to be filled
   */
  void forward(Dimensions sizes, FloatBuffer x, FloatBuffer y);

  /**
   * Takes gradients back.
   *
   * @param sizes of what goes in
   * @param gradient with respect to what came out
   * @param back to be filled with those with respect to what went in
   */
  void backward(Dimensions sizes, FloatBuffer x, FloatBuffer gradient, FloatBuffer back);
}
