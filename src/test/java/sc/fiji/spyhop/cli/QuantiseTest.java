package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.TestModels;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** Models in eight bits, from the shell; an untrained network says something of every image. */
class QuantiseTest {

  @TempDir static Path folder;

  private static Path data;
  private static Path base;

  @BeforeAll
  static void make() {
    data = folder.resolve("data");
    Shell.run(
        "sample", "nuclei", "--seed", "1", "--count", "2", "--size", "48x48", "--output", data);
    base = folder.resolve("tiny.spyhop");
    ModelFile.write(TestModels.nuclei("tiny"), base);
  }

  private static Shell quantise(Object model, Path images, String output) {
    return Shell.run(
        "models", "quantise", model, "--data", images, "--output", folder.resolve(output));
  }

  @Test
  void anAnnotatedFolderTellsTheAccuracyOfBoth() {
    Shell made = quantise(base, data, "eight.spyhop");
    assertEquals(0, made.code(), made.err());
    Path eight = folder.resolve("eight.spyhop");
    for (String figure :
        new String[] {"float32 F1", "int8 F1", "float32 mean AP", "int8 mean AP"}) {
      assertTrue(made.out().contains(figure), made.out());
      assertTrue(ModelFile.readSpec(eight).training().figures().containsKey(figure), figure);
    }
    assertFalse(made.out().contains("validation"), made.out());
    String shown = Shell.run("models", "show", eight).out();
    assertTrue(shown.contains("int8 in "), shown);
    assertTrue(shown.contains("int8 F1"), shown);
    String before = Shell.run("models", "show", base).out();
    assertTrue(before.contains("float32"), before);
    // what goes on learning is the same
    Model model = ModelFile.read(eight);
    ModelFile.read(base)
        .weights()
        .tensors()
        .forEach((name, t) -> assertArrayEquals(t.data(), model.weights().get(name).data(), name));
    assertEquals("eight", model.spec().name());
  }

  @Test
  void aModelInEightBitsSaysSoWhereItWorks() {
    quantise(base, data, "works.spyhop");
    Shell segmented =
        Shell.run(
            "segment",
            "--model",
            folder.resolve("works.spyhop"),
            "--output",
            folder.resolve("results"),
            data.resolve("images"));
    assertEquals(0, segmented.code(), segmented.err());
    assertTrue(segmented.err().contains(", int8"), segmented.err());
  }

  @Test
  void withoutTruthOutputsAreCompared() {
    Shell made = quantise(base, data.resolve("images"), "compared.spyhop");
    assertEquals(0, made.code(), made.err());
    assertTrue(made.err().contains("No accuracy is told"), made.err());
    double difference =
        ModelFile.readSpec(folder.resolve("compared.spyhop"))
            .training()
            .figures()
            .get("int8 mean difference");
    assertTrue(difference > 0 && difference < 0.02, difference + "");
  }

  @Test
  void anExportedModelRoundsBetweenItsLayers() throws IOException {
    quantise(base, data, "exported.spyhop");
    Path onnx = folder.resolve("exported.onnx");
    Shell shell = Shell.run("models", "export", folder.resolve("exported.spyhop"), "--onnx", onnx);
    assertEquals(0, shell.code(), shell.err());
    String bytes = Files.readString(onnx, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertTrue(bytes.contains("QuantizeLinear") && bytes.contains("DequantizeLinear"));
  }

  /** Others cannot be asked to round as we do, so they get what it was made of. */
  @Test
  void otherFormatsGetTheWeightsOf32Bits() {
    Path eight = folder.resolve("outward.spyhop");
    quantise("nuclei", data, "outward.spyhop");
    Path zip = folder.resolve("outward.zip");
    Shell shell = Shell.run("models", "export", eight, "--bioimage", zip);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("the weights of 32 bits"), shell.err());
    Path again = folder.resolve("again.spyhop");
    Shell imported = Shell.run("models", "import", zip, "--output", again);
    assertEquals(0, imported.code(), imported.err());
    Model read = ModelFile.read(again);
    assertTrue(read.quantization().isNone());
    assertEquals(0, Shell.run("models", "check", again).code());
  }

  @Test
  void whatCannotBeQuantisedIsRefusedAndNothingWritten() throws IOException {
    quantise(base, data, "once.spyhop");
    refused(folder.resolve("once.spyhop"), data, "is quantised already");
    refused("whales", data, "pipeline");
    refused(Lamp.model(folder), data, "there is nothing to quantise");
    refused(base, Files.createDirectories(folder.resolve("empty")), "has none");
    refused(base, folder.resolve("absent"), "absent");
    assertFalse(Files.exists(folder.resolve("refused.spyhop")));
  }

  /** Sums of products of such weights are beyond all floats. */
  @Test
  void valuesThatNoRangeCoversAreRefused() {
    Model tiny = ModelFile.read(base);
    Map<String, Tensor> huge = new LinkedHashMap<>();
    tiny.weights()
        .tensors()
        .forEach(
            (name, t) -> {
              Tensor changed = new Tensor(t.axes(), t.shape(), t.data().clone());
              if (name.endsWith("conv1.weight")) {
                for (int i = 0; i < t.length(); i++) changed.data()[i] *= 1e30f;
              }
              huge.put(name, changed);
            });
    Path file = folder.resolve("huge.spyhop");
    ModelFile.write(new Model(tiny.spec(), tiny.network(), new Weights(huge)), file);
    refused(file, data, "values that are not finite numbers");
  }

  private static void refused(Object model, Path images, String why) {
    Shell shell = quantise(model, images, "refused.spyhop");
    assertTrue(shell.code() != 0, shell.out());
    assertTrue(shell.problem().contains(why), shell.problem());
  }
}
