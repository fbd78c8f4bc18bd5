package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Networks built as those of StarDist and Cellpose, which have two outputs; one is kept. Expected
 * values are those of Keras and PyTorch; see {@code src/test/python/biology_networks.py}.
 */
class BiologyNetworksTest {

  @TempDir Path folder;

  private static InputStream resource(String name) {
    return BiologyNetworksTest.class.getResourceAsStream("biology/" + name);
  }

  private Source source(String file, String output) throws IOException {
    Path path = folder.resolve(file);
    boolean packed = file.endsWith(".keras");
    try (InputStream in = resource(packed ? file + ".gz" : file)) {
      Files.write(path, (packed ? new GZIPInputStream(in) : in).readAllBytes());
    }
    return new Source(path, "", Optional.empty(), Optional.of(output).filter(o -> !o.isEmpty()));
  }

  private static JsonNode told(String name) throws IOException {
    try (InputStream in = resource(name + ".json")) {
      return JsonMapper.builder().build().readTree(in);
    }
  }

  private static Tensor image(JsonNode sizes) {
    int[] shape = {1, sizes.get(0).asInt(), sizes.get(1).asInt(), sizes.get(2).asInt()};
    float[] pixels = new float[shape[1] * shape[2] * shape[3]];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (float) (37 * i % 101 / 50.0 - 1);
    return new Tensor(Axes.NCHW, shape, pixels);
  }

  @ParameterizedTest
  @CsvSource({
    "stardist.keras, prob, stardist_prob",
    "stardist.keras, dist, stardist_dist",
    "cellpose_older.onnx, flows, cellpose_flows",
    "cellpose_older.onnx, style, cellpose_style",
    "cellpose_newer.onnx, flows, cellpose_flows"
  })
  void saysTheSameAndLearnsFurther(String file, String output, String expected) throws IOException {
    JsonNode told = told(expected);
    Imported net = source(file, output).read(Optional.empty());
    assertEquals(1, net.network().outputs().size());
    Map<String, Tensor> in =
        Map.of(net.network().inputs().get(0).name(), image(told.path("shape")));
    Engine engine = Engines.forTraining();
    Tensor found;
    try (Predictor p = engine.predictor(net.network(), net.weights(), engine.devices().get(0))) {
      found = p.predict(in).get(0);
    }
    assertEquals(told.path("expected").size(), found.length());
    for (int i = 0; i < found.length(); i++) {
      double value = told.path("expected").get(i).asDouble();
      assertEquals(value, found.data()[i], 5e-5 * Math.max(1, Math.abs(value)), "value " + i);
    }
    learns(net, in, found);
  }

  /** Half of what it says now, and a little. */
  private static void learns(Imported net, Map<String, Tensor> in, Tensor now) {
    float[] wanted = now.data().clone();
    for (int i = 0; i < wanted.length; i++) wanted[i] = 0.5f * wanted[i] + 0.1f;
    String out = net.network().outputs().get(0);
    Map<String, Target> targets =
        Map.of(out, Target.of(new Tensor(now.axes(), now.shape(), wanted)));
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective(out, new Loss.SquaredError(), 1)),
            new Optimizer.Sgd(0),
            0);
    Engine engine = Engines.forTraining();
    try (Trainer t = engine.trainer(net.network(), net.weights(), plan, engine.devices().get(0))) {
      double first = t.step(in, targets, 1e-4).loss();
      double last = first;
      for (int i = 0; i < 5; i++) last = t.step(in, targets, 1e-4).loss();
      assertTrue(last < first, first + " then " + last);
    }
  }

  @Test
  void becomesAModelThatSegmentsPixels() throws IOException {
    Model model =
        new NetworkImport(
                NetworkImport.About.named("stardist"),
                source("stardist.keras", "prob"),
                Preprocessing.parse("grey/255"),
                "")
            .run(Progress.NONE)
            .model();
    assertEquals(2, ((SemanticSegmentation) model.spec().task()).classes().size());
  }

  @ParameterizedTest
  @CsvSource({"stardist.keras, prob, dist", "cellpose_older.onnx, flows, style"})
  void outputsAreNamedWhereOneHasToBeChosen(String file, String one, String other)
      throws IOException {
    String message =
        assertThrows(SpyhopException.class, () -> source(file, "map").read(Optional.empty()))
            .getMessage();
    assertTrue(message.contains("one of " + one + ", " + other + ", received map"), message);
    String all =
        assertThrows(
                SpyhopException.class,
                () ->
                    new NetworkImport(
                            NetworkImport.About.named("net"),
                            source(file, ""),
                            Preprocessing.parse("channels/255"),
                            "")
                        .run(Progress.NONE))
            .getMessage();
    assertTrue(all.contains("--keep"), all);
  }
}
