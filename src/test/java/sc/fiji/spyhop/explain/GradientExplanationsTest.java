package sc.fiji.spyhop.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.selection.Reference;
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
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.task.BoxRegression;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

class GradientExplanationsTest {

  private static final int SIDE = 12;

  private static final Normalization HALF = new Normalization.Fixed(List.of(0.0), List.of(0.5));

  /** Shown as they are; what is shown is half of the pixel value. */
  private static Model model(Task<?, ?> task, Network network, Weights weights, Resize fit) {
    return model(task, network, weights, fit, HALF);
  }

  private static Model model(
      Task<?, ?> task, Network network, Weights weights, Resize fit, Normalization normalization) {
    return new Model(
        new ModelSpec(
            "handmade",
            "",
            task,
            new ModelSpec.Input(
                Axes.NCHW, 1, Colors.NONE, fit, normalization, PixelSize.UNCALIBRATED),
            ModelSpec.Inference.of(network),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            ""),
        network,
        weights);
  }

  private static Network classifier() {
    return NetworkBuilder.input("image", Shape.of(1, SIDE, SIDE))
        .convolution("c1", 4, 3)
        .relu()
        .maxPool("p1", 2)
        .convolution("c2", 5, 3)
        .activation("a2", Layer.Function.SWISH)
        .globalPool("gap", Layer.PoolingKind.AVERAGE)
        .dense("classes_logits", 3)
        .activation("classes", Layer.Function.SOFTMAX)
        .build("classes");
  }

  private static Model classifier(Resize fit) {
    Network network = classifier();
    return model(
        Classification.of(List.of("a", "b", "c")), network, Initialization.of(network, 4), fit);
  }

  private static Frame image(int side, long seed) {
    float[] pixels = new float[side * side];
    Random random = new Random(seed);
    for (int i = 0; i < pixels.length; i++) pixels[i] = 4 * random.nextFloat() - 1;
    return frame(side, side, pixels);
  }

  private static Frame frame(int width, int height, float... pixels) {
    return new Frame("image", ArrayImgs.floats(pixels, width, height, 1), PixelSize.UNCALIBRATED);
  }

  private static SaliencyMap explain(
      Model model, Frame frame, String name, Explanation explanation) {
    try (Explainer explainer = Explainer.of(model, explanation)) {
      return explainer.explain(frame, Optional.of(name), explanation, Progress.NONE);
    }
  }

  /** The logit, computed by {@link Reference} in double precision, a pixel moved a little. */
  @Test
  void theGradientEqualsFiniteDifferences() {
    Model model = classifier(new Resize.AnySize());
    Frame frame = image(SIDE, 1);
    SaliencyMap map = explain(model, frame, "b", new InputGradient(RectifierRule.DERIVATIVE));
    Reference.Map4 shown = Reference.of(model.spec().input().read(frame));
    Map<String, double[]> weights = Reference.doubles(model.weights());
    double step = 1e-6;
    for (int i = 0; i < SIDE * SIDE; i++) {
      double[] logits = new double[2];
      double before = shown.v()[i];
      for (int k = 0; k < 2; k++) {
        shown.v()[i] = before + (2 * k - 1) * step;
        logits[k] =
            Reference.run(model.network(), weights, Map.of("image", shown), false)
                .get("classes_logits")
                .v()[1];
      }
      shown.v()[i] = before;
      assertEquals((logits[1] - logits[0]) / (2 * step), map.values()[i], 1e-5, "pixel " + i);
    }
  }

  /**
   * The slope of x^3 is 3 x^2, and with noise of a deviation s, 3 x^2 + 3 s^2 on average: of a
   * range of 1 and a noise of 0.5, 0.75 more. Means over 1000 are less than 0.034 from that in two
   * of three cases.
   */
  @Test
  void smoothedGradientsAreMeansOverNoise() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 1, 3))
            .formula("x^3")
            .flatten("f")
            .dense("values", 1)
            .build("values");
    Model model =
        model(
            new Regression(List.of("length"), List.of("m"), List.of(0.0), List.of(1.0)),
            network,
            weights(network, Map.of("values.weight", new float[] {1, 1, 2})),
            new Resize.AnySize());
    Frame frame = frame(3, 1, 0, 1, 2);
    RectifierRule rule = RectifierRule.DERIVATIVE;
    SaliencyMap plain = explain(model, frame, "length", new InputGradient(rule));
    assertArrayEquals(new float[] {0, 0.75f, 6}, plain.values(), 1e-4f);
    Explanation noisy = new InputGradient(rule, 1000, 0.5);
    SaliencyMap smooth = explain(model, frame, "length", noisy);
    assertArrayEquals(new float[] {0.75f, 1.5f, 7.5f}, smooth.values(), 0.4f);
    assertArrayEquals(smooth.values(), explain(model, frame, "length", noisy).values());
    assertEquals(Map.of("samples", "1000", "noise", "0.5"), smooth.explanation().settings());
    SaliencyMap without = explain(model, frame, "length", new InputGradient(rule, 7, 0));
    assertArrayEquals(plain.values(), without.values(), 1e-4f);
    assertThrows(SpyhopException.class, () -> new InputGradient(rule, 0, 0.1));
    assertThrows(SpyhopException.class, () -> new InputGradient(rule, 2, 1.5));
  }

  @ParameterizedTest
  @EnumSource(Fill.class)
  void integratedGradientsSumToTheDifference(Fill fill) {
    for (Resize fit :
        List.of(new Resize.AnySize(), new Resize.Stretch(SIDE, SIDE, Interpolation.BILINEAR))) {
      Model model = classifier(fit);
      Frame frame = image(fit instanceof Resize.Stretch ? 30 : SIDE, 2);
      SaliencyMap map = explain(model, frame, "c", new IntegratedGradients(fill, 0));
      double difference = map.figures().get(0);
      assertTrue(map.figures().get(1) <= 0.01, map.figures().toString());
      assertEquals(difference, map.sum(), 0.0101 * Math.abs(difference));
      assertTrue(Math.abs(difference) > 1e-3, "there is a difference: " + difference);
    }
  }

  /** Of what is linear, the value of the pixel, its distance from the mean times the weight. */
  @Test
  void integratedGradientsOfALinearNetwork() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 1, 3))
            .flatten("f")
            .dense("values", 1)
            .build("values");
    Model model =
        model(
            new Regression(List.of("length"), List.of("m"), List.of(7.0), List.of(3.0)),
            network,
            weights(network, Map.of("values.weight", new float[] {1, -2, 5})),
            new Resize.AnySize());
    SaliencyMap map =
        explain(model, frame(3, 1, 2, 4, 12), "length", new IntegratedGradients(Fill.MEAN, 1));
    // shown as 1 2 6, whose mean is 3; a deviation is 3 m
    assertArrayEquals(new float[] {-6, 6, 45}, map.values(), 1e-4f);
    assertEquals(7 + 3 * (1 - 4 + 30), map.score(), 1e-4);
    assertEquals(45, map.figures().get(0), 1e-4);
  }

  /**
   * Of the mean over 4 x 4 pixels, of which one row and three columns are the image: shown as 1 2 6
   * and 6 again, less the darkest, with a weight of 1/16 each, in 4 rows.
   */
  @Test
  void integratedGradientsOfWhatIsRepeatedBeyondTheEdge() {
    Network network =
        NetworkBuilder.image(1)
            .pool("mean", Layer.PoolingKind.AVERAGE, 4, 4, Padding.VALID)
            .convolution("coarse", 2, 1)
            .upsample("classes_logits", 4)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    Model model =
        model(
            SemanticSegmentation.of(List.of("ground", "disc")),
            network,
            weights(network, Map.of("coarse.weight", new float[] {0, 1})),
            new Resize.Scaled(1, 4));
    SaliencyMap map =
        explain(model, frame(3, 1, 2, 4, 12), "disc", new IntegratedGradients(Fill.BLACK, 1));
    assertArrayEquals(new float[] {0, 0.25f, 2.5f}, map.values(), 1e-5f);
    assertEquals(2.75, map.figures().get(0), 1e-5);
    assertEquals(0, map.figures().get(1), 1e-5);
  }

  /** Shown as 0 1 3 0, whose mean is 1: what is no image does not change. */
  @Test
  void integratedGradientsOfAnImageOnAPlainGround() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 1, 4))
            .flatten("f")
            .dense("values", 1)
            .build("values");
    Model model =
        model(
            new Regression(List.of("length"), List.of("m"), List.of(0.0), List.of(1.0)),
            network,
            weights(network, Map.of("values.weight", new float[] {5, -2, 7, 9})),
            new Resize.Letterbox(4, 1, 0, Interpolation.BILINEAR));
    SaliencyMap map =
        explain(model, frame(2, 1, 2, 6), "length", new IntegratedGradients(Fill.MEAN, 1));
    assertArrayEquals(new float[] {0, 14}, map.values(), 1e-4f);
    assertEquals(14, map.figures().get(0), 1e-4);
    assertEquals(0, map.figures().get(1), 1e-5);
  }

  /**
   * In an image that is shown at a quarter of its size, the pixel asked about is smaller than those
   * shown, and no centre of one lies in it.
   */
  @Test
  void aPlaceBetweenThePixelsThatAreShown() {
    float[] pixels = new float[64];
    Arrays.fill(pixels, -4);
    for (int y = 4; y < 8; y++) Arrays.fill(pixels, 8 * y, 8 * y + 4, 8);
    float[] expected = new float[64];
    for (int y = 4; y < 8; y++) Arrays.fill(expected, 8 * y, 8 * y + 4, 1);
    Network network =
        NetworkBuilder.image(1)
            .convolution("classes_logits", 2, 1)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    Model model =
        model(
            SemanticSegmentation.of(List.of("ground", "disc")),
            network,
            weights(network, Map.of("classes_logits.weight", new float[] {0, 1})),
            new Resize.Scaled(0.25, 1));
    Mask corner = new Mask.Builder(new ImageSize(8, 8)).column(0, 7, 8).build();
    Explanation gradient = new InputGradient(RectifierRule.DERIVATIVE);
    try (Explainer explainer = Explainer.of(model, gradient)) {
      SaliencyMap map =
          explainer.explain(
              frame(8, 8, pixels), Optional.empty(), Optional.of(corner), gradient, Progress.NONE);
      assertEquals("disc", map.name());
      assertArrayEquals(expected, map.values(), 1e-6f);
      assertTrue(map.score() > 0.8, "" + map.score());
      assertTrue(map.reported());
    }
  }

  /** What is asked about is told to be something else than what the model says. */
  @Test
  void tellsThatTheModelSaysSomethingElse() {
    Model model = classifier(new Resize.AnySize());
    Explanation gradient = new InputGradient(RectifierRule.DERIVATIVE);
    int said = 0;
    for (String name : List.of("a", "b", "c")) {
      SaliencyMap map = explain(model, image(SIDE, 3), name, gradient);
      assertEquals(map.reported(), !map.effect().contains("does not say " + name), map.effect());
      if (map.reported()) said++;
    }
    assertEquals(1, said);
  }

  /** A network of which no pixel changes the answer. */
  @Test
  void tellsThatTheMapIsZero() {
    Network network = classifier();
    Model model =
        model(
            Classification.of(List.of("a", "b", "c")),
            network,
            weights(network, Map.of()),
            new Resize.AnySize());
    SaliencyMap map =
        explain(model, image(SIDE, 3), "a", new InputGradient(RectifierRule.DERIVATIVE));
    assertTrue(map.effect().contains("the map is 0 everywhere"), map.effect());
    assertTrue(map.isZero());
  }

  /** Of the one box of an image, a side: mean and deviation times the output, 1 - 3 = -2. */
  @Test
  void aSideOfABox() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 1, 2)).flatten("f").dense("box", 4).build("box");
    Model model =
        model(
            new BoxRegression("head", List.of(0.0, 0.0, 0.5, 0.0), List.of(1.0, 1.0, 0.1, 1.0)),
            network,
            weights(network, Map.of("box.weight", new float[] {9, 9, 9, 9, 1, -1, 9, 9})),
            new Resize.Stretch(2, 1, Interpolation.BILINEAR));
    SaliencyMap map =
        explain(model, frame(2, 1, 2, 6), "width", new InputGradient(RectifierRule.DERIVATIVE));
    assertArrayEquals(new float[] {0.1f, -0.1f}, map.values(), 1e-6f);
    assertEquals(0.5 + 0.1 * -2, map.score(), 1e-6);
  }

  private static Weights weights(Network network, Map<String, float[]> values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter p : Parameters.of(network)) {
      int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
      tensors.put(
          p.name(),
          new Tensor(p.axes(), shape, values.getOrDefault(p.name(), new float[(int) p.length()])));
    }
    return new Weights(tensors);
  }

  /**
   * By hand: maps x and -x, as means 2 and -2 of what is shown as 1 3; the class is 3 times the
   * first and once the second mean. Slopes are 3/2 and 1/2 everywhere, so that the map is 3/2 x -
   * 1/2 x = x; the other class is -3 and 0, whose map would be negative.
   */
  @Test
  void gradCamByHand() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 1, 2))
            .convolution("c1", 2, 1)
            .globalPool("gap", Layer.PoolingKind.AVERAGE)
            .dense("classes_logits", 2)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    Model model =
        model(
            Classification.of(List.of("a", "b")),
            network,
            weights(
                network,
                Map.of(
                    "c1.weight", new float[] {1, -1},
                    "classes_logits.weight", new float[] {3, 1, -3, 0})),
            new Resize.AnySize());
    SaliencyMap a = explain(model, frame(2, 1, 2, 6), "a", new GradCam(""));
    assertArrayEquals(new float[] {1, 3}, a.values(), 1e-5f);
    assertEquals(new GradCam("c1"), a.explanation());
    SaliencyMap b = explain(model, frame(2, 1, 2, 6), "b", new GradCam("c1"));
    assertArrayEquals(new float[] {0, 0}, b.values(), 0);
    String message =
        assertThrows(
                SpyhopException.class,
                () -> explain(model, frame(2, 1, 2, 6), "a", new GradCam("gap")))
            .getMessage();
    assertTrue(message.startsWith("Layer: expected one with feature maps"), message);
  }

  /** The same maps, 3 and -3 at the second pixel, weighted by 3 and 1 there and by 0 elsewhere. */
  @Test
  void gradCamOfAPlaceByHand() {
    Network network =
        NetworkBuilder.image(1)
            .convolution("c1", 2, 1)
            .convolution("classes_logits", 2, 1)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    Model model =
        model(
            SemanticSegmentation.of(List.of("ground", "disc")),
            network,
            weights(
                network,
                Map.of(
                    "c1.weight", new float[] {1, -1},
                    "classes_logits.weight", new float[] {0, 0, 3, 1})),
            new Resize.AnySize());
    Mask second = new Mask.Builder(new ImageSize(2, 1)).column(1, 0, 1).build();
    Explanation cam = new GradCam("");
    try (Explainer explainer = Explainer.of(model, cam)) {
      SaliencyMap map =
          explainer.explain(
              frame(2, 1, 2, 6), Optional.empty(), Optional.of(second), cam, Progress.NONE);
      assertArrayEquals(new float[] {0, 6}, map.values(), 1e-5f);
      assertEquals("disc", map.name());
      assertEquals(1 / (1 + Math.exp(-6)), map.score(), 1e-5);
    }
  }

  @Test
  void gradCamLooksAtTheLastLayerOfMaps() {
    SaliencyMap map =
        explain(classifier(new Resize.AnySize()), image(SIDE, 3), "a", new GradCam(""));
    assertEquals(Map.of("layer", "a2"), map.explanation().settings());
    for (float v : map.values()) assertTrue(v >= 0);
  }

  /** Each is what the engine gives by its rule, for one class as for another. */
  @Test
  void rulesGiveOtherMaps() {
    Model model = classifier(new Resize.AnySize());
    Frame frame = image(SIDE, 5);
    float[] plain =
        explain(model, frame, "a", new InputGradient(RectifierRule.DERIVATIVE)).values();
    float[] deconvnet =
        explain(model, frame, "a", new InputGradient(RectifierRule.DECONVNET)).values();
    float[] guided = explain(model, frame, "a", new InputGradient(RectifierRule.GUIDED)).values();
    assertTrue(RankCorrelation.ofMagnitudes(plain, deconvnet) < 0.999);
    assertTrue(RankCorrelation.ofMagnitudes(plain, guided) < 0.999);
    assertTrue(RankCorrelation.ofMagnitudes(guided, deconvnet) < 0.999);
  }

  /** The last layer is random first; in the end nothing is as it was learnt. */
  @Test
  void randomWeightsFromTheTopDown() {
    Model model = classifier(new Resize.AnySize());
    List<Randomization> cascade = Randomization.cascade(model, 8, 9);
    assertEquals(
        List.of("classes_logits", "c2", "c1"), cascade.stream().map(Randomization::layer).toList());
    Weights begun = Initialization.of(model.network(), 9);
    for (Randomization r : cascade) {
      int changed = 0;
      for (String kernel : List.of("classes_logits.weight", "c2.weight", "c1.weight")) {
        float[] now = r.model().weights().get(kernel).data();
        assertFalse(Arrays.equals(begun.get(kernel).data(), now), "as before a training");
        if (!Arrays.equals(model.weights().get(kernel).data(), now)) changed++;
      }
      assertEquals(r.layers(), changed);
    }
    assertEquals(
        List.of("classes_logits", "c1"),
        Randomization.cascade(model, 2, 9).stream().map(Randomization::layer).toList());
    assertEquals(3, Randomization.cascade(model, 1, 9).get(0).layers());
    assertEquals(List.of(), Randomization.cascade(model, 0, 9));
  }

  /** A quarter of the pixels has room: half of each side, about the object, within the image. */
  @Test
  void ofALargeImageTheSurroundingsOfTheObject() {
    Frame large = frame(40, 20, new float[800]);
    Mask.Builder right = new Mask.Builder(new ImageSize(40, 20));
    Optional<Mask> place = Optional.of(right.column(35, 10, 11).build());
    assertEquals(new Box(0, 0, 40, 20), Explainer.part(large, 1, place));
    assertEquals(new Box(26, 4, 14, 14), Explainer.part(large, 0.25, place));
    String message =
        assertThrows(SpyhopException.class, () -> Explainer.part(large, 0.25, Optional.empty()))
            .getMessage();
    assertTrue(message.contains("at most about 14 x 14 pixels"), message);
  }

  /**
   * With room for 20 x 20 pixels, that much around the object is looked at, as bright as it is in
   * the whole, whose brightest pixel lies elsewhere. Each pixel sees two around it: all that
   * counts.
   */
  @Test
  void aPartIsExplainedAsTheWhole() {
    Network network =
        NetworkBuilder.image(1)
            .convolution("c1", 3, 3)
            .relu()
            .convolution("classes_logits", 2, 3)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    Model model =
        model(
            SemanticSegmentation.of(List.of("ground", "disc")),
            network,
            Initialization.of(network, 3),
            new Resize.AnySize(),
            new Normalization.MinMax());
    float[] pixels = new float[50 * 40];
    Random random = new Random(8);
    for (int i = 0; i < pixels.length; i++) pixels[i] = random.nextFloat();
    pixels[0] = 9;
    Frame frame = frame(50, 40, pixels);
    Mask.Builder object = new Mask.Builder(new ImageSize(50, 40));
    Optional<Mask> place = Optional.of(object.column(41, 30, 31).build());
    Optional<String> disc = Optional.of("disc");
    Explanation gradient = new InputGradient(RectifierRule.DERIVATIVE);
    try (Explainer explainer = Explainer.of(model, gradient)) {
      SaliencyMap whole = explainer.explain(frame, disc, place, gradient, Progress.NONE);
      long room = 11 * 400;
      SaliencyMap part = explainer.explain(frame, disc, place, gradient, room, Progress.NONE);
      assertEquals(whole.score(), part.score(), 1e-6);
      assertArrayEquals(whole.values(), part.values(), 1e-6f);
      assertTrue(whole.largest() > 1e-3, "there is something: " + whole.largest());
      String message =
          assertThrows(
                  SpyhopException.class,
                  () ->
                      explainer.explain(
                          frame, disc, Optional.empty(), gradient, room, Progress.NONE))
              .getMessage();
      assertTrue(message.contains("at most about 20 x 20 pixels"), message);
    }
  }

  @Test
  void nonsenseIsRefused() {
    Model model = classifier(new Resize.AnySize());
    String message =
        assertThrows(
                SpyhopException.class, () -> explain(model, image(SIDE, 1), "a", new GradCam("c9")))
            .getMessage();
    assertTrue(message.contains("such as c1, "), message);
    assertThrows(SpyhopException.class, () -> new IntegratedGradients(Fill.MEAN, -1));
  }
}
