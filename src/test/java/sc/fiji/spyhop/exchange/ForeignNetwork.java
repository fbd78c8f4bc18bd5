package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A network that another program wrote, and what that program says of the input that the scripts of
 * {@code src/test/python} give to all.
 *
 * @param expected values of its output, by channel, row and column
 */
record ForeignNetwork(Path file, Tensor image, float[] expected) {

  /** Largest difference, in relation to the largest value if that is above 1. */
  private static final double TOLERANCE = 2e-5;

  /**
   * Copies one out of the resources.
   *
   * @param name of its file, which may be packed there, such as {@code keras/map.h5}
   * @param answer name of the file of what is said, without its ending
   */
  static ForeignNetwork of(String name, String answer, Path folder) throws IOException {
    Path file = folder.resolve("net" + name.substring(name.lastIndexOf('.')));
    try (InputStream plain = resource(name);
        InputStream in =
            plain == null ? new GZIPInputStream(resource(name + ".gz")) : resource(name)) {
      Files.write(file, in.readAllBytes());
    }
    JsonNode told;
    try (InputStream in = resource(answer + ".json")) {
      told = JsonMapper.builder().build().readTree(in);
    }
    float[] expected = new float[told.path("expected").size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (float) told.path("expected").get(i).asDouble();
    }
    return new ForeignNetwork(file, image(told.path("shape")), expected);
  }

  /** The same, whose answer has the name of the file. */
  static ForeignNetwork of(String name, Path folder) throws IOException {
    return of(name, name.substring(0, name.lastIndexOf('.')), folder);
  }

  private static InputStream resource(String name) {
    return ForeignNetwork.class.getResourceAsStream(name);
  }

  private static Tensor image(JsonNode sizes) {
    int[] shape = {1, sizes.get(0).asInt(), sizes.get(1).asInt(), sizes.get(2).asInt()};
    Tensor image = Tensor.zeros(Axes.NCHW, shape);
    for (int i = 0; i < image.length(); i++) image.data()[i] = (float) (37 * i % 101 / 50.0 - 1);
    return image;
  }

  Imported read() {
    return Source.of(file).read(Optional.empty());
  }

  /** What a network of ours says of the input. */
  Tensor run(Imported net, Engine engine) {
    try (Predictor p = engine.predictor(net.network(), net.weights(), engine.devices().get(0))) {
      return p.predict(Map.of(net.network().inputs().get(0).name(), image)).get(0);
    }
  }

  /** That it is what the other program says. */
  void assertSaid(Tensor found) {
    assertEquals(expected.length, found.length());
    double scale = 1;
    for (float value : expected) scale = Math.max(scale, Math.abs(value));
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found.data()[i], TOLERANCE * scale, file + ", value " + i);
    }
  }

  /** That training brings it nearer to half of what it says now, and a little. */
  void assertLearns(Imported net, double rate) {
    Engine engine = Engines.forTraining();
    Tensor now = run(net, engine);
    float[] wanted = now.data().clone();
    for (int i = 0; i < wanted.length; i++) wanted[i] = 0.5f * wanted[i] + 0.1f;
    String out = net.network().outputs().get(0);
    Map<String, Target> targets =
        Map.of(out, Target.of(new Tensor(now.axes(), now.shape(), wanted)));
    Map<String, Tensor> in = Map.of(net.network().inputs().get(0).name(), image);
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective(out, new Loss.SquaredError(), 1)),
            new Optimizer.Sgd(0),
            0);
    try (Trainer t = engine.trainer(net.network(), net.weights(), plan, engine.devices().get(0))) {
      double first = t.step(in, targets, rate).loss();
      double last = first;
      for (int i = 0; i < 5; i++) last = t.step(in, targets, rate).loss();
      assertTrue(last < first, first + " then " + last);
    }
  }
}
