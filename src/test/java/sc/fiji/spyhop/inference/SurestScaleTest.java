package sc.fiji.spyhop.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.ObjectSizes;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.pipeline.FakeEngine;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.task.ObjectCenters;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.decode.Components;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;

class SurestScaleTest {

  private static final double KNOWN = 16;
  private static final ObjectSizes SIZES = new ObjectSizes(8, KNOWN, 30);

  /** Bright discs on a grid, some of them if so many are wanted. */
  private static Frame discs(int width, int height, double diameter, int max) {
    float[] values = new float[width * height];
    int step = (int) (2 * diameter);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double dx = (x + 0.5) % step - step / 2.0;
        double dy = (y + 0.5) % step - step / 2.0;
        boolean wanted = y / step * (width / step) + x / step < max && x / step < width / step;
        if (wanted && dx * dx + dy * dy < diameter * diameter / 4) values[y * width + x] = 1;
      }
    }
    return new Frame(
        "discs.tif", ArrayImgs.floats(values, width, height, 1), PixelSize.UNCALIBRATED);
  }

  /**
   * Knows discs of one diameter: surest of those, unsure of others, blind for those of half or
   * double of it; and what it says of sizes is always too near to what it knows.
   */
  private static List<Tensor> network(Tensor input) {
    int w = input.size('W');
    int h = input.size('H');
    float[] in = input.data();
    int[] labels = new int[w * h];
    int n = Components.pieces(i -> in[i] > 0.5f ? 1 : 0, w, h, 4, labels);
    int[] area = new int[n + 1];
    long[] x = new long[n + 1];
    long[] y = new long[n + 1];
    for (int i = 0; i < labels.length; i++) {
      area[labels[i]]++;
      x[labels[i]] += i % w;
      y[labels[i]] += i / w;
    }
    Tensor center = Tensor.zeros(Axes.NCHW, 1, 1, h, w);
    Tensor box = Tensor.zeros(Axes.NCHW, 1, 4, h, w);
    for (int label = 1; label <= n; label++) {
      double octaves = Math.log(Diameters.ofArea(area[label]) / KNOWN) / Math.log(2);
      int at = (int) (y[label] / area[label]) * w + (int) (x[label] / area[label]);
      center.data()[at] = (float) Math.max(0, 0.8 - 0.5 * Math.abs(octaves));
      float side = (float) Math.log(KNOWN * Math.pow(2, octaves / 2));
      box.data()[2 * w * h + at] = side;
      box.data()[3 * w * h + at] = side;
    }
    return List.of(center, box);
  }

  private static Model model(double fit, ObjectSizes sizes) {
    Network network =
        NetworkBuilder.image(1)
            .convolution("center_logits", 1, 1)
            .activation(ObjectCenters.CENTER, Layer.Function.SIGMOID)
            .from("image")
            .convolution(ObjectCenters.BOX, 4, 1)
            .build(ObjectCenters.CENTER, ObjectCenters.BOX);
    ModelSpec.Input input =
        new ModelSpec.Input(
                Axes.NCHW,
                1,
                Colors.NONE,
                new Resize.Scaled(fit, 1),
                new Normalization.Fixed(List.of(0.0), List.of(1.0)),
                PixelSize.UNCALIBRATED)
            .withObjects(sizes);
    ModelSpec spec =
        new ModelSpec(
            "discs",
            "",
            ObjectCenters.of(List.of("disc"), 1).withThreshold(0.35),
            input,
            ModelSpec.Inference.of(network),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    return new Model(spec, network, Initialization.of(network, 3), Optional.empty());
  }

  private static ShownScale scale(Model model, Scaling scaling, Frame... frames) {
    try (Runner<Annotation> runner =
        Runner.of(
            model,
            TaskKind.LOCALIZATION,
            Runner.Options.DEFAULT.withScaling(scaling).withThreshold(1),
            new FakeEngine(SurestScaleTest::network),
            FakeEngine.DEVICE)) {
      return runner.scale(Arrays.asList(frames), Progress.NONE);
    }
  }

  private static ShownScale auto(Frame frame) {
    return scale(model(1, SIZES), Scaling.AUTO, frame);
  }

  @ParameterizedTest
  @CsvSource({"6, 200, 160", "8, 200, 160", "30, 400, 300", "60, 700, 600", "120, 900, 700"})
  void findsTheSizeOfObjects(double diameter, int width, int height) {
    ShownScale found = auto(discs(width, height, diameter, 1000));
    assertEquals(KNOWN / diameter, found.factor(), 0.15 * KNOWN / diameter);
    assertEquals(ShownScale.Origin.IMAGE, found.origin());
  }

  @ParameterizedTest
  @CsvSource({"14, 1000", "16, 1000", "19, 1000", "16, 1", "19, 1"})
  void anImageThatFitsIsShownAsItIs(double diameter, int count) {
    assertEquals(ShownScale.SAME, auto(discs(300, 200, diameter, count)));
  }

  @Test
  void anImageWithoutObjectsIsShownAsItIs() {
    assertEquals(ShownScale.SAME, auto(discs(300, 200, 16, 0)));
    ObjectSizes unknown = ObjectSizes.UNKNOWN;
    Frame large = discs(300, 200, 40, 1000);
    assertEquals(ShownScale.SAME, scale(model(1, unknown), Scaling.AUTO, large));
    var coarse = ArrayImgs.unsignedBytes(2600, 2600, 1);
    Frame plain = new Frame("large.tif", coarse, PixelSize.UNCALIBRATED);
    assertEquals(ShownScale.SAME, scale(model(1 / 40.0, SIZES), Scaling.AUTO, plain));
    double one = scale(model(1, SIZES), Scaling.AUTO, discs(300, 200, 40, 1)).factor();
    assertEquals(0.4, one, 0.06, "one object that it is sure of");
  }

  /** Sizes that a model knows are of what it is shown; scales come on top of its own. */
  @Test
  void theModelsOwnScaleCounts() {
    Model half = model(0.5, SIZES);
    assertEquals(ShownScale.SAME, scale(half, Scaling.AUTO, discs(400, 300, 32, 1000)));
    ShownScale found = scale(half, Scaling.AUTO, discs(900, 700, 64, 1000));
    assertEquals(0.5, found.factor(), 0.06);
    assertEquals(64, found.diameter().orElseThrow(), 8);
    Frame any = discs(100, 100, 40, 1);
    assertEquals(1, scale(half, new Scaling.Diameter(32, ""), any).factor(), 1e-12);
    assertEquals(2, scale(half, new Scaling.Diameter(16, ""), any).factor(), 1e-12);
  }

  /** Which would take four times as long as the image itself. */
  @Test
  void anImageWithLargeObjectsIsNotEnlarged() {
    AtomicInteger widest = new AtomicInteger();
    try (Runner<Annotation> runner =
        Runner.of(
            model(1, SIZES),
            TaskKind.LOCALIZATION,
            Runner.Options.DEFAULT,
            new FakeEngine(
                input -> {
                  widest.accumulateAndGet(input.size('W'), Math::max);
                  return network(input);
                }),
            FakeEngine.DEVICE)) {
      Frame image = discs(400, 300, 60, 1000);
      double factor = runner.scale(List.of(image), Progress.NONE).factor();
      assertEquals(KNOWN / 60, factor, 0.15 * KNOWN / 60);
    }
    assertEquals(400, widest.get());
  }
}
