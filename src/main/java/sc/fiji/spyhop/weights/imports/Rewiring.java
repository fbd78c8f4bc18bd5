package sc.fiji.spyhop.weights.imports;

import java.util.List;
import sc.fiji.spyhop.network.Layer;

/** The same operation under another name, fed by others. */
public final class Rewiring {

  private Rewiring() {}

  /**
   * @param inputs as many as the layer has
   */
  public static Layer of(Layer layer, String name, List<String> inputs) {
    String in = inputs.get(0);
    if (layer instanceof Layer.Convolution l) {
      return new Layer.Convolution(
          name,
          in,
          l.channels(),
          l.filters(),
          l.kernel(),
          l.stride(),
          l.dilation(),
          l.padding(),
          l.bias(),
          l.groups());
    } else if (layer instanceof Layer.TransposedConvolution l) {
      return new Layer.TransposedConvolution(
          name, in, l.channels(), l.filters(), l.kernel(), l.stride(), l.padding(), l.bias());
    } else if (layer instanceof Layer.BatchNorm l) {
      return new Layer.BatchNorm(name, in, l.channels(), l.epsilon(), l.momentum());
    } else if (layer instanceof Layer.Activation l) {
      return new Layer.Activation(name, in, l.function());
    } else if (layer instanceof Layer.Pooling l) {
      return new Layer.Pooling(
          name,
          in,
          l.kind(),
          l.kernel(),
          l.stride(),
          l.padding(),
          l.ceilMode(),
          l.countIncludePad());
    } else if (layer instanceof Layer.GlobalPooling l) {
      return new Layer.GlobalPooling(name, in, l.kind());
    } else if (layer instanceof Layer.Upsampling l) {
      return new Layer.Upsampling(name, in, l.factor(), l.interpolation());
    } else if (layer instanceof Layer.Dense l) {
      return new Layer.Dense(name, in, l.features(), l.units(), l.bias());
    } else if (layer instanceof Layer.Dropout l) {
      return new Layer.Dropout(name, in, l.rate());
    } else if (layer instanceof Layer.Concat) {
      return new Layer.Concat(name, inputs);
    } else if (layer instanceof Layer.Add) {
      return new Layer.Add(name, inputs);
    } else if (layer instanceof Layer.Multiply) {
      return new Layer.Multiply(name, inputs);
    } else if (layer instanceof Layer.Flatten) {
      return new Layer.Flatten(name, in);
    } else if (layer instanceof Layer.PRelu l) {
      return new Layer.PRelu(name, in, l.channels());
    } else if (layer instanceof Layer.LocalResponseNorm l) {
      return new Layer.LocalResponseNorm(name, in, l.size(), l.alpha(), l.beta(), l.k());
    }
    throw new AssertionError(layer);
  }
}
