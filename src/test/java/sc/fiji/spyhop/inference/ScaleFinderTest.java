package sc.fiji.spyhop.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.ObjectSizes;
import sc.fiji.spyhop.model.TestModels;
import sc.fiji.spyhop.pipeline.FakeEngine;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.decode.Components;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class ScaleFinderTest {

  private static final double KNOWN = 16;

  /** Bright discs on a grid. */
  private static Frame discs(int width, int height, double diameter, PixelSize size) {
    float[] values = new float[width * height];
    double step = 2 * diameter;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double dx = (x + 0.5) % step - diameter;
        double dy = (y + 0.5) % step - diameter;
        if (dx * dx + dy * dy < diameter * diameter / 4) values[y * width + x] = 1;
      }
    }
    return new Frame("discs.tif", ArrayImgs.floats(values, width, height, 1), size);
  }

  /**
   * Knows what is bright and how large it is, but sees sizes from half to double of its own only.
   */
  private static List<Tensor> network(Tensor input) {
    int w = input.size('W');
    int h = input.size('H');
    float[] in = input.data();
    int[] labels = new int[w * h];
    int n = Components.pieces(i -> in[i] > 0.5f ? 1 : 0, w, h, 4, labels);
    int[] area = new int[n + 1];
    for (int label : labels) area[label]++;
    Tensor object = Tensor.zeros(Axes.NCHW, 1, 1, h, w);
    Tensor depth = Tensor.zeros(Axes.NCHW, 1, 1, h, w);
    Tensor size = Tensor.zeros(Axes.NCHW, 1, 1, h, w);
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == 0) continue;
      double seen = Diameters.ofArea(area[labels[i]]);
      double told = Math.max(KNOWN / 2, Math.min(2 * KNOWN, seen));
      object.data()[i] = 1;
      depth.data()[i] = 1;
      size.data()[i] = (float) (Math.log(told / 16) / Math.log(2));
    }
    return List.of(object, depth, size);
  }

  private static Model model(PixelSize pixels, ObjectSizes sizes) {
    return model(new Resize.AnySize(), pixels, sizes);
  }

  private static Model model(Resize fit, PixelSize pixels, ObjectSizes sizes) {
    InstanceSegmentation task = InstanceSegmentation.of("disc").withSizes();
    Model m = TestModels.unet("sized", task, 1, 512, 8);
    ModelSpec s = m.spec();
    ModelSpec.Input input =
        new ModelSpec.Input(
                Axes.NCHW,
                1,
                Colors.NONE,
                fit,
                new Normalization.Fixed(List.of(0.0), List.of(1.0)),
                pixels)
            .withObjects(sizes);
    return m.withSpec(
        new ModelSpec(
            s.name(),
            s.description(),
            task,
            input,
            s.inference(),
            s.training(),
            s.author(),
            s.license(),
            s.citation()));
  }

  private static ShownScale scale(Scaling scaling, PixelSize pixels, Frame... frames) {
    Model model = model(pixels, new ObjectSizes(8, KNOWN, 30));
    try (Runner<Segmentation> runner = runner(model, scaling)) {
      return runner.scale(List.of(frames), Progress.NONE);
    }
  }

  private static Runner<Segmentation> runner(Model model, Scaling scaling) {
    return Runner.of(
        model,
        TaskKind.SEGMENTATION,
        Runner.Options.DEFAULT.withScaling(scaling),
        new FakeEngine(ScaleFinderTest::network),
        FakeEngine.DEVICE);
  }

  private static ShownScale auto(Frame... frames) {
    return scale(Scaling.AUTO, PixelSize.UNCALIBRATED, frames);
  }

  @ParameterizedTest
  @CsvSource({"8, 200, 160", "40, 500, 400", "150, 900, 700", "300, 1300, 1300"})
  void findsTheSizeOfObjects(double diameter, int width, int height) {
    ShownScale found = auto(discs(width, height, diameter, PixelSize.UNCALIBRATED));
    assertEquals(diameter, found.diameter().orElseThrow(), 0.06 * diameter);
    // an enlarged image may be shown in a scale that is nearly right
    double off = diameter < KNOWN ? 0.15 : 0.06;
    assertEquals(KNOWN / diameter, found.factor(), off * KNOWN / diameter);
    assertEquals(ShownScale.Origin.IMAGE, found.origin());
  }

  /** Half size, then the size that fits: the last of them is not computed again. */
  @ParameterizedTest
  @CsvSource({"16, 2", "8, 3", "40, 2"})
  void theNetworkIsNotAskedTwiceForTheSame(double diameter, int times) {
    AtomicInteger asked = new AtomicInteger();
    try (Runner<Segmentation> runner =
        Runner.of(
            model(PixelSize.UNCALIBRATED, new ObjectSizes(8, KNOWN, 30)),
            TaskKind.SEGMENTATION,
            Runner.Options.DEFAULT,
            new FakeEngine(
                input -> {
                  asked.incrementAndGet();
                  return network(input);
                }),
            FakeEngine.DEVICE)) {
      Frame image = discs(200, 160, diameter, PixelSize.UNCALIBRATED);
      double scale = runner.scale(List.of(image), Progress.NONE).factor();
      Segmentation found = runner.predict(image, scale, Progress.NONE);
      assertEquals(times, asked.get());
      assertTrue(found.segments().size() > 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"13", "16", "20"})
  void anImageThatFitsIsShownAsItIs(double diameter) {
    ShownScale found = auto(discs(300, 200, diameter, PixelSize.UNCALIBRATED));
    assertEquals(1, found.factor());
    assertEquals(diameter, found.diameter().orElseThrow(), 0.06 * diameter);
  }

  @Test
  void anImageWithoutObjectsIsShownAsItIs() {
    Frame empty = new Frame("empty.tif", ArrayImgs.floats(200, 100, 1), PixelSize.UNCALIBRATED);
    assertEquals(ShownScale.SAME, auto(empty));
    // planes of a stack are looked at together
    Frame large = discs(400, 400, 40, PixelSize.UNCALIBRATED);
    assertEquals(0.4, auto(empty, large, empty).factor(), 0.03);
  }

  @Test
  void pixelSizesGoBeforeWhatIsSeen() {
    Frame fine = discs(400, 400, 40, new PixelSize(0.25, 0.25, "micron"));
    ShownScale found = scale(Scaling.AUTO, new PixelSize(0.5, 0.5, "um"), fine);
    assertEquals(0.5, found.factor(), 1e-12);
    assertEquals(ShownScale.Origin.CALIBRATION, found.origin());
    assertEquals(
        ShownScale.SAME, scale(Scaling.AUTO, new PixelSize(250, 250, "nm"), fine), "alike");
  }

  @Test
  void aDiameterIsBroughtToThatWhichIsKnown() {
    Frame frame = discs(100, 100, 40, new PixelSize(0.5, 0.5, "micron"));
    PixelSize unknown = PixelSize.UNCALIBRATED;
    assertEquals(0.5, scale(new Scaling.Diameter(32, ""), unknown, frame).factor(), 1e-12);
    assertEquals(0.8, scale(new Scaling.Diameter(10, "um"), unknown, frame).factor(), 1e-12);
    assertEquals(3, scale(new Scaling.Factor(3), unknown, frame).factor());
  }

  @Test
  void aModelThatKnowsNoSizesNeedsAScale() {
    Frame frame = discs(100, 100, 40, PixelSize.UNCALIBRATED);
    Model unknown = model(PixelSize.UNCALIBRATED, ObjectSizes.UNKNOWN);
    try (Runner<Segmentation> runner = runner(unknown, new Scaling.Diameter(32, ""))) {
      SpyhopException e =
          assertThrows(SpyhopException.class, () -> runner.scale(List.of(frame), Progress.NONE));
      assertTrue(e.getMessage().contains("Give a scale instead"), e.getMessage());
    }
    try (Runner<Segmentation> runner = runner(unknown, Scaling.AUTO)) {
      assertEquals(ShownScale.SAME, runner.scale(List.of(frame), Progress.NONE));
    }
  }

  /**
   * A network that sees specks of half the size it knows wherever it looks, the more the larger the
   * image.
   */
  private static List<Tensor> dreaming(Tensor input) {
    int w = input.size('W');
    int h = input.size('H');
    Tensor object = Tensor.zeros(Axes.NCHW, 1, 1, h, w);
    Tensor size = Tensor.zeros(Axes.NCHW, 1, 1, h, w);
    for (int i = 0; i < w * h; i += 10) object.data()[i] = 1;
    Arrays.fill(size.data(), -1);
    return List.of(object, object, size);
  }

  @Test
  void anImageThatFitsInNoScaleIsShownAsItIs() {
    Model model = model(PixelSize.UNCALIBRATED, new ObjectSizes(8, KNOWN, 30));
    Frame noise = new Frame("noise.tif", ArrayImgs.floats(300, 200, 1), PixelSize.UNCALIBRATED);
    try (Runner<Segmentation> runner =
        Runner.of(
            model,
            TaskKind.SEGMENTATION,
            Runner.Options.DEFAULT,
            new FakeEngine(ScaleFinderTest::dreaming),
            FakeEngine.DEVICE)) {
      assertEquals(ShownScale.SAME, runner.scale(List.of(noise), Progress.NONE));
    }
  }

  @Test
  void anObjectAsLargeAsTheImageIsReduced() {
    // one disc of 60 pixels
    Frame frame = discs(120, 120, 60, PixelSize.UNCALIBRATED).crop(28, 28, 64, 64);
    assertEquals(KNOWN / 60, auto(frame).factor(), 0.06 * KNOWN / 60);
  }

  /** A diameter of 16 pixels is shown in scales from 1/64 to 16: as 1024 to 1 pixels. */
  @ParameterizedTest
  @CsvSource({"0.9", "1025"})
  void aDiameterThatCannotBeShownIsRefused(double pixels) {
    Frame frame = discs(100, 100, 40, PixelSize.UNCALIBRATED);
    SpyhopException e =
        assertThrows(
            SpyhopException.class,
            () -> scale(new Scaling.Diameter(pixels, ""), PixelSize.UNCALIBRATED, frame));
    assertTrue(e.getMessage().contains("from 1 to 1024 pixels"), e.getMessage());
    assertTrue(e.getMessage().startsWith("discs.tif: "), e.getMessage());
  }

  @Test
  void aPixelSizeThatCannotBeIsNotBelieved() {
    Frame metres = discs(400, 400, 40, new PixelSize(250, 250, "mm"));
    ShownScale found = scale(Scaling.AUTO, new PixelSize(0.5, 0.5, "um"), metres);
    assertEquals(ShownScale.Origin.IMAGE, found.origin());
    assertEquals(0.4, found.factor(), 0.03);
  }

  /** It would be told in the table, and nothing be shown in it. */
  @Test
  void aModelThatIsShownObjectsInBoxesTakesNoScale() {
    Model boxed =
        model(new Resize.OfBox(0.1, 32, 32, 32), PixelSize.UNCALIBRATED, ObjectSizes.UNKNOWN);
    Frame frame = discs(100, 100, 40, PixelSize.UNCALIBRATED);
    try (Runner<Segmentation> runner = runner(boxed, new Scaling.Factor(2))) {
      assertThrows(SpyhopException.class, () -> runner.scale(List.of(frame), Progress.NONE));
    }
    try (Runner<Segmentation> runner = runner(boxed, Scaling.AUTO)) {
      assertEquals(ShownScale.SAME, runner.scale(List.of(frame), Progress.NONE));
    }
  }
}
