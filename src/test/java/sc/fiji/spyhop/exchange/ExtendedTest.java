package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** Layers put in front of and behind networks, with values calculated by hand. */
class ExtendedTest {

  /** 2 x - 1 of each pixel. */
  private static Imported map(boolean sigmoid) {
    NetworkBuilder b = NetworkBuilder.image(1).convolution("scaled", 1, 1);
    Network network = (sigmoid ? b.activation("s", Function.SIGMOID) : b).build();
    return imported(network, Axes.OIHW, new int[] {1, 1, 1, 1}, 2f);
  }

  private static Imported imported(Network network, Axes axes, int[] shape, float... kernel) {
    return new Imported(
        network,
        new Weights(
            Map.of(
                "scaled.weight", new Tensor(axes, shape, kernel),
                "scaled.bias", new Tensor(Axes.C, new int[] {1}, new float[] {-1}))),
        List.of());
  }

  private static float[] run(Imported net, float... pixels) {
    Engine engine = Engines.forPrediction(net.network());
    try (Predictor p = engine.predictor(net.network(), net.weights(), engine.devices().get(0))) {
      Tensor row = new Tensor(Axes.NCHW, new int[] {1, 1, 1, pixels.length}, pixels);
      return p.predict(Map.of(net.network().inputs().get(0).name(), row)).get(0).data();
    }
  }

  private static float sigmoid(double x) {
    return (float) (1 / (1 + Math.exp(-x)));
  }

  @Test
  void aSigmoidOfOneChannelIsTwoClasses() {
    List<String> notes = new ArrayList<>();
    Imported net = Extended.withProbabilities(map(true), "net.onnx", notes);
    float[] expected = {sigmoid(1), sigmoid(-3), sigmoid(-1), sigmoid(3)};
    assertArrayEquals(expected, run(net, 0, 2), 1e-6f);
    assertEquals(List.of(), notes);
    assertTrue(net.network().layers().stream().noneMatch(l -> l.name().equals("s")));
    assertEquals(
        List.of("background", "spot"),
        NetworkImport.task(net.network(), List.of("spot"), notes).names());
  }

  /** Two features, 3 and 5, of which the logit is 2 * 3 - 5 - 1. */
  @Test
  void soIsThatOfAVector() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 1, 2))
            .flatten("flat")
            .dense("scaled", 1)
            .activation("s", Function.SIGMOID)
            .build();
    Imported net =
        Extended.withProbabilities(
            imported(network, Axes.OI, new int[] {1, 2}, 2, -1), "net.onnx", new ArrayList<>());
    assertArrayEquals(new float[] {sigmoid(0.5), sigmoid(-0.5)}, run(net, 3, 5.5f), 1e-6f);
  }

  /** One channel stays one; values that are no probabilities get a sigmoid. */
  @Test
  void classesThatDoNotExcludeEachOther() {
    List<String> notes = new ArrayList<>();
    Imported own = Extended.withSigmoids(map(true), "net.onnx", notes);
    assertArrayEquals(new float[] {sigmoid(1), sigmoid(-3)}, run(own, 1, -1), 1e-6f);
    assertTrue(notes.isEmpty(), notes.toString());
    Imported linear = Extended.withSigmoids(map(false), "net.onnx", notes);
    assertArrayEquals(new float[] {sigmoid(1), sigmoid(-3)}, run(linear, 1, -1), 1e-6f);
    assertTrue(notes.get(0).startsWith("A sigmoid was added"), notes.toString());
    Weights weights =
        new Weights(
            Map.of(
                "scaled.weight", new Tensor(Axes.OIHW, new int[] {2, 1, 1, 1}, new float[] {1, 2}),
                "scaled.bias", new Tensor(Axes.C, new int[] {2}, new float[2])));
    NetworkBuilder several = NetworkBuilder.image(1).convolution("scaled", 2, 1);
    Imported two =
        new Imported(several.activation("s", Function.SIGMOID).build(), weights, List.of());
    List<String> told = new ArrayList<>();
    Imported kept = Extended.withProbabilities(two, "net.onnx", told);
    assertArrayEquals(new float[] {sigmoid(3), sigmoid(6)}, run(kept, 3), 1e-6f);
    assertTrue(told.get(0).contains("do not exclude each other"), told.toString());
    assertEquals(
        MultiLabelSegmentation.of("a", "b"),
        NetworkImport.task(kept.network(), List.of("a", "b"), new ArrayList<>()));
    NetworkBuilder classes = NetworkBuilder.image(1).convolution("scaled", 2, 1);
    Imported exclusive =
        new Imported(classes.activation("s", Function.SOFTMAX).build(), weights, List.of());
    assertThrows(
        SpyhopException.class,
        () -> Extended.withSigmoids(exclusive, "net.onnx", new ArrayList<>()));
  }

  @Test
  void valuesOfOneChannelAreNoProbabilities() {
    SpyhopException e =
        assertThrows(
            SpyhopException.class,
            () -> Extended.withProbabilities(map(false), "net.onnx", new ArrayList<>()));
    assertTrue(e.getMessage().startsWith("net.onnx: ends with one channel"), e.getMessage());
  }

  /** In front: 3 x + 1, then what is above 0; behind: half of it, plus 4. Names that are taken. */
  @Test
  void layersInFrontAreDoneInTheirOrder() {
    Extended extended = new Extended(map(false));
    extended.scaleInFront(new double[] {3}, new double[] {1});
    extended.applyInFront(Function.RELU);
    extended.scale(new double[] {0.5}, new double[] {4});
    Imported net = extended.imported(List.of());
    assertArrayEquals(new float[] {3.5f, 4.5f, 7.5f}, run(net, -5, 0, 1), 1e-6f);
  }

  /**
   * The softmax comes before what enlarges the map: the logarithms of 1 / (1 + e^x) and the rest.
   */
  @Test
  void probabilitiesStayWhatTheyAre() {
    Network network =
        NetworkBuilder.image(1)
            .convolution("scaled", 2, 1)
            .activation(Function.SOFTMAX)
            .upsample("larger", 2)
            .maxPool("smaller", 2)
            .build();
    Imported given =
        new Imported(
            network,
            new Weights(
                Map.of(
                    "scaled.weight",
                        new Tensor(Axes.OIHW, new int[] {2, 1, 1, 1}, new float[] {0, 1}),
                    "scaled.bias", new Tensor(Axes.C, new int[] {2}, new float[2]))),
            List.of());
    List<String> notes = new ArrayList<>();
    Imported net = Extended.withProbabilities(given, "net.onnx", notes);
    assertTrue(notes.get(0).startsWith("Its values are probabilities already"), notes.toString());
    float[] expected = {sigmoid(-1), sigmoid(2), sigmoid(1), sigmoid(-2)};
    assertArrayEquals(expected, run(net, 1, -2), 1e-6f);
  }
}
