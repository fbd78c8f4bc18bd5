package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsExportTest {

  private static Map<String, byte[]> unzip(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
    for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
      entries.put(e.getName(), zip.readAllBytes());
    }
    return entries;
  }

  /** As numpy.load has it. */
  private static FloatBuffer npy(byte[] file) {
    ByteBuffer b = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = b.getShort(8);
    assertEquals(0, (10 + header) % 64);
    assertTrue(new String(file, 10, header, StandardCharsets.US_ASCII).contains("'<f4'"));
    return b.position(10 + header).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  /** What a runner of bioimage.io models does: checks the files, normalises, runs, compares. */
  @Test
  void anotherRunnerGetsWhatTheArchiveSays(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("nuclei.zip");
    Shell shell = Shell.run("models", "export", "nuclei", "--bioimage", file);
    assertEquals(0, shell.code(), shell.err());
    Map<String, byte[]> entries = unzip(file);
    JsonNode rdf = new YAMLMapper().readTree(entries.get("rdf.yaml"));
    for (JsonNode reference : rdf.findParents("sha256")) {
      if (!reference.has("source")) continue;
      byte[] bytes = entries.get(reference.get("source").asText());
      String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      assertEquals(reference.get("sha256").asText(), sha256, reference.toString());
    }
    JsonNode input = rdf.at("/inputs/0");
    assertEquals("scale_range", input.at("/preprocessing/1/id").asText());
    int side = input.at("/axes/2/size/min").asInt();
    int halo = rdf.at("/outputs/0/axes/2/halo").asInt();
    assertTrue(side > 2 * halo, side + " leaves nothing without a halo of " + halo);
    float[] x = new float[side * side];
    npy(entries.get("test_input.npy")).get(x);
    normalize(
        x,
        input.at("/preprocessing/1/kwargs/min_percentile").asDouble(),
        input.at("/preprocessing/1/kwargs/max_percentile").asDouble());

    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(entries.get("weights.onnx"));
        OnnxTensor tensor =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(x), new long[] {1, 1, side, side});
        OrtSession.Result result = session.run(Map.of("image", tensor))) {
      for (int i = 0; i < 2; i++) {
        float[] expected = new float[x.length];
        npy(entries.get(rdf.at("/outputs/" + i + "/test_tensor/source").asText())).get(expected);
        float[] actual = new float[x.length];
        ((OnnxTensor) result.get(i)).getFloatBuffer().get(actual);
        assertArrayEquals(expected, actual, 1e-4f);
      }
    }
  }

  /** Percentiles with linear interpolation, as numpy has them. */
  private static void normalize(float[] x, double low, double high) {
    float[] sorted = x.clone();
    Arrays.sort(sorted);
    double lowest = percentile(sorted, low);
    double highest = percentile(sorted, high);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) ((x[i] - lowest) / (highest - lowest + 1e-6));
    }
  }

  private static double percentile(float[] sorted, double p) {
    double at = p / 100 * (sorted.length - 1);
    int i = (int) at;
    double next = sorted[Math.min(i + 1, sorted.length - 1)];
    return sorted[i] + (at - i) * (next - sorted[i]);
  }

  @Test
  void nothingIsReplacedUnlessForced(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("n.onnx");
    assertEquals(0, Shell.run("models", "export", "nuclei", "--onnx", file).code());
    byte[] first = Files.readAllBytes(file);
    Shell again = Shell.run("models", "export", "nuclei", "--onnx", file);
    assertEquals(1, again.code());
    assertTrue(again.problem().contains("--force"), again.problem());
    assertEquals(0, Shell.run("models", "export", "nuclei", "--onnx", file, "--force").code());
    assertArrayEquals(first, Files.readAllBytes(file), "the same model gives the same bytes");
  }

  @Test
  void whatTheFormatAsksForIsSaid(@TempDir Path folder) {
    Path file = folder.resolve("n.zip");
    Shell shell =
        Shell.run("models", "export", "nuclei", "--bioimage", file, "--license", "ask me");
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("SPDX"), shell.problem());
    assertFalse(Files.exists(file));
    assertEquals(2, Shell.run("models", "export", "nuclei").code());
  }
}
