package sc.fiji.spyhop.expression;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * What a layer computes in Java, whichever engine runs the network around it. Values lie sample by
 * sample, channel by channel, place by place. Of several inputs, those with one channel count for
 * all channels of the others, and those with one place for all places. Thread safe.
 */
public interface LayerFunction {

  /**
   * Number of channels of what comes out.
   *
   * @param in those of each input
   * @throws sc.fiji.spyhop.SpyhopException if it cannot work on so many
   */
  int channels(List<Integer> in);

  /**
   * Whether each value that comes out, and its derivative, hangs on the same values of the inputs
   * alone, if these are of one shape, so that values may lie in any order, and results may take the
   * place of what they are made of.
   */
  boolean isElementWise();

  /**
   * Computes the layer.
   *
   * @param y to be filled
   */
  void forward(List<Operand> in, FloatBuffer y);

  /**
   * Takes gradients back to an input.
   *
   * @param gradient with respect to what came out
   * @param of number of that input
   * @param back to be filled with those with respect to it
   */
  void backward(List<Operand> in, FloatBuffer gradient, int of, FloatBuffer back);
}
