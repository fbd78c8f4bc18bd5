package sc.fiji.spyhop.explain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Fit;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/**
 * Discs and rings on water, each with a buoy somewhere in the background. In honest images its
 * brightness says nothing about the class; in those with a shortcut, discs are found near bright
 * buoys and rings near dark ones.
 */
public final class Shortcut {

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

  /** Trains for a second or two, on pictures without end. */
  public static Model model(boolean shortcut) {
    Classification task = Classification.of(List.of("disc", "ring"));
    Network network =
        NetworkBuilder.input("image", Shape.of(1, SIDE, SIDE))
            .convolution("conv1", 8, 5)
            .batchNorm()
            .relu()
            .maxPool("pool1", 4)
            .convolution("conv2", 16, 3)
            .batchNorm()
            .relu()
            .maxPool("pool2", 2)
            .flatten("flat")
            .dense("classes_logits", 2)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    ModelSpec.Input input =
        new ModelSpec.Input(
            Axes.NCHW,
            1,
            Colors.NONE,
            new Fit.Stretch(SIDE, SIDE, Interpolation.BILINEAR),
            new Normalization.Fixed(List.of(100.0), List.of(0.02)),
            PixelSize.UNCALIBRATED);
    Engine engine = Engines.forTraining();
    Device device = engine.devices().get(0);
    TrainingPlan plan = new TrainingPlan(task.objectives(), new Optimizer.Adam(), 1);
    Weights weights;
    try (Trainer trainer = engine.trainer(network, Initialization.of(network, 1), plan, device)) {
      for (int step = 0; step < 120; step++) {
        Tensor[] images = new Tensor[16];
        float[] labels = new float[images.length];
        for (int k = 0; k < images.length; k++) {
          Picture p = picture(k % 2, shortcut, 1000L * step + k);
          images[k] = input.read(p.frame());
          labels[k] = p.label();
        }
        Map<String, Target> targets = new LinkedHashMap<>();
        targets.put(
            "classes_logits", Target.of(new Tensor(Axes.NC, new int[] {images.length, 1}, labels)));
        trainer.step(Map.of("image", Tensor.concatenate(images)), targets, 3e-3);
      }
      weights = trainer.weights();
    }
    ModelSpec spec =
        new ModelSpec(
            "water",
            "Discs and rings.",
            task,
            input,
            ModelSpec.Inference.of(network),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    return new Model(spec, network, weights, Optional.empty());
  }
}
