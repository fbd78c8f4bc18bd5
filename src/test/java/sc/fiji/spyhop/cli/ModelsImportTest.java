package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

/** Weights in safetensors and layers in notation become a model, and what does not fit is told. */
class ModelsImportTest {

  @TempDir Path folder;

  private Path file;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("net.safetensors");
    model = folder.resolve("out.spyhop");
    Safetensors.write(
        file,
        new Weights(
            Map.of(
                "theirs.weight",
                new Tensor(Axes.OI, new int[] {2, 3 * 4}, new float[24]),
                "theirs.bias",
                new Tensor(Axes.C, new int[] {2}, new float[] {0, 1}))),
        Map.of());
    Path base = folder.resolve("base.spyhop");
    var network =
        NetworkBuilder.input("image", Shape.of(3, 2, 2))
            .flatten("flat")
            .dense("fc", 2)
            .activation("prob", sc.fiji.spyhop.network.Layer.Function.SOFTMAX)
            .build();
    var spec =
        new ModelSpec(
            "base",
            "",
            sc.fiji.spyhop.task.Classification.of(List.of("a", "b")),
            new ModelSpec.Input(
                Axes.NCHW,
                3,
                sc.fiji.spyhop.image.Colors.RGB,
                new sc.fiji.spyhop.image.Resize.Cover(
                    2, 2, sc.fiji.spyhop.image.Interpolation.BILINEAR),
                new sc.fiji.spyhop.image.Normalization.Fixed(List.of(0.0), List.of(1.0)),
                sc.fiji.spyhop.image.PixelSize.UNCALIBRATED),
            ModelSpec.Inference.of(network),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    ModelFile.write(
        new sc.fiji.spyhop.model.Model(
            spec,
            network,
            new Weights(
                Map.of(
                    "fc.weight",
                    new Tensor(Axes.OI, new int[] {2, 12}, new float[24]),
                    "fc.bias",
                    new Tensor(Axes.C, new int[] {2}, new float[2])))),
        base);
  }

  private Shell run(String... more) {
    String[] all =
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of("models", "import"), java.util.Arrays.stream(more))
            .toArray(String[]::new);
    return Shell.run(all);
  }

  @Test
  void makesAModelThatChecks() {
    Shell made =
        run(
            file.toString(),
            "--network",
            folder.resolve("base.spyhop").toString(),
            "--classes",
            "no,yes",
            "--preprocess",
            "rgb/255",
            "--output",
            model.toString());
    assertEquals(0, made.code(), made.err());
    ModelSpec spec = ModelFile.readSpec(model);
    assertEquals(List.of("no", "yes"), spec.names());
    assertEquals("out", spec.name());
    assertEquals(1f, ModelFile.read(model).weights().get("fc.bias").data()[1]);
    assertEquals(0, Shell.run("models", "check", model.toString()).code());
    assertEquals(
        1,
        run(file.toString(), "--preprocess", "rgb", "--output", model.toString()).code(),
        "it exists already");
  }

  /** Layers with their input in front are a network; what does not fit names the file. */
  @Test
  void layersAreWrittenWithTheirInput() {
    String[] options = {"--classes", "no,yes", "--preprocess", "rgb/255", "--output"};
    Shell made = run(with(options, "--network", "3x2x2 FC2"));
    assertEquals(0, made.code(), made.err());
    assertEquals(
        1f,
        ModelFile.read(model).weights().tensors().values().stream()
            .filter(t -> t.shape().length == 1)
            .findFirst()
            .orElseThrow()
            .data()[1]);
    Shell other = run(with(options, "--network", "3x2x2 FC3", "--replace"));
    assertEquals(1, other.code());
    assertTrue(
        other.err().contains("net.safetensors") && other.err().contains("shape"), other.err());
    Shell none = run(with(options, "--network", "FC2", "--replace"));
    assertTrue(none.err().contains("\"1x28x28 FC2\""), none.err());
  }

  private String[] with(String[] options, String... more) {
    java.util.List<String> all = new java.util.ArrayList<>(List.of(file.toString()));
    all.addAll(List.of(options));
    all.add(model.toString());
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  /** A network of another program in, classes out. */
  @Test
  void anOnnxNetworkIsImportedAndClassifies() {
    Path net = folder.resolve("lamp.onnx");
    assertEquals(
        0, Shell.run("models", "export", Lamp.model(folder), "--onnx", net).code(), "export");
    Shell made =
        run(
            net.toString(),
            "--classes",
            "dark,bright",
            "--preprocess",
            "grey/255 any",
            "--output",
            model.toString());
    assertEquals(0, made.code(), made.err());
    Path image = folder.resolve("lamp.tif");
    sc.fiji.spyhop.ij.LabelImages.save(new ij.ImagePlus("lamp", Lamp.plane(40, 30, 25, 10)), image);
    Path results = folder.resolve("results");
    Shell seen = Shell.run("classify", "--model", model, "--output", results, image);
    assertEquals(0, seen.code(), seen.err());
    String row =
        assertDoesNotThrow(() -> Files.readAllLines(results.resolve("results.csv")).get(1));
    assertTrue(row.contains(",bright,0.98"), row);
  }

  @Test
  void refusesBeforeAnythingIsWritten() {
    for (List<String> wrong :
        List.of(
            List.of(file.toString(), "--preprocess", "rgb"),
            List.of(file.toString(), "--preprocess", "rbg", "--network", "vgg19"),
            List.of(file.toString(), "--preprocess", "rgb", "--network", "vgg19"),
            List.of(folder.resolve("no.onnx").toString(), "--preprocess", "rgb"),
            List.of(folder.resolve("base.spyhop").toString(), "--preprocess", "rgb"))) {
      java.util.ArrayList<String> arguments = new java.util.ArrayList<>(wrong);
      arguments.addAll(List.of("--output", model.toString()));
      Shell refused = run(arguments.toArray(String[]::new));
      assertEquals(wrong.contains("rbg") ? 2 : 1, refused.code(), wrong + refused.err());
      assertFalse(Files.exists(model));
      assertTrue(refused.err().startsWith("spyhop: "), refused.err());
    }
  }

  /** A described model says itself what these options say. */
  @Test
  void aDescribedModelTakesNoPreparation() throws IOException {
    Path described = Files.createDirectory(folder.resolve("described"));
    Files.writeString(described.resolve("rdf.yaml"), "format_version: 0.5.4\n");
    for (String[] option :
        List.of(new String[] {"--preprocess", "grey"}, new String[] {"--network", "vgg19"})) {
      Shell refused = run(described.toString(), option[0], option[1], "--output", model.toString());
      assertEquals(2, refused.code(), refused.err());
      assertTrue(refused.err().contains(option[0]), refused.err());
      assertTrue(refused.err().contains("leave this out"), refused.err());
    }
    Shell refused = run(described.toString(), "--output", model.toString());
    assertEquals(1, refused.code(), refused.err());
    assertTrue(refused.err().contains("inputs: expected one"), refused.err());
    assertFalse(Files.exists(model));
  }

  @Test
  void listsDownloads() {
    Shell listed = Shell.run("models", "download");
    assertEquals(0, listed.code());
    assertTrue(listed.out().contains("vgg19"), listed.out());
    assertEquals(1, Shell.run("models", "download", "vgg20").code());
  }
}
