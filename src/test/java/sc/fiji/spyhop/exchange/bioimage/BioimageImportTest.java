package sc.fiji.spyhop.exchange.bioimage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.Meaning;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * Descriptions written by hand after the public format, for networks of one convolution of 1 x 1
 * whose results can be calculated by hand: logit = 2 x - 1 of the prepared value x.
 */
class BioimageImportTest {

  /** Mean 5, population deviation 2. */
  private static final float[] PIXELS = {2, 4, 4, 4, 5, 5, 7, 9};

  private static final int[] PLANE = {1, 1, 2, 4};

  private static final String HEAD =
      """
      %YAML 1.2
      ---
      format_version: 0.5.4
      type: model
      name: Lamps
      description: finds lamps
      authors: [{name: A. Smith, affiliation: here}, {name: B. Jones}]
      cite: [{text: A paper, doi: 10.1234/abc}]
      license: CC0-1.0
      tags: [lamp]
      """;

  private static final String AXES =
      "[{type: batch}, {type: channel, channel_names: [c]}, {type: space, id: y, size: {min: 2, step:"
          + " 1}}, {type: space, id: x, size: {min: 4, step: 1}}]";

  @TempDir Path temporary;

  private Path folder;

  @BeforeEach
  void network() throws IOException {
    folder = Files.createDirectory(temporary.resolve("lamps"));
    weights(NetworkBuilder.image(1).convolution("logit", 1, 1).build(), new float[] {2}, -1);
  }

  private void weights(Network network, float[] kernel, float... bias) throws IOException {
    Weights weights =
        new Weights(
            Map.of(
                "logit.weight",
                new Tensor(
                    Axes.OIHW, new int[] {bias.length, kernel.length / bias.length, 1, 1}, kernel),
                "logit.bias",
                new Tensor(Axes.C, new int[] {bias.length}, bias)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OnnxWriter.write(OnnxExport.of(network, weights.fittedTo(network)), bytes);
    Files.write(folder.resolve("weights.onnx"), bytes.toByteArray());
  }

  private void array(String name, int[] shape, float... values) throws IOException {
    Axes axes = new Axes("NCHWD".substring(0, shape.length));
    Files.write(folder.resolve(name), NpyFile.bytes(new Tensor(axes, shape, values)));
  }

  /** A description of version 0.5 with these steps, and a test made of the pixels. */
  private void describe(String before, String behind, DoubleUnaryOperator expected)
      throws IOException {
    float[] output = new float[PIXELS.length];
    for (int i = 0; i < output.length; i++) output[i] = (float) expected.applyAsDouble(PIXELS[i]);
    array("in.npy", PLANE, PIXELS);
    array("out.npy", PLANE, output);
    write(
        HEAD
            + "inputs: [{id: raw, axes: "
            + AXES
            + ", test_tensor: {source: in.npy}, preprocessing: ["
            + before
            + "]}]\noutputs: [{id: p, axes: "
            + AXES
            + ", test_tensor: {source: out.npy}, postprocessing: ["
            + behind
            + "]}]\nweights: {onnx: {source: weights.onnx, opset_version: 15}}\n");
  }

  private void write(String description) throws IOException {
    Files.writeString(folder.resolve("rdf.yaml"), description);
  }

  private void replace(String what, String by) throws IOException {
    String text = Files.readString(folder.resolve("rdf.yaml"));
    assertTrue(text.contains(what), text);
    write(text.replace(what, by));
  }

  private static NetworkImport.Result imported(Path path) {
    return new BioimageImport(path, NetworkImport.About.named("lamps"), "").run(Progress.NONE);
  }

  private static void refused(Path path, String... words) {
    SpyhopException e = assertThrows(SpyhopException.class, () -> imported(path));
    for (String word : words) assertTrue(e.getMessage().contains(word), e.getMessage());
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** What a model gives for an image of one row. */
  private static Tensor predicted(Model model, int channels, float... pixels) {
    int width = pixels.length / channels;
    Frame frame =
        new Frame("image", ArrayImgs.floats(pixels, width, 1, channels), PixelSize.UNCALIBRATED);
    Engine engine = Engines.forPrediction(model.network());
    try (Predictor predictor =
        engine.predictor(model.network(), model.weights(), engine.devices().get(0))) {
      return predictor
          .predict(Map.of(model.network().inputs().get(0).name(), model.spec().input().read(frame)))
          .get(0);
    }
  }

  private static void assertForeground(Model model, float[] pixels, double... expected) {
    Tensor p = predicted(model, 1, pixels);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], p.get(0, 1, 0, i), 1e-5, "pixel " + i);
      assertEquals(1 - expected[i], p.get(0, 0, 0, i), 1e-5, "pixel " + i);
    }
  }

  /** Values 1 and 3: mean 2, deviation 1. */
  @Test
  void aSigmoidBecomesTheProbabilityOfTheForeground() throws IOException {
    describe(
        "{id: ensure_dtype, kwargs: {dtype: float32}}, {id: zero_mean_unit_variance, kwargs: {axes:"
            + " [x, y], eps: 1e-6}}",
        "{id: sigmoid}, {id: ensure_dtype, kwargs: {dtype: float32}}",
        x -> sigmoid(2 * (x - 5) / (2 + 1e-6) - 1));
    Model model = imported(folder).model();
    assertEquals(List.of("background", "foreground"), model.spec().names());
    assertEquals("finds lamps", model.spec().description());
    assertEquals("A. Smith, B. Jones", model.spec().author());
    assertEquals("A paper, 10.1234/abc", model.spec().citation());
    assertEquals("CC0-1.0", model.spec().license());
    assertArrayEquals(PIXELS, model.example().orElseThrow().input().data());
    assertForeground(model, new float[] {1, 3}, sigmoid(-3), sigmoid(1));
  }

  /** The same as version 0.4 has it, channels last, and the file alone. */
  @Test
  void version04() throws IOException {
    array("in.npy", new int[] {1, 2, 4, 1}, PIXELS);
    float[] output = new float[PIXELS.length];
    for (int i = 0; i < output.length; i++)
      output[i] = (float) sigmoid(2 * (PIXELS[i] - 2) / 7 - 1);
    array("out.npy", new int[] {1, 2, 4, 1}, output);
    Files.writeString(
        folder.resolve("bioimageio.yaml"),
        """
        format_version: 0.4.10
        type: model
        name: Lamps
        inputs:
          - name: raw
            axes: byxc
            data_type: float32
            data_range: [-.inf, .inf]
            shape: {min: [1, 2, 4, 1], step: [0, 1, 1, 0]}
            preprocessing:
              - name: scale_range
                kwargs: {mode: per_sample, axes: yx, min_percentile: 0, max_percentile: 100.0}
        outputs:
          - name: p
            axes: byxc
            data_type: float32
            halo: [0, 0, 0, 0]
            shape: {reference_tensor: raw, scale: [1, 1, 1, 1], offset: [0, 0, 0, 0]}
            postprocessing: [{name: sigmoid}]
        test_inputs: [in.npy]
        test_outputs: [./out.npy]
        weights:
          pytorch_state_dict: {source: "https://example.com/w.pt"}
          onnx: {source: weights.onnx, opset_version: 15}
        """);
    for (Path path : List.of(folder, folder.resolve("bioimageio.yaml"))) {
      assertForeground(imported(path).model(), new float[] {0, 1}, sigmoid(-1), sigmoid(1));
    }
  }

  private Path zip(String top, Map<String, byte[]> more) throws IOException {
    Path file = temporary.resolve("lamps.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : List.of("weights.onnx", "in.npy", "out.npy", "rdf.yaml")) {
        if (more.containsKey(name)) continue;
        zip.putNextEntry(new ZipEntry(top + name));
        zip.write(Files.readAllBytes(folder.resolve(name)));
      }
      for (Map.Entry<String, byte[]> e : more.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey()));
        zip.write(e.getValue());
      }
    }
    return file;
  }

  @Test
  void zipFilesWithAndWithoutATopFolder() throws IOException {
    describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1));
    for (String top : List.of("", "lamps/", "two/levels/")) {
      Model model = imported(zip(top, Map.of())).model();
      assertForeground(model, new float[] {0, 1}, sigmoid(-1), sigmoid(1));
    }
    imported(zip("", Map.of("a/rdf.yaml", new byte[10]))); // the outermost counts
    refused(zip("", Map.of("rdf.yaml", new byte[8 << 20])), "rdf.yaml holds more than 1 MB");
  }

  @Test
  void aTestThatDoesNotFitIsRefused() throws IOException {
    describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1) - (x == 9 ? 0.25 : 0));
    refused(folder, "is not the test output", "0.25", "of 16 values");
    array("out.npy", new int[] {1, 1, 4, 2}, PIXELS);
    refused(folder, "expected a test output of the shape [1, 1, 2, 4]");
    array("out.npy", new int[] {1, 2, 4}, PIXELS);
    refused(folder, "expected an array of 4 dimensions (bcyx)");
  }

  /** What the description allows counts, up to what the format allows. */
  @Test
  void theToleranceIsTheOneDescribed() throws IOException {
    describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1) - (x == 9 ? 0.005 : 0));
    refused(folder, "is not the test output");
    String tolerance =
        "config: {bioimageio: {reproducibility_tolerance: [{absolute_tolerance: %s,"
            + " relative_tolerance: 0}]}}\nweights:";
    replace("weights:", Strings.format(tolerance, "6e-3"));
    assertTrue(imported(folder).notes().toString().contains("gave what it should"));
    describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1) - (x == 9 ? 0.5 : 0));
    replace("weights:", Strings.format(tolerance, "1"));
    refused(folder, "at most 0.01");
  }

  @Test
  void withoutATestThatIsSaid() throws IOException {
    describe("", "{id: sigmoid}", x -> 0);
    replace(", test_tensor: {source: out.npy}", "");
    NetworkImport.Result result = imported(folder);
    assertTrue(result.notes().toString().contains("no test input with outputs"));
    assertTrue(result.model().example().isPresent());
  }

  /** Linear steps before the network, each alone and behind each other. */
  @Test
  void linearSteps() throws IOException {
    describe(
        "{id: scale_linear, kwargs: {gain: 0.5, offset: 1}}, {id: fixed_zero_mean_unit_variance,"
            + " kwargs: {mean: 3, std: 2}}",
        "{id: sigmoid}",
        x -> sigmoid(2 * (0.5 * x + 1 - 3) / 2 - 1));
    Model model = imported(folder).model();
    assertForeground(model, new float[] {4, 6}, sigmoid(-1), sigmoid(0));
    describe(
        "{name: zero_mean_unit_variance, kwargs: {mode: fixed, mean: [4], std: [0.5], eps: 0.5}}",
        "{id: scale_linear, kwargs: {gain: -1, offset: 3}}, {id: sigmoid}",
        x -> sigmoid(3 - (2 * (x - 4) - 1)));
    assertForeground(imported(folder).model(), new float[] {4, 5}, sigmoid(4), sigmoid(2));
  }

  /** A gain before a measured step changes nothing but how large the epsilon is beside it. */
  @Test
  void measuredBehindLinear() throws IOException {
    describe(
        "{id: scale_linear, kwargs: {gain: 0.25, offset: 7}}, {id: zero_mean_unit_variance, kwargs:"
            + " {axes: [batch, channel, y, x], eps: 0.1}}",
        "{id: sigmoid}",
        x -> sigmoid(2 * (0.25 * (x - 5)) / (0.25 * 2 + 0.1) - 1));
    NetworkImport.Result result = imported(folder);
    assertTrue(result.notes().toString().contains("measured on its own"), result.notes()::toString);
    assertForeground(
        result.model(), new float[] {1, 3}, sigmoid(2 * -0.25 / 0.35 - 1), sigmoid(0.5 / 0.35 - 1));
  }

  @Test
  void clippedValues() throws IOException {
    DoubleUnaryOperator range = x -> (x - 2) / (7 + 1e-6);
    String measured = "{id: scale_range, kwargs: {axes: [y, x]}}, ";
    describe(
        measured + "{id: clip, kwargs: {min: 0.2, max: 0.5}}",
        "{id: sigmoid}, {id: clip, kwargs: {min: 0, max: 1}}",
        x -> sigmoid(2 * Math.max(0.2, Math.min(0.5, range.applyAsDouble(x))) - 1));
    Model model = imported(folder).model();
    assertForeground(model, new float[] {0, 3, 10}, sigmoid(-0.6), sigmoid(-0.4), sigmoid(0));
    describe(
        measured
            + "{id: clip, kwargs: {max: 0.5}}, {id: scale_linear, kwargs: {gain: 2, offset: 1}}",
        "{id: sigmoid}",
        x -> sigmoid(2 * (2 * Math.min(0.5, range.applyAsDouble(x)) + 1) - 1));
    imported(folder);
    describe(
        "{id: clip, kwargs: {min: 4}}, {id: sigmoid}",
        "{id: sigmoid}",
        x -> sigmoid(2 * sigmoid(Math.max(4, x)) - 1));
    imported(folder);
  }

  /** A pixel is of the foreground if it is above the threshold. */
  @Test
  void binarizedOutputs() throws IOException {
    describe(
        "{id: scale_linear, kwargs: {gain: 0.1}}",
        "{id: sigmoid}, {id: binarize, kwargs: {threshold: 0.4}}, {id: ensure_dtype, kwargs:"
            + " {dtype: uint8}}",
        x -> sigmoid(0.2 * x - 1) > 0.4 ? 1 : 0);
    Model model = imported(folder).model();
    Tensor p = predicted(model, 1, 2.9f, 3.0f);
    assertTrue(p.get(0, 1, 0, 0) < 0.5, "sigmoid(-0.42) is 0.397");
    assertTrue(p.get(0, 1, 0, 1) > 0.5, "sigmoid(-0.4) is 0.401");
    describe("", "{id: binarize, kwargs: {threshold: 8}}", x -> 2 * x - 1 > 8 ? 1 : 0);
    assertTrue(predicted(imported(folder).model(), 1, 4.4f).get(0, 1, 0, 0) < 0.5);
    assertTrue(predicted(imported(folder).model(), 1, 4.6f).get(0, 1, 0, 0) > 0.5);
    describe("", "{id: binarize, kwargs: {threshold: 8}}", x -> x > 8 ? 1 : 0);
    refused(folder, "is not the test output");
  }

  /** Two channels in, three classes out: x0, x1 and 1. */
  private void classes(String behind, float[] expected) throws IOException {
    weights(
        NetworkBuilder.image(2).convolution("logit", 3, 1).build(),
        new float[] {1, 0, 0, 1, 0, 0},
        0,
        0,
        1);
    array("in.npy", new int[] {1, 2, 1, 2}, 0, 4, 2, 6);
    array("out.npy", new int[] {1, 3, 1, 2}, expected);
    write(
        HEAD
            + "inputs: [{id: raw, axes: "
            + AXES.replace("[c]", "[actin, dna]")
            + ", test_tensor: {source: in.npy}, preprocessing: [{id: scale_linear, kwargs: {axis:"
            + " channel, gain: [0.5, 0.25], offset: [0, -0.5]}}]}]\noutputs: [{id: p, axes: "
            + AXES.replace("[c]", "[sky, 'no', lamp]")
            + ", test_tensor: {source: out.npy}, postprocessing: ["
            + behind
            + "]}]\nweights: {onnx: {source: weights.onnx}}\n");
  }

  /** Prepared: 0, 2 and 0, 1. */
  @Test
  void channelsOfClasses() throws IOException {
    float[] logits = {0, 2, 0, 1, 1, 1};
    classes("", logits);
    NetworkImport.Result result = imported(folder);
    assertEquals(List.of("sky", "no", "lamp"), result.model().spec().names());
    assertTrue(result.notes().toString().contains("A softmax was added"));
    double sum = Math.exp(2) + 2 * Math.exp(1);
    float[] softmax = {
      (float) (1 / (2 + Math.E)),
      (float) (Math.exp(2) / sum),
      (float) (1 / (2 + Math.E)),
      (float) (Math.E / sum),
      (float) (Math.E / (2 + Math.E)),
      (float) (Math.E / sum)
    };
    assertArrayEquals(softmax, predicted(result.model(), 2, 0, 4, 2, 6).data(), 1e-6f);
    classes("{id: softmax, kwargs: {axis: channel}}", softmax);
    assertFalse(imported(folder).notes().toString().contains("A softmax was added"));
  }

  /** The same, of which none excludes another. */
  @Test
  void channelsOfClassesThatDoNotExcludeEachOther() throws IOException {
    float[] logits = {0, 2, 0, 1, 1, 1};
    float[] sigmoids = new float[6];
    for (int i = 0; i < 6; i++) sigmoids[i] = (float) sigmoid(logits[i]);
    classes("{id: sigmoid}", sigmoids);
    Model model = imported(folder).model();
    assertEquals(MultiLabelSegmentation.of("sky", "no", "lamp"), model.spec().task());
    assertArrayEquals(sigmoids, predicted(model, 2, 0, 4, 2, 6).data(), 1e-6f);
    // sigmoids are 0.5, 0.88; 0.5, 0.73; 0.73, 0.73: each class has a threshold of its own
    classes(
        "{id: sigmoid}, {id: binarize, kwargs: {threshold: [0.4, 0.7, 0.8], axis: channel}}",
        new float[] {1, 1, 0, 1, 0, 0});
    MultiLabelSegmentation task = (MultiLabelSegmentation) imported(folder).model().spec().task();
    assertEquals(List.of(0.4, 0.7, 0.8), task.thresholds());
    classes(
        "{id: sigmoid}, {id: binarize, kwargs: {threshold: [0.4, 0.7, 0.8], axis: channel}}",
        new float[] {1, 1, 1, 1, 0, 0});
    refused(folder, "is not the test output");
    // of what is no probability 1.5 becomes one half
    classes("{id: binarize, kwargs: {threshold: 1.5}}", new float[] {0, 1, 0, 0, 0, 0});
    model = imported(folder).model();
    assertEquals(
        List.of(0.5, 0.5, 0.5), ((MultiLabelSegmentation) model.spec().task()).thresholds());
    assertEquals(sigmoid(2 - 1.5), predicted(model, 2, 0, 4, 2, 6).get(0, 0, 0, 1), 1e-6);
    classes("{id: binarize, kwargs: {threshold: [0.5, 0.2]}}", logits);
    refused(folder, "threshold", "one for each channel");
  }

  /** One channel is a class of its own if that is asked for. */
  @Test
  void oneChannelMayBeOneClass() throws IOException {
    describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1));
    Model model =
        new BioimageImport(
                folder,
                NetworkImport.About.named("one"),
                BioimageImport.Wanted.AS_DESCRIBED.withClasses("lamp").severally())
            .run(Progress.NONE)
            .model();
    assertEquals(MultiLabelSegmentation.of("lamp"), model.spec().task());
    assertEquals(sigmoid(-1), predicted(model, 1, 0).get(0, 0, 0, 0), 1e-6);
  }

  /** 2 x - 1, as it comes and within limits: an image of an image. */
  @Test
  void oneChannelThatIsNoProbabilityIsAnImage() throws IOException {
    describe("", "", x -> 2 * x - 1);
    NetworkImport.Result result = imported(folder);
    Restoration task = (Restoration) result.model().spec().task();
    assertEquals(List.of("c"), task.channels());
    assertEquals(new Restoration.Units(List.of(0.0), List.of(1.0)), task.units());
    assertTrue(result.notes().toString().contains("is taken for an image"));
    describe(
        "", "{id: clip, kwargs: {min: 4, max: 10.5}}", x -> Math.min(10.5, Math.max(4, 2 * x - 1)));
    assertTrue(imported(folder).model().spec().task() instanceof Restoration);
    describe(
        "{id: scale_linear, kwargs: {gain: 0.5}}",
        "{id: scale_linear, kwargs: {gain: 10}}, {id: clip, kwargs: {min: 15, max: 60.5}}",
        x -> Math.min(60.5, Math.max(15, 10 * (x - 1))));
    replace("tags: [lamp]", "tags: [lamp, Denoising]");
    assertTrue(imported(folder).model().spec().task() instanceof Restoration);
  }

  @Test
  void whatIsSaidOfTheOutputCounts() throws IOException {
    describe("", "", x -> 2 * x - 1);
    String asClasses =
        assertThrows(
                SpyhopException.class,
                () ->
                    new BioimageImport(
                            folder,
                            NetworkImport.About.named("lamps"),
                            BioimageImport.Wanted.AS_DESCRIBED.meaning(Meaning.SEGMENT))
                        .run(Progress.NONE))
            .getMessage();
    assertTrue(asClasses.contains("values that are no probabilities"), asClasses);
    float[] logits = {0, 2, 0, 1, 1, 1};
    classes("", logits);
    BioimageImport restored =
        new BioimageImport(
            folder,
            NetworkImport.About.named("lamps"),
            BioimageImport.Wanted.AS_DESCRIBED.meaning(Meaning.RESTORE));
    Restoration task = (Restoration) restored.run(Progress.NONE).model().spec().task();
    assertEquals(List.of("sky", "no", "lamp"), task.channels());
    BioimageImport measured =
        new BioimageImport(
            folder,
            NetworkImport.About.named("lamps"),
            BioimageImport.Wanted.AS_DESCRIBED.meaning(Meaning.MEASURE));
    String map =
        assertThrows(SpyhopException.class, () -> measured.run(Progress.NONE)).getMessage();
    assertTrue(map.contains("a map"), map);
  }

  /** Mean 3 and deviation sqrt(5) of 0, 4, 2, 6 together. */
  @Test
  void channelsMeasuredTogether() throws IOException {
    double d = Math.sqrt(5) + 1e-6;
    float[] expected = {(float) (-3 / d), (float) (1 / d), (float) (-1 / d), (float) (3 / d), 1, 1};
    classes("", expected);
    replace(
        "{id: scale_linear, kwargs: {axis: channel, gain: [0.5, 0.25], offset: [0, -0.5]}}",
        "{id: zero_mean_unit_variance, kwargs: {axes: [channel, y, x]}}");
    imported(folder);
    replace("[channel, y, x]", "[y, x]");
    refused(folder, "is not the test output");
  }

  @Test
  void coloursAreToldByTheirNames() throws IOException {
    weights(
        NetworkBuilder.image(3).convolution("logit", 2, 1).build(),
        new float[] {1, 0, 0, 0, 0, 1},
        0,
        0);
    write(
        HEAD
            + "inputs: [{id: raw, axes: "
            + AXES.replace("[c]", "[Red, Green, Blue]")
            + "}]\noutputs: [{id: p, axes: "
            + AXES.replace("[c]", "[a, b]")
            + "}]\nweights: {onnx: {source: weights.onnx}}\n");
    assertEquals(Colors.RGB, imported(folder).model().spec().input().colors());
    replace("Green", "Grey");
    assertEquals(Colors.NONE, imported(folder).model().spec().input().colors());
    replace("Red, Grey, Blue", "Red, Green");
    refused(folder, "inputs[0].axes", "the network's 3 channels", "2");
  }

  /** Convolutions that were stored for one size take any; what sees the whole image does not. */
  @Test
  void fixedSizes() throws IOException {
    weights(
        NetworkBuilder.input("image", Shape.of(1, 2, 4)).convolution("logit", 1, 1).build(),
        new float[] {2},
        -1);
    describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1));
    NetworkImport.Result result = imported(folder);
    assertTrue(result.notes().toString().contains("2 x 4 pixels"), result.notes()::toString);
    assertForeground(result.model(), new float[] {0, 1, 2}, sigmoid(-1), sigmoid(1), sigmoid(3));
    weights(
        NetworkBuilder.input("image", Shape.of(1, 2, 4))
            .maxPool("pooled", 2)
            .convolution("logit", 1, 1)
            .activation("s", Layer.Function.SIGMOID)
            .build(),
        new float[] {2},
        -1);
    refused(folder, "gives 1 x 2 values for an image of 2 x 4 pixels");
  }

  /** Values of the network, 2x - 1, as they are described: no others are brought back to. */
  @Test
  void valuesThatAreNoProbabilitiesAreAnImage() throws IOException {
    describe(
        "{id: scale_linear, kwargs: {gain: 0.5}}",
        "{id: scale_linear, kwargs: {gain: 10, offset: 100}}",
        x -> 10 * x + 90);
    NetworkImport.Result result = imported(folder);
    Restoration task = result.model().spec().task(TaskKind.RESTORATION);
    assertEquals(List.of("c"), task.channels());
    assertTrue(result.notes().toString().contains("taken for an image"), result.notes().toString());
    try (Runner<Frame> runner = Runner.of(result.model(), TaskKind.RESTORATION)) {
      Frame restored = runner.predict(Frame.ofPlanes(List.of(new float[] {4, 5, -6}), 3, 1));
      assertArrayEquals(new float[] {130, 140, 30}, restored.values(), 1e-4f);
    }
  }

  @Test
  void stepsThatNoModelCanHoldAreRefusedByName() throws IOException {
    Map<String, String> before = new LinkedHashMap<>();
    before.put("{id: stardist_postprocessing}", "stardist_postprocessing is not among the steps");
    before.put("{id: binarize, kwargs: {threshold: 1}}", "binarize");
    before.put("{id: ensure_dtype, kwargs: {dtype: uint8}}", "ensure_dtype to uint8");
    before.put("{id: scale_range, kwargs: {axes: [x]}}", "measured over x");
    before.put("{id: scale_range, kwargs: {axes: [x, y], mode: per_dataset}}", "per_dataset");
    before.put("{id: scale_range, kwargs: {axes: [x, y], reference_tensor: other}}", "other");
    before.put("{id: scale_range, kwargs: {axes: [x, y], best: 1}}", "kwargs.best");
    before.put("{id: clip, kwargs: {min_percentile: 1}}", "kwargs.min_percentile");
    before.put("{id: scale_linear, kwargs: {gain: [1, 2]}}", "one for each channel");
    before.put("{id: scale_linear, kwargs: {gain: a}}", "a finite number");
    before.put(
        "{id: clip, kwargs: {min: 1}}, {id: scale_range, kwargs: {axes: [x, y]}}",
        "behind what changes its values");
    for (Map.Entry<String, String> e : before.entrySet()) {
      describe(e.getKey(), "{id: sigmoid}", x -> 0);
      refused(folder, e.getValue());
    }
    Map<String, String> behind = new LinkedHashMap<>();
    behind.put("{id: scale_mean_variance}", "scale_mean_variance");
    behind.put("{id: scale_range, kwargs: {axes: [x, y]}}, {id: sigmoid}", "scale_range");
    behind.put("{id: clip, kwargs: {min: 0.5}}, {id: sigmoid}", "clip");
    behind.put("{id: sigmoid}, {id: ensure_dtype, kwargs: {dtype: uint8}}", "cuts values");
    for (Map.Entry<String, String> e : behind.entrySet()) {
      describe("", e.getKey(), x -> 0);
      refused(folder, e.getValue());
    }
  }

  @Test
  void othersAreRefusedByName() throws IOException {
    Map<String, List<String>> wrong = new LinkedHashMap<>();
    wrong.put("type: model", List.of("type: dataset", "expected model, received dataset"));
    wrong.put("format_version: 0.5.4", List.of("format_version: 0.3.6", "0.4 or 0.5", "0.3.6"));
    wrong.put("license:", List.of("run_mode: {name: special}\nlicense:", "run_mode"));
    wrong.put(
        "weights: {onnx: {source: weights.onnx, opset_version: 15}}",
        List.of(
            "weights: {tensorflow_js: {source: w.zip}, tensorflow_saved_model_bundle: {source: w.zip}}",
            "received tensorflow_js, tensorflow_saved_model_bundle only",
            "Convert the network to ONNX"));
    wrong.put("inputs: [", List.of("inputs: [{id: more, axes: bcyx}, ", "received 2 (more, raw)"));
    wrong.put(
        "{type: space, id: y, size: {min: 2, step: 1}}",
        List.of("{type: space, id: z, size: 1}, {type: space, id: y, size: 2}", "depth (z)"));
    wrong.put("{type: batch}", List.of("{type: batch}, {type: time, size: 1}", "an axis of time"));
    for (Map.Entry<String, List<String>> e : wrong.entrySet()) {
      describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1));
      replace(e.getKey(), e.getValue().get(0));
      refused(folder, e.getValue().subList(1, e.getValue().size()).toArray(String[]::new));
    }
    Files.delete(folder.resolve("rdf.yaml"));
    refused(
        folder,
        "expected a bioimage.io model, a folder with rdf.yaml or bioimageio.yaml or model.yaml");
    refused(folder.resolve("rdf.yaml"), "there is no such file");
  }

  @Test
  void filesElsewhereAreNotOpened() throws IOException {
    Path outside = temporary.resolve("outside.onnx");
    Files.copy(folder.resolve("weights.onnx"), outside);
    for (String source :
        List.of("../outside.onnx", outside.toString().replace('\\', '/'), "a/../../outside.onnx")) {
      describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1));
      replace("source: weights.onnx", "source: \"" + source + "\"");
      refused(folder, source.contains(":") ? "" : "within its own folder");
      refused(zip("", Map.of("../outside.onnx", Files.readAllBytes(outside))), "");
    }
    describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1));
    replace("source: weights.onnx", "source: \"https://example.com/weights.onnx\"");
    refused(folder, "https://example.com/weights.onnx", "Download that");
    replace("https://example.com/weights.onnx", "other.onnx");
    refused(folder, "other.onnx, which is not there");
    replace("\"other.onnx\"", "weights.onnx, sha256: " + "0".repeat(64));
    refused(folder, "weights.onnx is not the file", "SHA-256 0000");
  }

  @Test
  void linksThatLeadElsewhereAreNotFollowed() throws IOException {
    describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1));
    Path outside = temporary.resolve("outside.onnx");
    Files.move(folder.resolve("weights.onnx"), outside);
    boolean linked = true;
    try {
      Files.createSymbolicLink(folder.resolve("weights.onnx"), outside);
    } catch (IOException | UnsupportedOperationException e) {
      linked = false;
    }
    assumeTrue(linked, "this system makes no symbolic links");
    refused(folder, "within its own folder", "weights.onnx");
  }

  /** A classifier of whole images that Keras wrote, with what Keras made of these pixels. */
  @Test
  void weightsOfKerasWhereThereAreNoOthers() throws IOException {
    try (InputStream in = NetworkImport.class.getResourceAsStream("keras/classifier.h5.gz")) {
      Files.copy(new GZIPInputStream(in), folder.resolve("w.h5"));
    }
    int[] shape = {1, 9, 8, 2};
    float[] pixels = new float[9 * 8 * 2];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i % 72 * 2 + i / 72] = (float) (37 * i % 101 / 50.0 - 1);
    }
    array("in.npy", shape, pixels);
    array("out.npy", new int[] {1, 3}, 0.047025f, 0.844784f, 0.108191f);
    write(
        """
        format_version: 0.4.9
        inputs: [{name: raw, axes: byxc, shape: [1, 9, 8, 2]}]
        outputs: [{name: p, axes: bc, shape: [1, 3]}]
        test_inputs: [in.npy]
        test_outputs: [out.npy]
        weights: {tensorflow_js: {source: w.json}, keras_hdf5: {source: w.h5}}
        """);
    NetworkImport.Result result =
        new BioimageImport(folder, NetworkImport.About.named("k"), "a,b,c").run(Progress.NONE);
    assertEquals(Classification.of(List.of("a", "b", "c")), result.model().spec().task());
    assertEquals(
        new Resize.Cover(8, 9, Interpolation.ANTIALIASED_ROUNDED),
        result.model().spec().input().fit());
    assertTrue(result.notes().toString().contains("gave what it should"));
  }

  /** Every sample of a batch is compared; the first is the example. */
  @Test
  void allSamplesOfATestAreRun() throws IOException {
    describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1));
    float[] two = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
    float[] expected = new float[16];
    for (int i = 0; i < 16; i++) expected[i] = (float) sigmoid(2 * two[i] - 1);
    array("in.npy", new int[] {2, 1, 2, 4}, two);
    array("out.npy", new int[] {2, 1, 2, 4}, expected);
    assertArrayEquals(
        new float[8], imported(folder).model().example().orElseThrow().input().data());
    expected[15] = 0.25f;
    array("out.npy", new int[] {2, 1, 2, 4}, expected);
    refused(folder, "is not the test output");
  }

  /** logit = 2 x - 1 and half = x / 2, of which either can be kept. */
  @Test
  void ofSeveralOutputsOneIsKept() throws IOException {
    NetworkBuilder image = NetworkBuilder.image(1);
    String name = image.here();
    Network network =
        image
            .convolution("logit", 1, 1)
            .from(name)
            .convolution("half", 1, 1)
            .build("half", "logit");
    Weights weights =
        new Weights(
            Map.of(
                "logit.weight", new Tensor(Axes.OIHW, new int[] {1, 1, 1, 1}, new float[] {2}),
                "logit.bias", new Tensor(Axes.C, new int[] {1}, new float[] {-1}),
                "half.weight", new Tensor(Axes.OIHW, new int[] {1, 1, 1, 1}, new float[] {0.5f}),
                "half.bias", new Tensor(Axes.C, new int[] {1}, new float[] {0})));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OnnxWriter.write(OnnxExport.of(network, weights.fittedTo(network)), bytes);
    Files.write(folder.resolve("weights.onnx"), bytes.toByteArray());
    describe("", "{id: sigmoid}", x -> sigmoid(2 * x - 1));
    replace("outputs: [", "outputs: [{id: half, axes: " + AXES + "}, ");
    refused(folder, "--keep", "received 2 (half, p)");
    BioimageImport kept =
        new BioimageImport(
            folder,
            NetworkImport.About.named("lamps"),
            BioimageImport.Wanted.AS_DESCRIBED.keeping("p"));
    Model model = kept.run(Progress.NONE).model();
    assertEquals(List.of("background", "foreground"), model.spec().names());
    String message =
        assertThrows(
                SpyhopException.class,
                () ->
                    new BioimageImport(
                            folder,
                            NetworkImport.About.named("lamps"),
                            BioimageImport.Wanted.AS_DESCRIBED.keeping("q"))
                        .run(Progress.NONE))
            .getMessage();
    assertTrue(message.contains("(half, p)") && message.contains("\"q\""), message);
  }
}
