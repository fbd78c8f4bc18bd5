package sc.fiji.spyhop.engine.graph;

import java.nio.FloatBuffer;

/**
 * A layer without weights that moves or mixes the values of its input, always in the same shares:
 * computed in Java, whichever engine runs the network around it. Values lie sample by sample,
 * channel by channel, row by row. Thread safe.
 */
public interface LinearMap {

  /**
   * Computes the layer.
   *
   * @param in shape of what goes in: samples, channels and, of maps, rows and columns
   * @param out shape of what comes out
   * @param y to be filled
   */
  void forward(int[] in, FloatBuffer x, int[] out, FloatBuffer y);

  /**
   * Takes gradients back.
   *
   * @param in shape of what goes in
   * @param back to be filled with gradients with respect to what went in
   * @param out shape of what comes out
   * @param gradient with respect to what came out
   */
  void backward(int[] in, FloatBuffer back, int[] out, FloatBuffer gradient);
}
