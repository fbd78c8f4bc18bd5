package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxImport;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.PixelShuffle;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.SelectChannels;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Networks that pad, crop, cut, resize and shuffle, as both exporters of PyTorch and Keras write
 * them, say what PyTorch and Keras say. {@code src/test/python/geometry_networks.py} made the
 * files.
 */
class GeometryNetworksTest {

  @TempDir Path folder;

  private static InputStream resource(String name) {
    return GeometryNetworksTest.class.getResourceAsStream("geometry/" + name);
  }

  private Imported read(String name) throws IOException {
    boolean keras = name.equals("bordered");
    Path file = folder.resolve(keras ? "net.h5" : "net.onnx");
    try (InputStream in = resource(name + (keras ? ".h5.gz" : ".onnx"))) {
      Files.copy(keras ? new GZIPInputStream(in) : in, file);
    }
    return Source.of(file).read(Optional.empty());
  }

  private static JsonNode told(String name) throws IOException {
    try (InputStream in = resource(name + ".json")) {
      return JsonMapper.builder().build().readTree(in);
    }
  }

  private static Tensor image(JsonNode told) {
    int[] shape = {1, 0, 0, 0};
    for (int i = 0; i < 3; i++) shape[i + 1] = told.path("shape").get(i).asInt();
    Tensor image = Tensor.zeros(Axes.NCHW, shape);
    for (int i = 0; i < image.length(); i++) image.data()[i] = (float) (37 * i % 101 / 50.0 - 1);
    return image;
  }

  private static float[] run(Engine engine, Imported net, Tensor image) {
    try (Predictor p = engine.predictor(net.network(), net.weights(), engine.devices().get(0))) {
      String input = net.network().inputs().get(0).name();
      return p.predict(Map.of(input, image)).get(0).data();
    }
  }

  private static void assertSame(JsonNode expected, float[] actual) {
    assertEquals(expected.size(), actual.length);
    for (int i = 0; i < actual.length; i++) {
      double e = expected.get(i).asDouble();
      assertEquals(e, actual[i], 2e-5 * Math.max(1, Math.abs(e)), "at " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "padded_odd",
        "padded_odd_new",
        "padded_even",
        "padded_open",
        "padded_open_new",
        "aligned",
        "aligned_open",
        "aligned_new",
        "cropped",
        "cropped_new",
        "pyramid",
        "pyramid_odd",
        "pyramid_open",
        "pyramid_open_new",
        "subpixel",
        "subpixel_open",
        "subpixel_new",
        "shuffled",
        "shuffled_open",
        "shuffled_new",
        "reflected",
        "reflected_new",
        "focus",
        "focus_open",
        "focus_new",
        "bordered"
      })
  void saysTheSame(String name) throws IOException {
    Imported net = read(name);
    JsonNode told = told(name);
    Tensor image = image(told);
    assertSame(told.path("expected"), run(Engines.forGradients(), net, image));
    assertEquals(name.contains("open"), !net.network().inputs().get(0).shape().isFixed());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OnnxWriter.write(OnnxExport.of(net.network(), net.weights()), bytes);
    Path file = Files.write(folder.resolve("again.onnx"), bytes.toByteArray());
    Imported again = OnnxImport.read(file, Optional.empty());
    assertSame(told.path("expected"), run(Engines.forPrediction(net.network()), again, image));
    assertEquals(kinds(net), kinds(again), "kinds of layers");
  }

  private static Set<Class<?>> kinds(Imported net) {
    Set<Class<?>> kinds = new LinkedHashSet<>();
    net.network().layers().forEach(l -> kinds.add(l.getClass()));
    return kinds;
  }

  private static List<String> moved(Imported net) {
    List<String> moved = new ArrayList<>();
    for (Layer l : net.network().layers()) {
      boolean moves =
          l instanceof Pad
              || l instanceof Resizing
              || l instanceof SelectChannels
              || l instanceof PixelShuffle;
      if (moves) moved.add(l.description());
    }
    return moved;
  }

  /** What is padded to the size of another map is nothing where sizes can be halved. */
  @ParameterizedTest
  @ValueSource(strings = {"padded_even", "padded_open", "padded_open_new", "pyramid"})
  void needsNoLayers(String name) throws IOException {
    assertEquals(List.of(), moved(read(name)));
  }

  @Test
  void findsTheLayersThatDoIt() throws IOException {
    String first = "pad zeros 0 x 0 before, 0 x 1 after";
    assertEquals(List.of(first, "pad zeros 0 x 0 before, 1 x 0 after"), moved(read("padded_odd")));
  }

  @Test
  void pixelsAndChannelsAreShuffledInOneGo() throws IOException {
    assertEquals(
        List.of(
            "channels out of blocks of 2 x 2 pixels",
            "blocks of 3 x 3 pixels out of channels",
            "blocks of 2 x 2 pixels out of channels"),
        moved(read("subpixel")));
  }

  /** A network that pads to odd sizes takes others than such, but none that can be divided. */
  @ParameterizedTest
  @CsvSource({"padded_odd, false", "cropped, false", "padded_even, true", "pyramid, true"})
  void isOpenedToAnySizeWhereItTakesMultiples(String name, boolean opens) throws IOException {
    List<String> notes = new ArrayList<>();
    Imported opened = SizeOfImages.fitting(read(name), Optional.empty(), notes);
    assertEquals(opens, !opened.network().inputs().get(0).shape().isFixed());
    assertEquals(opens, !notes.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"padded_odd", "aligned", "subpixel_new", "shuffled", "reflected", "focus"})
  void learnsFurther(String name) throws IOException {
    Imported net = read(name);
    Tensor image = image(told(name));
    String out = net.network().outputs().get(0);
    float[] before = run(Engines.forGradients(), net, image);
    float[] wanted = before.clone();
    for (int i = 0; i < wanted.length; i++) wanted[i] = 0.5f * before[i] + 0.1f;
    int[] shape = {1, 0, 0, 0};
    Engine engine = Engines.forGradients();
    try (Predictor p = engine.predictor(net.network(), net.weights(), engine.devices().get(0))) {
      String input = net.network().inputs().get(0).name();
      shape = p.predict(Map.of(input, image)).get(0).shape();
    }
    Target target = Target.of(new Tensor(Axes.NCHW, shape, wanted));
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective(out, new Loss.SquaredError(), 1)),
            new Optimizer.Sgd(0),
            0);
    try (Trainer t = engine.trainer(net.network(), net.weights(), plan, engine.devices().get(0))) {
      Map<String, Tensor> in = Map.of(net.network().inputs().get(0).name(), image);
      double first = t.step(in, Map.of(out, target), 1e-3).loss();
      double last = first;
      for (int i = 0; i < 5; i++) last = t.step(in, Map.of(out, target), 1e-3).loss();
      assertTrue(last < first, first + " then " + last);
      assertFalse(Double.isNaN(last));
    }
  }
}
