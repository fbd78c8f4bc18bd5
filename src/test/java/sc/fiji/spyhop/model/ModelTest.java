package sc.fiji.spyhop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

class ModelTest {

  private static final SemanticSegmentation CLASSES =
      SemanticSegmentation.of(List.of("background", "cell"));

  private static final Model MODEL = TestModels.unet("tiny", CLASSES, 1, 64, 8);

  private static void assertRefused(Runnable action, String... words) {
    SpyhopException e = assertThrows(SpyhopException.class, action::run);
    for (String word : words) assertTrue(e.getMessage().contains(word), e.getMessage());
  }

  @Test
  void theNetworkHasToEndWithTheHeadsOfTheTask() {
    ModelSpec other = TestModels.unet("tiny", InstanceSegmentation.of("cell"), 1, 64, 8).spec();
    assertRefused(
        () -> new Model(other, MODEL.network(), MODEL.weights()),
        "expected a network with the outputs " + names(other),
        "received " + MODEL.network().outputs());
    ModelSpec three =
        TestModels.unet(
                "tiny", SemanticSegmentation.of(List.of("background", "cell", "edge")), 1, 64, 8)
            .spec();
    assertRefused(
        () -> new Model(three, MODEL.network(), MODEL.weights()), "expected 3 channels", "2");
  }

  private static List<String> names(ModelSpec spec) {
    return spec.task().heads().stream().map(h -> h.name()).toList();
  }

  @Test
  void theNetworkHasToTakeTheChannelsOfTheImage() {
    ModelSpec colour = TestModels.unet("tiny", CLASSES, 3, 64, 8).spec();
    assertRefused(
        () -> new Model(colour, MODEL.network(), MODEL.weights()), "expected a network for 3", "1");
  }

  @Test
  void theNetworkHasToHaveOneInput() {
    Network n = MODEL.network();
    Network two =
        new Network(
            List.of(n.inputs().get(0), new Network.Input("more", n.inputs().get(0).shape())),
            n.layers(),
            n.outputs());
    assertRefused(
        () -> new Model(MODEL.spec(), two, MODEL.weights()), "a network with one input", "2");
  }

  @Test
  void theWeightsHaveToFit() {
    assertRefused(
        () -> new Model(MODEL.spec(), MODEL.network(), new Weights(Map.of())), "is missing");
  }

  /** Pixels 10 and 30 become 0 and 1 by percentiles 1 and 99.8 of a two-valued image. */
  @Test
  void theExampleGoesThroughTheNormalisation() {
    float[] pixels = {10, 10, 30, 30};
    Tensor input = new Tensor(Axes.NCHW, new int[] {1, 1, 2, 2}, pixels);
    Function<Tensor, List<Tensor>> echo =
        t -> List.of(Tensor.concatenate(t, t).reshape(Axes.NCHW, 1, 2, 2, 2));
    Model model = MODEL.withExample(input, echo);
    float[] output = model.example().get().outputs().get(0).data();
    for (int i = 0; i < 8; i++) assertEquals(i % 4 < 2 ? 0 : 1, output[i], 1e-6);
    assertEquals(10, pixels[0], "the pixels themselves stay");
    assertTrue(model.check(echo).passed());

    Model.Check nan = model.check(t -> List.of(filled(t, Float.NaN)));
    assertFalse(nan.passed());
    Model.Check far = model.check(t -> List.of(filled(t, 3)));
    assertEquals(3, far.largestDifference(), 1e-6);
    assertFalse(far.passed());
    assertRefused(() -> model.check(t -> List.of(t)), "expected test output", "[1, 1, 2, 2]");
  }

  private static Tensor filled(Tensor like, float value) {
    Tensor t = Tensor.zeros(Axes.NCHW, 1, 2, like.size('H'), like.size('W'));
    java.util.Arrays.fill(t.data(), value);
    return t;
  }

  @Test
  void withoutAnExampleThereIsNothingToCheck() {
    assertRefused(() -> MODEL.check(List::of), "tiny has no test input");
  }
}
