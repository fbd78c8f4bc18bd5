package sc.fiji.spyhop.generate.fooling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** Models of one layer, whose weights are written down. */
final class Linear {

  private Linear() {}

  /**
   * A model whose logits are sums of what it is shown.
   *
   * @param weights for each class those of all values that it is shown
   */
  static Model model(
      int channels, Colors colors, Resize fit, Normalization normalization, float[]... weights) {
    Resize.View shown = fit.view(1, 1);
    Network network =
        NetworkBuilder.input("image", Shape.of(channels, shown.height(), shown.width()))
            .flatten("flat")
            .dense("classes_logits", weights.length)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    float[] all = new float[weights.length * weights[0].length];
    for (int c = 0; c < weights.length; c++) {
      System.arraycopy(weights[c], 0, all, c * weights[0].length, weights[0].length);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter p : Parameters.of(network)) {
      int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
      float[] values = p.name().endsWith("bias") ? new float[weights.length] : all;
      tensors.put(p.name(), new Tensor(p.axes(), shape, values));
    }
    ModelSpec spec =
        new ModelSpec(
            "linear",
            "For tests.",
            Classification.of(List.of("a", "b", "c", "d").subList(0, weights.length)),
            new ModelSpec.Input(
                Axes.NCHW, channels, colors, fit, normalization, PixelSize.UNCALIBRATED),
            ModelSpec.Inference.of(network),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    return new Model(spec, network, new Weights(tensors), Optional.empty());
  }
}
