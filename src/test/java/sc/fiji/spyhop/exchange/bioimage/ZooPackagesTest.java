package sc.fiji.spyhop.exchange.bioimage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.util.ZipEntries;

/**
 * Packages in each format of weights, whose test outputs NumPy, PyTorch and Keras gave; see {@code
 * src/test/python/zoo_packages.py}.
 */
class ZooPackagesTest {

  private static final String FOLDER = "/sc/fiji/spyhop/exchange/bioimage/";

  @TempDir Path folder;

  private Path zip(String name) throws IOException {
    Path file = folder.resolve(name + ".zip");
    try (InputStream in = ZooPackagesTest.class.getResourceAsStream(FOLDER + name + ".zip")) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  /** The same with another description. */
  private Path described(String name, UnaryOperator<String> edit) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip(name)))) {
      for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        in.transferTo(bytes);
        files.put(e.getName(), bytes.toByteArray());
      }
    }
    String text = new String(files.get("rdf.yaml"), StandardCharsets.UTF_8);
    String edited = edit.apply(text);
    assertTrue(!edited.equals(text), text);
    files.put("rdf.yaml", edited.getBytes(StandardCharsets.UTF_8));
    Path file = folder.resolve("edited.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> f : files.entrySet()) {
        out.putNextEntry(ZipEntries.undated(f.getKey()));
        out.write(f.getValue());
      }
    }
    return file;
  }

  private static NetworkImport.Result imported(Path file) {
    return new BioimageImport(file, NetworkImport.About.named("zoo"), "").run(Progress.NONE);
  }

  private static String refused(Path file) {
    return assertThrows(SpyhopException.class, () -> imported(file)).getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "onnx_05, 'ground, bright'",
    "onnx_04, 'background, foreground'",
    "keras_04, 'background, foreground'",
    "state_dict_05, 'background, foreground'",
    "state_dict_04, 'class 0, class 1'",
    "torchscript_05, 'c0, c1'"
  })
  void becomesAModelThatGivesTheTestOutput(String name, String classes) throws IOException {
    NetworkImport.Result result = imported(zip(name));
    List<String> notes = result.notes();
    assertTrue(
        notes.contains("The test of the model was run, and gave what it should."),
        notes.toString());
    Model model = result.model();
    assertEquals(classes, String.join(", ", model.spec().names()));
    assertEquals("Ada Example, Ben Sample", model.spec().author());
    assertEquals("CC-BY-4.0", model.spec().license());
    assertTrue(model.spec().citation().contains("10.1234/example"));
    assertEquals("256 x 192 pixels", model.presentation().cover().orElseThrow().toString());
    assertTrue(model.presentation().documentation().startsWith("# Example\n\nFinds what is"));
  }

  @Test
  void weightsWithoutATestAreRefusedWhereTheyDoNotTellAll() throws IOException {
    Path file = described("state_dict_04", t -> t.replace("test_outputs:\n- output.npy\n", ""));
    String message = refused(file);
    assertTrue(message.contains("no test input with an output"), message);
  }

  @Test
  void aTestThatNoneOfTheCandidatesPassesIsTold() throws IOException {
    Path file =
        described(
            "state_dict_04",
            t ->
                t.replace(
                    "axes: yx",
                    "axes: yx\n      eps: 0.1\n  - name: clip\n    kwargs:\n      min: 0.0"));
    assertTrue(refused(file).contains("is not the test output"));
  }

  @Test
  void anotherEndThanTheDescribedOneIsNotTried() throws IOException {
    Path file =
        described(
            "state_dict_05",
            t -> t.replace("final_activation: Sigmoid", "final_activation: Softmax"));
    assertTrue(!refused(file).isEmpty());
  }

  @Test
  void coversThatAreNoPicturesAreLeftOut() throws IOException {
    NetworkImport.Result result =
        imported(described("onnx_04", t -> t.replace("- cover.png", "- README.md")));
    assertTrue(result.model().presentation().cover().isEmpty());
    assertTrue(result.notes().stream().anyMatch(n -> n.startsWith("Its cover is not a picture")));
  }

  @ParameterizedTest
  @CsvSource({
    "- cover.png, - gone.png, 'Its cover was left out: names the file gone.png, which is not there'",
    "- cover.png, - https://example.org/c.png, 'Its cover was left out: expected all files in the same folder, but it names https://example.org/c.png'",
    "documentation: README.md, documentation: ../README.md, 'Its documentation was left out: expected files within its own folder'",
    "documentation: README.md, documentation: https://example.org/, 'Its documentation was left out: expected all files in the same folder'",
    "documentation: README.md, documentation: cover.png, 'Its documentation is no text'"
  })
  void whatIsLeftOutOfCoversAndDocumentationIsSaid(String named, String by, String told)
      throws IOException {
    List<String> notes = imported(described("onnx_04", t -> t.replace(named, by))).notes();
    assertEquals(1, notes.stream().filter(n -> n.startsWith(told)).count(), () -> notes.toString());
    assertTrue(notes.stream().noneMatch(n -> n.contains("not a picture")), notes.toString());
  }

  @Test
  void coverAndDocumentationComeBackOnExport() throws IOException {
    Model model = imported(zip("onnx_05")).model();
    Path exported = folder.resolve("exported.zip");
    Engine engine = Engines.forPrediction(model.network());
    try (Predictor predictor = model.predictor(engine, engine.devices().get(0));
        OutputStream out = Files.newOutputStream(exported)) {
      String input = model.network().inputs().get(0).name();
      new BioimageArchive(model, t -> predictor.predict(Map.of(input, t))).write(out);
    }
    assertEquals(model.presentation(), imported(exported).model().presentation());
  }

  @Test
  void volumesAreRefusedWithOneSentence() throws IOException {
    Path file = described("onnx_04", t -> t.replaceFirst("axes: bcyx", "axes: bczyx"));
    assertTrue(refused(file).contains("has an axis of depth (z); Spyhop's models take"));
  }

  @Test
  void aHaloThatIsNarrowerThanTheNetworkLooksIsSaid() throws IOException {
    List<String> notes = imported(zip("onnx_04")).notes();
    assertTrue(
        notes.stream().anyMatch(n -> n.startsWith("The description gives a halo of 8 pixels")),
        notes.toString());
  }
}
