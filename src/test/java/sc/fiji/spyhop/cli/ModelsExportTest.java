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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.exchange.dl4j.Dl4jExport;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Presets;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

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

  @Test
  void whatIsWrittenForDeeplearning4jIsReadAgain(@TempDir Path folder) throws Exception {
    Path nuclei = folder.resolve("nuclei.zip");
    Shell shell = Shell.run("models", "export", "nuclei", "--dl4j", nuclei);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.out().contains("normalised values"), shell.out());
    assertEquals(Set.of("configuration.json", "coefficients.bin"), unzip(nuclei).keySet());
    Network lenet = Presets.lenet(1, 10);
    Weights weights = Initialization.of(lenet, 1);
    Path zip = folder.resolve("lenet.zip");
    AtomicFile.write(zip, Dl4jExport.of(lenet, weights)::write);
    Path model = folder.resolve("lenet.spyhop");
    String images = "grey/255 stretch 28x28";
    shell = Shell.run("models", "import", zip, "--preprocess", images, "--output", model);
    assertEquals(0, shell.code(), shell.err());
    Model read = ModelFile.read(model);
    assertEquals(10, read.spec().names().size());
    String kernel = lenet.layers().get(0).name() + ".weight";
    assertArrayEquals(weights.get(kernel).data(), read.weights().get(kernel).data());
    shell = Shell.run("models", "export", "nuclei", "--dl4j", nuclei);
    assertFalse(shell.code() == 0, "written over a file that was there");
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

  /** Models of several tasks come back as they were, by way of ONNX and YAML. */
  @Test
  void whatWasExportedIsImportedAsItWas(@TempDir Path folder) throws IOException {
    for (Path model :
        List.of(nuclei(folder), exemplary(Discs.model(folder)), exemplary(Lamp.model(folder)))) {
      Path zip = folder.resolve("exported.zip");
      Path back = folder.resolve("back.spyhop");
      String[] about = {"--license", "CC0-1.0", "--author", "somebody"};
      Shell out =
          Shell.run(
              "models",
              "export",
              model,
              "--bioimage",
              zip,
              "--force",
              about[0],
              about[1],
              about[2],
              about[3]);
      assertEquals(0, out.code(), out.err());
      Shell in = Shell.run("models", "import", zip, "--output", back, "--force");
      assertEquals(0, in.code(), in.err());
      assertTrue(in.err().contains("gave what it should"), in.err());
      Model first = ModelFile.read(model);
      Model second = ModelFile.read(back);
      assertEquals(first.spec().task(), second.spec().task());
      assertEquals(first.spec().input(), second.spec().input());
      assertEquals(first.spec().training(), second.spec().training());
      assertEquals("somebody", second.spec().author());
      Tensor input = first.example().orElseThrow().input();
      List<Tensor> expected = outputs(first, input);
      List<Tensor> received = outputs(second, input);
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i).data(), received.get(i).data(), 1e-5f, model.toString());
      }
    }
  }

  /** A model with a test, which is asked for. */
  private static Path exemplary(Path model) {
    ModelFile.write(NetworkImport.withExample(ModelFile.read(model)), model);
    return model;
  }

  private static Path nuclei(Path folder) {
    Path file = folder.resolve("nuclei.spyhop");
    ModelFile.write(ModelRegistry.standard().find("nuclei"), file);
    return file;
  }

  private static List<Tensor> outputs(Model model, Tensor pixels) {
    Engine engine = Engines.forPrediction(model.network());
    try (Predictor predictor =
        engine.predictor(model.network(), model.weights(), engine.devices().get(0))) {
      String name = model.network().inputs().get(0).name();
      return model
          .withExample(pixels, t -> predictor.predict(Map.of(name, t)))
          .example()
          .orElseThrow()
          .outputs();
    }
  }

  /** What somebody changed in the description counts, not what Spyhop once wrote there. */
  @Test
  void aDescriptionThatWasChangedIsFollowed(@TempDir Path folder) throws IOException {
    Path zip = folder.resolve("exported.zip");
    Path model = nuclei(folder);
    Shell.run(
        "models", "export", model, "--bioimage", zip, "--license", "CC0-1.0", "--author", "me");
    Path files = Files.createDirectory(folder.resolve("files"));
    for (Map.Entry<String, byte[]> e : unzip(zip).entrySet()) {
      Files.write(files.resolve(e.getKey()), e.getValue());
    }
    Path rdf = files.resolve("rdf.yaml");
    String text = Files.readString(rdf);
    assertTrue(text.contains("min_percentile: 1.0"), text);
    Files.writeString(rdf, text.replace("min_percentile: 1.0", "min_percentile: 40.0"));
    Shell changed = Shell.run("models", "import", files, "--output", folder.resolve("b.spyhop"));
    assertEquals(1, changed.code(), changed.out() + changed.err());
    assertTrue(changed.problem().contains("outputs: expected one"), changed.problem());
  }
}
