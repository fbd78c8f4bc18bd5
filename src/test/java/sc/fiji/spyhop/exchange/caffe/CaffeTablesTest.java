package sc.fiji.spyhop.exchange.caffe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.FileRunner;
import sc.fiji.spyhop.engine.FileRunner.Values;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** A detector with maps of two scales; expected values are those of PyTorch. */
class CaffeTablesTest {

  private static final String FOLDER = "/sc/fiji/spyhop/exchange/caffe/";

  @TempDir Path folder;
  private Path prototxt;
  private Path caffemodel;

  @BeforeEach
  void copy() throws IOException {
    prototxt = copy("tables.prototxt");
    caffemodel = copy("tables.caffemodel");
  }

  private Path copy(String name) throws IOException {
    try (InputStream in = getClass().getResourceAsStream(FOLDER + name)) {
      Files.copy(in, folder.resolve(name));
    }
    return folder.resolve(name);
  }

  private static Map<String, Values> run(byte[] onnx, Tensor image) {
    OnnxContent content = OnnxContent.of(onnx);
    Network network =
        new Network(
            List.of(new Network.Input("in", Shape.of(2, Shape.ANY, Shape.ANY))),
            List.of(new OnnxGraph("n", "in", content, "out", 1, 0, 0, 1, false, List.of())),
            List.of("n"));
    Engine engine = Engines.forPrediction(network);
    try (FileRunner runner = engine.runner(content, Optional.empty(), engine.devices().get(0))) {
      return runner.run(image, false, List.of());
    }
  }

  @Test
  void tablesAreThoseOfCaffe() throws IOException {
    float[] pixels = new float[2 * 8 * 6];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (float) (37 * i % 101 / 50.0 - 1);
    Map<String, Values> found =
        run(
            CaffeImport.detector(prototxt, caffemodel, Optional.empty()),
            new Tensor(Axes.NCHW, new int[] {1, 2, 8, 6}, pixels));
    int candidates = 2 * 8 * 6 + 4 * 3;
    Values boxes = found.get("output boxes");
    Values scores = found.get("output scores");
    assertEquals(List.of(1, candidates, 4), boxes.shape());
    assertEquals(List.of(1, candidates, 3), scores.shape());
    JsonNode expected;
    try (InputStream in = getClass().getResourceAsStream(FOLDER + "tables.json")) {
      expected = JsonMapper.builder().build().readTree(in).path("expected");
    }
    assertEquals(7 * candidates, expected.size());
    for (int i = 0; i < expected.size(); i++) {
      int at = i - 4 * candidates;
      float value = at < 0 ? boxes.values()[i] : scores.values()[at];
      assertEquals(expected.get(i).asDouble(), value, 2e-5, "value " + i);
    }
  }

  @Test
  void whatHasNoTablesIsNoDetector() throws IOException {
    String text = Files.readString(prototxt);
    Files.writeString(
        prototxt, text.substring(0, text.indexOf("layer { name: \"b1\"")), StandardCharsets.UTF_8);
    String message =
        assertThrows(
                SpyhopException.class,
                () -> CaffeImport.detector(prototxt, caffemodel, Optional.empty()))
            .getMessage();
    assertTrue(message.contains("expected a detector"), message);
  }
}
