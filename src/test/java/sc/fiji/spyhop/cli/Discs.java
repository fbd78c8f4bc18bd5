package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Images of bright cones, and a model written by hand that finds them: the brightness of a pixel,
 * from 0 to 1, is its depth, and above about a half it belongs to an object.
 */
public final class Discs {

  private static final double RADIUS = 12;

  private Discs() {}

  /** Writes the model; its file. */
  public static Path model(Path folder) {
    Network network =
        NetworkBuilder.image(1)
            .convolution("object_logits", 1, 1)
            .activation("object", Layer.Function.SIGMOID)
            .from("image")
            .convolution("depth", 1, 1)
            .build("object", "depth");
    Map<String, Float> values =
        Map.of(
            "object_logits.weight",
            20f,
            "object_logits.bias",
            -10f,
            "depth.weight",
            1f,
            "depth.bias",
            0f);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Parameters.of(network)
        .forEach(
            p ->
                tensors.put(
                    p.name(),
                    new Tensor(
                        p.axes(),
                        p.shape().stream().mapToInt(Integer::intValue).toArray(),
                        new float[] {values.get(p.name())})));
    ModelSpec spec =
        new ModelSpec(
            "discs",
            "Finds bright cones.",
            InstanceSegmentation.of("disc"),
            new ModelSpec.Input(
                Axes.NCHW,
                1,
                new Normalization.Fixed(List.of(0.0), List.of(1 / 200.0)),
                PixelSize.UNCALIBRATED),
            new ModelSpec.Inference(64, 0),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    Path file = folder.resolve("discs.spyhop");
    ModelFile.write(new Model(spec, network, new Weights(tensors), Optional.empty()), file);
    return file;
  }

  /** A plane with a cone of radius 12 at each centre (x, y). */
  public static ByteProcessor plane(int width, int height, int[]... centres) {
    ByteProcessor plane = new ByteProcessor(width, height);
    for (int[] c : centres) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          double r = Math.hypot(x - c[0], y - c[1]);
          if (r < RADIUS) plane.set(x, y, (int) Math.round(200 * (1 - r / RADIUS)));
        }
      }
    }
    return plane;
  }

  /** Writes an image of two discs, at (20, 20) and (50, 30), half a micrometre per pixel. */
  public static Path two(Path file) {
    ImagePlus image = new ImagePlus("two", plane(70, 50, new int[] {20, 20}, new int[] {50, 30}));
    image.getCalibration().pixelWidth = 0.5;
    image.getCalibration().pixelHeight = 0.5;
    image.getCalibration().setUnit("um");
    LabelImages.save(image, file);
    return file;
  }

  /** Writes a stack of three slices with one, two and no discs. */
  public static Path stack(Path file) {
    ImageStack stack = new ImageStack(70, 50);
    stack.addSlice(plane(70, 50, new int[] {20, 20}));
    stack.addSlice(plane(70, 50, new int[] {20, 20}, new int[] {50, 30}));
    stack.addSlice(plane(70, 50));
    ImagePlus image = new ImagePlus("stack", stack);
    image.setDimensions(1, 3, 1);
    LabelImages.save(image, file);
    return file;
  }
}
