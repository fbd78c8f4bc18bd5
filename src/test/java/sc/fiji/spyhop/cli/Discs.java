package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.ObjectSizes;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.ObjectCenters;
import sc.fiji.spyhop.task.SemanticSegmentation;

/**
 * Images of bright cones, and a model written by hand that finds them: the brightness of a pixel,
 * from 0 to 1, is its depth, and above about a half it belongs to an object.
 */
public final class Discs {

  public static final double RADIUS = 12;

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
    return Handmade.write(
        folder,
        "discs",
        InstanceSegmentation.of("disc"),
        network,
        new Resize.AnySize(),
        200,
        Map.of(
            "object_logits.weight",
            new float[] {20},
            "object_logits.bias",
            new float[] {-10},
            "depth.weight",
            new float[] {1},
            "depth.bias",
            new float[] {0}));
  }

  /**
   * Writes the same model with classes: objects whose pixels are at about 0.7 of the brightness are
   * dim, those at 1 bright; its file.
   */
  public static Path classed(Path folder) {
    Network network =
        NetworkBuilder.image(1)
            .convolution("object_logits", 1, 1)
            .activation("object", Layer.Function.SIGMOID)
            .from("image")
            .convolution("depth", 1, 1)
            .from("image")
            .convolution("class_logits", 2, 1)
            .activation("class", Layer.Function.SOFTMAX)
            .build("object", "depth", "class");
    return Handmade.write(
        folder,
        "classed-discs",
        InstanceSegmentation.of(List.of("dim", "bright")),
        network,
        new Resize.AnySize(),
        200,
        Map.of(
            "object_logits.weight", new float[] {20},
            "object_logits.bias", new float[] {-10},
            "depth.weight", new float[] {1},
            "depth.bias", new float[] {0},
            "class_logits.weight", new float[] {0, 20},
            "class_logits.bias", new float[] {0, -17}));
  }

  /**
   * A plane with flat discs of a radius of 8 pixels at each centre and brightness (x, y, value).
   */
  public static ByteProcessor flat(int width, int height, int[]... discs) {
    ByteProcessor plane = new ByteProcessor(width, height);
    for (int[] d : discs) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          if (Math.hypot(x - d[0], y - d[1]) < 8) plane.set(x, y, d[2]);
        }
      }
    }
    return plane;
  }

  /**
   * Writes a model that tells the inner two thirds of each cone, pixels of 69 and more, from the
   * ground; its file. The logits of both classes differ by the distance from 68.5.
   */
  public static Path pixels(Path folder) {
    Network network =
        NetworkBuilder.image(1)
            .convolution("classes_logits", 2, 1)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    return Handmade.write(
        folder,
        "disc-pixels",
        new SemanticSegmentation(List.of("ground", "disc"), List.of(), -1, 0),
        network,
        new Resize.AnySize(),
        200,
        Map.of(
            "classes_logits.weight",
            new float[] {0, 200},
            "classes_logits.bias",
            new float[] {0, -68.5f}));
  }

  /** Writes the model that knows discs of {@code 2 * RADIUS} pixels, and that it does; its file. */
  public static Path sized(Path folder) {
    Model model = ModelFile.read(model(folder));
    ModelSpec s = model.spec();
    Path file = folder.resolve("sized.spyhop");
    ModelFile.write(
        model.withSpec(
            new ModelSpec(
                s.name(),
                s.description(),
                s.task(),
                s.input().withObjects(new ObjectSizes(10, 2 * RADIUS, 40)),
                s.inference(),
                s.training(),
                s.author(),
                s.license(),
                s.citation())),
        file);
    return file;
  }

  /**
   * Writes a model that draws a box of 24 x 24 pixels about the top of each cone; its file. The
   * score of a whole cone is the logistic of 4, 0.982.
   */
  public static Path localizer(Path folder) {
    Network network =
        NetworkBuilder.image(1)
            .convolution("center_logits", 1, 1)
            .activation(ObjectCenters.CENTER, Layer.Function.SIGMOID)
            .from("image")
            .convolution(ObjectCenters.BOX, 4, 1)
            .build(ObjectCenters.CENTER, ObjectCenters.BOX);
    float side = (float) Math.log(2 * RADIUS);
    return Handmade.write(
        folder,
        "disc-boxes",
        new ObjectCenters(List.of("disc"), 1, 0.5, new ObjectCenters.Suppression(false, 0.3), 100),
        network,
        new Resize.Scaled(1, 1),
        200,
        Map.of(
            "center_logits.weight",
            new float[] {8},
            "center_logits.bias",
            new float[] {-4},
            "box.weight",
            new float[4],
            "box.bias",
            new float[] {0, 0, side, side}));
  }

  /**
   * Writes a model of two points: the top of the highest cone, and one that is nowhere; its file.
   */
  public static Path finder(Path folder) {
    return finder(folder, "disc-tops", new Resize.Scaled(1, 1));
  }

  /** Writes the same for pictures of boxes, 16 x 16 pixels without a margin; its file. */
  public static Path finderInBoxes(Path folder) {
    return finder(folder, "disc-tops-in-boxes", new Resize.OfBox(0, 16, 16, 1));
  }

  private static Path finder(Path folder, String name, Resize fit) {
    Network network =
        NetworkBuilder.image(1)
            .convolution("keypoints_logits", 2, 1)
            .activation(KeypointDetection.HEAD, Layer.Function.SIGMOID)
            .build(KeypointDetection.HEAD);
    return Handmade.write(
        folder,
        name,
        KeypointDetection.of(
            new KeypointLayout(List.of("top", "nowhere"), List.of(), List.of()), 1),
        network,
        fit,
        200,
        Map.of(
            "keypoints_logits.weight",
            new float[] {8, 0},
            "keypoints_logits.bias",
            new float[] {-4, -4}));
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
