package sc.fiji.spyhop.network;

import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.plugin.Extension;
import sc.fiji.spyhop.plugin.Kind;

/**
 * A layer without weights that a jar brings, for what no formula can say: a class with the
 * annotation {@code @Plugin(type = LayerPlugin.class, name = "mish")} and a constructor without
 * parameters. Architectures name it as {@code [mish()]}. Several threads may call it at once.
 */
@Kind("layer")
public interface LayerPlugin extends Extension {

  /** Number of channels of what comes out; as many as go in, unless said otherwise. */
  default int channels(int in) {
    return in;
  }

  /**
   * Computes the layer. Values lie sample by sample, channel by channel, place by place.
   *
   * @param sizes of what goes in
   * @param x what goes in, to be left as it is
   * @param y to be filled; as many places, and {@link #channels} channels
   */
  void forward(Dimensions sizes, float[] x, float[] y);

  /**
   * Takes gradients back.
   *
   * @param sizes of what went in
   * @param x what went in, to be left as it is
   * @param gradient derivative with respect to each value that came out
   * @param back to be filled with the derivative with respect to each value that went in
   */
  void backward(Dimensions sizes, float[] x, float[] gradient, float[] back);
}
