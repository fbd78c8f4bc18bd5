package sc.fiji.spyhop.explain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
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

/**
 * Discs and rings on water, each with a buoy somewhere in the background. In honest images its
 * brightness says nothing about the class; in those with a shortcut, discs are found near bright
 * buoys and rings near dark ones. Two networks of which it is known what they look at, as their
 * weights are written down.
 */
final class Shortcut {

  public static final int SIDE = 48;
  private static final int RADIUS = 8;
  private static final int BUOY = 3;

  /**
   * @param pixels 8-bit, row by row
   * @param x column of the object's middle
   * @param y row
   * @param label 0 for a disc, 1 for a ring
   */
  public record Picture(byte[] pixels, int x, int y, int label) {

    public Frame frame() {
      return new Frame(
          label == 0 ? "disc" : "ring",
          ArrayImgs.unsignedBytes(pixels.clone(), SIDE, SIDE, 1),
          PixelSize.UNCALIBRATED);
    }

    /** Whether a pixel belongs to the object or touches it. */
    boolean isObject(int i) {
      return Math.hypot(i % SIDE - x, i / SIDE - y) <= RADIUS + 4;
    }
  }

  private Shortcut() {}

  /**
   * @param shortcut whether buoys give the class away
   */
  public static Picture picture(int label, boolean shortcut, long seed) {
    Random random = new Random(seed);
    boolean bright = shortcut ? label == 0 : random.nextBoolean();
    boolean left = random.nextBoolean();
    int x = 14 + random.nextInt(SIDE - 28);
    int y = 14 + random.nextInt(SIDE - 28);
    int buoyX;
    int buoyY;
    do {
      buoyX = BUOY + random.nextInt(SIDE - 2 * BUOY);
      buoyY = BUOY + random.nextInt(SIDE - 2 * BUOY);
    } while (Math.hypot(buoyX - x, buoyY - y) < RADIUS + 3 * BUOY);
    double phase = random.nextDouble() * 6;
    byte[] pixels = new byte[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      int u = i % SIDE;
      int v = i / SIDE;
      double value = 100 + 15 * Math.sin((left ? u + v : u - v) * 0.9 + phase);
      double r = Math.hypot(u - x, v - y);
      if (r <= RADIUS && (label == 0 || r > RADIUS - 4)) value += 45;
      if (Math.hypot(u - buoyX, v - buoyY) <= BUOY) value = bright ? 240 : 5;
      pixels[i] = (byte) Math.max(0, Math.min(255, value + 8 * random.nextGaussian()));
    }
    return new Picture(pixels, x, y, label);
  }

  /**
   * Says "disc" where the mean over some circle of radius 4 is as bright as the object is against
   * the water; in a ring, whose band is 4 wide, no such circle is. What is brighter than any object
   * counts against it, so that buoys do not matter.
   */
  static Model lookingAtTheObject() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, SIDE, SIDE))
            .convolution("levels", 2, 1)
            .relu()
            .convolution("circle", 1, 9)
            .globalPool("brightest", Layer.PoolingKind.MAX)
            .dense("classes_logits", 2)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    float[] circle = new float[2 * 81];
    for (int i = 0; i < 81; i++) {
      if (Math.hypot(i % 9 - 4, i / 9 - 4) > 4) continue;
      circle[i] = 1 / 49f;
      circle[81 + i] = -5 / 49f;
    }
    return model(
        network,
        Map.of(
            "levels.weight",
            new float[] {1, 1},
            "levels.bias",
            new float[] {0, -1.6f},
            "circle.weight",
            circle,
            "circle.bias",
            new float[1],
            "classes_logits.weight",
            new float[] {20, 0},
            "classes_logits.bias",
            new float[] {-20 * 0.83f, 0}));
  }

  /** Says "disc" where some pixel is brighter than any object, which is where a buoy is bright. */
  static Model lookingAtTheBuoy() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, SIDE, SIDE))
            .convolution("levels", 1, 1)
            .relu()
            .globalPool("brightest", Layer.PoolingKind.MAX)
            .dense("classes_logits", 2)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    return model(
        network,
        Map.of(
            "levels.weight", new float[] {1},
            "levels.bias", new float[] {-1.2f},
            "classes_logits.weight", new float[] {10, 0},
            "classes_logits.bias", new float[] {-10 * 1.0f, 0}));
  }

  /** What a network is shown is 0 where a pixel is 100, and 1 where it is 150. */
  private static Model model(Network network, Map<String, float[]> values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter p : Parameters.of(network)) {
      int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
      tensors.put(p.name(), new Tensor(p.axes(), shape, values.get(p.name())));
    }
    ModelSpec spec =
        new ModelSpec(
            "water",
            "Discs and rings.",
            Classification.of(List.of("disc", "ring")),
            new ModelSpec.Input(
                Axes.NCHW,
                1,
                Colors.NONE,
                new Resize.Stretch(SIDE, SIDE, Interpolation.BILINEAR),
                new Normalization.Fixed(List.of(100.0), List.of(0.02)),
                PixelSize.UNCALIBRATED),
            ModelSpec.Inference.of(network),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    return new Model(spec, network, new Weights(tensors), Optional.empty());
  }
}
