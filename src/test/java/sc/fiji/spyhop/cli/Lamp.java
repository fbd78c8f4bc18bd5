package sc.fiji.spyhop.cli;

import ij.process.ByteProcessor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** A bright spot in the dark, and a model written by hand that says whether there is one. */
public final class Lamp {

  private Lamp() {}

  /** Writes the model, whose logit for "on" grows with the brightest pixel; its file. */
  public static Path model(Path folder) {
    Network network =
        NetworkBuilder.image(1)
            .globalPool("brightest", Layer.PoolingKind.MAX)
            .dense("classes_logits", 2)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    Map<String, float[]> values =
        Map.of(
            "classes_logits.weight",
            new float[] {0, 8},
            "classes_logits.bias",
            new float[] {0, -4});
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Parameters.of(network)
        .forEach(
            p ->
                tensors.put(
                    p.name(),
                    new Tensor(
                        p.axes(),
                        p.shape().stream().mapToInt(Integer::intValue).toArray(),
                        values.get(p.name()))));
    ModelSpec spec =
        new ModelSpec(
            "lamp",
            "Says whether a lamp is on.",
            Classification.of(List.of("off", "on")),
            new ModelSpec.Input(
                Axes.NCHW,
                1,
                new Normalization.Fixed(List.of(0.0), List.of(1 / 255.0)),
                PixelSize.UNCALIBRATED),
            new ModelSpec.Inference(64, 0),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    Path file = folder.resolve("lamp.spyhop");
    ModelFile.write(new Model(spec, network, new Weights(tensors), Optional.empty()), file);
    return file;
  }

  /** Dark but for a lamp of 3 x 3 pixels about a place. */
  public static ByteProcessor plane(int width, int height, int x, int y) {
    ByteProcessor plane = new ByteProcessor(width, height);
    for (int v = -1; v <= 1; v++) for (int u = -1; u <= 1; u++) plane.set(x + u, y + v, 255);
    return plane;
  }
}
