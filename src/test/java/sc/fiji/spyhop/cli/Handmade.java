package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** Models whose weights are written down, so that what they say is known. */
public final class Handmade {

  private Handmade() {}

  /**
   * Writes a model of one channel.
   *
   * @param white pixel value that the network is shown as 1; 0 is shown as 0
   * @param values of all weights, by name
   * @return its file, named after it
   */
  public static Path write(
      Path folder,
      String name,
      Task<?, ?> task,
      Network network,
      Resize fit,
      double white,
      Map<String, float[]> values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter p : Parameters.of(network)) {
      int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
      tensors.put(p.name(), new Tensor(p.axes(), shape, values.get(p.name())));
    }
    ModelSpec spec =
        new ModelSpec(
            name,
            "For tests: made by hand.",
            task,
            new ModelSpec.Input(
                Axes.NCHW,
                1,
                Colors.NONE,
                fit,
                new Normalization.Fixed(List.of(0.0), List.of(1 / white)),
                PixelSize.UNCALIBRATED),
            new ModelSpec.Inference(64, 0),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    Path file = folder.resolve(name + ModelFile.EXTENSION);
    ModelFile.write(new Model(spec, network, new Weights(tensors), Optional.empty()), file);
    return file;
  }
}
