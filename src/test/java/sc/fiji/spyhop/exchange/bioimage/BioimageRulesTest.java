package sc.fiji.spyhop.exchange.bioimage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.MultiLabelClassification;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.ObjectCenters;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;

/**
 * Packages of every task, held to the rules of the specification (model RDF 0.5) and to what the
 * readers of JDLL (July 2026), which deepImageJ uses, take and do. The list is read off both; the
 * schema itself is gone through by check_bioimage.py.
 */
class BioimageRulesTest {

  private static final PixelSize HALF = new PixelSize(0.5, 0.25, "\u00B5m");
  private static final Normalization EACH =
      new Normalization.Fixed(List.of(100.0, 120.0, 90.0), List.of(0.02, 0.01, 0.04));

  /** What JDLL has setters for. */
  private static final Map<String, Set<String>> SETTERS =
      Map.of(
          "scale_linear", Set.of("gain", "offset", "axis", "axes", "eps"),
          "scale_range",
              Set.of("min_percentile", "max_percentile", "axes", "axis", "eps", "tensor_name"),
          "zero_mean_unit_variance", Set.of("mean", "std", "axes", "axis", "mode", "eps"));

  private static ModelSpec.Input input(int channels, Normalization normalization) {
    return ModelSpec.Input.of(channels, normalization).withPixelSize(HALF);
  }

  private static ModelSpec.Input colors(Colors order) {
    ModelSpec.Input plain = input(3, EACH);
    return new ModelSpec.Input(
        plain.axes(), 3, order, plain.fit(), EACH, PixelSize.UNCALIBRATED, plain.objects());
  }

  static Stream<Arguments> models() {
    Normalization percentile = new Normalization.Percentile(1, 99.8);
    Normalization all = new Normalization.Fixed(List.of(30.0), List.of(0.01));
    Restoration.Units two = new Restoration.Units(List.of(10.0, 20.0), List.of(0.5, 0.1));
    return Stream.of(
        Arguments.of(Classification.of("cat", "class"), colors(Colors.RGB)),
        Arguments.of(Classification.of("a b", "A-B", "c"), colors(Colors.BGR)),
        Arguments.of(MultiLabelClassification.of("x", "y"), input(1, all)),
        Arguments.of(
            new Regression(List.of("length"), List.of("mm"), List.of(40.0), List.of(3.0)),
            input(1, percentile)),
        Arguments.of(
            new Regression(
                List.of("length", "age"),
                List.of("mm", ""),
                List.of(-40.0, 3000.0),
                List.of(3.0, 250.0)),
            input(2, new Normalization.ZScore())),
        Arguments.of(SemanticSegmentation.of("background", "cell"), input(1, percentile)),
        Arguments.of(MultiLabelSegmentation.of("dna", "actin"), input(2, percentile)),
        Arguments.of(InstanceSegmentation.of("nucleus").withSizes(), colors(Colors.RGB)),
        Arguments.of(InstanceSegmentation.of(List.of("p", "q")), input(1, percentile)),
        Arguments.of(
            ObjectCenters.of(List.of("cell"), 1), input(1, all).withFit(new Resize.Scaled(0.5, 1))),
        Arguments.of(
            KeypointDetection.of(
                new KeypointLayout(List.of("head", "tail"), List.of(), List.of()), 1),
            input(1, new Normalization.MinMax())),
        Arguments.of(Restoration.of(1), input(1, all)),
        Arguments.of(Restoration.of(1), input(1, percentile)),
        Arguments.of(
            new Restoration(List.of("dna", "actin"), two, Restoration.Errors.L1, false),
            input(1, percentile)));
  }

  private static Model model(Task<?, ?> task, ModelSpec.Input input) {
    NetworkBuilder b = NetworkBuilder.image(input.channels()).convolution("features", 4, 3).relu();
    if (!task.mapped()) b.globalPool("pooled", Layer.PoolingKind.AVERAGE);
    String features = b.here();
    for (Head head : task.heads()) {
      b.from(features);
      if (task.mapped()) b.convolution(head.logits(), head.channels(), 1);
      else b.dense(head.logits(), head.channels());
      if (head.activation() != Layer.Function.IDENTITY) {
        b.activation(head.name(), head.activation());
      }
    }
    Network network = b.build(task.heads().stream().map(Head::name).toArray(String[]::new));
    ModelSpec spec =
        ModelSpec.of("m", task, input, network)
            .withAbout("", "Some Body", "CC0-1.0", "A paper, https://doi.org/10.1000/xyz123");
    Model model = new Model(spec, network, Initialization.of(network, 3));
    return NetworkImport.withExample(model);
  }

  private static Map<String, byte[]> exported(Model model) throws IOException {
    Engine engine = Engines.forPrediction(model.network());
    try (Predictor predictor = model.predictor(engine, engine.devices().get(0))) {
      String name = model.network().inputs().get(0).name();
      Function<Tensor, List<Tensor>> outputs = t -> predictor.predict(Map.of(name, t));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new BioimageArchive(model, outputs).write(out);
      Map<String, byte[]> files = new HashMap<>();
      ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()));
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        files.put(e.getName(), zip.readAllBytes());
      }
      return files;
    }
  }

  /** As JDLL reads it, with the types that it casts to. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> description(Map<String, byte[]> files) {
    String text = new String(files.get("rdf.yaml"), StandardCharsets.UTF_8);
    return (Map<String, Object>) new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> maps(Object list) {
    return list == null ? List.of() : (List<Map<String, Object>>) list;
  }

  private static NpyArray npy(Map<String, byte[]> files, Map<String, Object> tensor)
      throws IOException {
    Object name = ((Map<?, ?>) tensor.get("test_tensor")).get("source");
    byte[] bytes = files.get(name);
    int header = (bytes[8] & 0xff) | (bytes[9] & 0xff) << 8;
    String text = new String(bytes, 10, header, StandardCharsets.US_ASCII);
    String shape = text.replaceAll("(?s).*\\(([^)]*)\\).*", "$1");
    int[] sizes =
        Arrays.stream(shape.split(","))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    FloatBuffer values =
        java.nio.ByteBuffer.wrap(bytes, 10 + header, bytes.length - 10 - header)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] data = new float[values.remaining()];
    values.get(data);
    return new NpyArray(sizes, data);
  }

  private record NpyArray(int[] shape, float[] data) {}

  @ParameterizedTest
  @MethodSource("models")
  void rulesOfTheSpecification(Task<?, ?> task, ModelSpec.Input input) throws IOException {
    Map<String, byte[]> files = exported(model(task, input));
    Map<String, Object> rdf = description(files);
    assertTrue(String.valueOf(rdf.get("format_version")).matches("0\\.5\\.\\d+"));
    assertTrue(String.valueOf(rdf.get("name")).matches("[A-Za-z0-9_+ ()-]{5,128}"));
    assertEquals("CC0-1.0", rdf.get("license"));
    assertEquals("Some Body", maps(rdf.get("authors")).get(0).get("name"));
    assertEquals("10.1000/xyz123", maps(rdf.get("cite")).get(0).get("doi"));
    String readme = new String(files.get("README.md"), StandardCharsets.UTF_8);
    assertTrue(readme.contains("# Validation"), readme);
    Set<String> ids = new HashSet<>();
    Map<String, Map<String, Object>> axesOfInput = new HashMap<>();
    Map<String, Integer> sizes = new HashMap<>();
    List<Map<String, Object>> tensors = new ArrayList<>(maps(rdf.get("inputs")));
    int inputs = tensors.size();
    tensors.addAll(maps(rdf.get("outputs")));
    for (int t = 0; t < tensors.size(); t++) {
      Map<String, Object> tensor = tensors.get(t);
      assertTrue(String.valueOf(tensor.get("id")).matches("[a-z_][a-z0-9_]{0,31}"));
      assertTrue(ids.add((String) tensor.get("id")), "an id twice: " + tensor.get("id"));
      NpyArray test = npy(files, tensor);
      List<Map<String, Object>> axes = maps(tensor.get("axes"));
      assertEquals(axes.size(), test.shape.length);
      Set<String> names = new HashSet<>();
      for (int a = 0; a < axes.size(); a++) {
        Map<String, Object> axis = axes.get(a);
        String name = String.valueOf(axis.getOrDefault("id", axis.get("type")));
        assertTrue(names.add(name));
        Object size = axis.get("size");
        switch ((String) axis.get("type")) {
          case "batch" -> assertEquals(1, test.shape[a]);
          case "channel" -> {
            List<?> channels = (List<?>) axis.get("channel_names");
            assertEquals(test.shape[a], channels.size());
            channels.forEach(c -> assertIdentifier((String) c));
          }
          case "space" -> {
            if (t < inputs) {
              int min = (Integer) ((Map<?, ?>) size).get("min");
              int step = (Integer) ((Map<?, ?>) size).get("step");
              assertTrue(min > 0 && step > 0 && test.shape[a] >= min);
              assertEquals(0, (test.shape[a] - min) % step);
              axesOfInput.put(name, axis);
              sizes.put(name, test.shape[a]);
            } else {
              Map<String, Object> of = axesOfInput.get(((Map<?, ?>) size).get("axis_id"));
              double ratio = number(of, "scale") / number(axis, "scale");
              assertEquals(sizes.get(name) * ratio, test.shape[a]);
              assertEquals(of.get("unit"), axis.get("unit"));
              double halo = axis.containsKey("halo") ? (Integer) axis.get("halo") / ratio : 0;
              int min = (Integer) ((Map<?, ?>) of.get("size")).get("min");
              assertEquals(Math.rint(halo), halo);
              assertTrue(min - 2 * halo >= 1, "nothing is left without the halo");
            }
          }
          default -> throw new AssertionError(axis);
        }
      }
      for (Map<String, Object> step : steps(tensor)) {
        Object over = ((Map<?, ?>) step.get("kwargs")).get("axes");
        if (over != null) assertTrue(names.containsAll((List<?>) over), step.toString());
      }
    }
    tolerances(rdf, files);
  }

  /** An absolute one of at most a hundredth of the largest value of the output. */
  private static void tolerances(Map<String, Object> rdf, Map<String, byte[]> files)
      throws IOException {
    Map<?, ?> config = (Map<?, ?>) ((Map<?, ?>) rdf.get("config")).get("bioimageio");
    for (Map<String, Object> tolerance : maps(config.get("reproducibility_tolerance"))) {
      double absolute = ((Number) tolerance.get("absolute_tolerance")).doubleValue();
      List<?> of = (List<?>) tolerance.get("output_ids");
      for (Map<String, Object> output : maps(rdf.get("outputs"))) {
        if (!of.contains(output.get("id")) || absolute == 0) continue;
        float largest = Float.NEGATIVE_INFINITY;
        for (float v : npy(files, output).data) largest = Math.max(largest, v);
        assertTrue(absolute <= 0.01 * largest, absolute + " of " + largest);
      }
    }
  }

  private static double number(Map<String, Object> axis, String name) {
    return axis.containsKey(name) ? ((Number) axis.get(name)).doubleValue() : 1;
  }

  private static List<Map<String, Object>> steps(Map<String, Object> tensor) {
    List<Map<String, Object>> steps = new ArrayList<>(maps(tensor.get("preprocessing")));
    steps.addAll(maps(tensor.get("postprocessing")));
    return steps;
  }

  private static void assertIdentifier(String name) {
    assertTrue(name.matches("[a-z][a-z0-9_]*"), name);
    assertFalse(Set.of("class", "in", "is", "or", "not", "lambda", "pass").contains(name), name);
  }

  @ParameterizedTest
  @MethodSource("models")
  void readersOfJdll(Task<?, ?> task, ModelSpec.Input input) throws IOException {
    Map<String, Object> rdf = description(exported(model(task, input)));
    for (String text : List.of("format_version", "name", "description", "license", "type")) {
      assertTrue(rdf.get(text) instanceof String, text);
    }
    assertTrue(rdf.get("documentation") instanceof String);
    ((List<?>) rdf.get("tags")).forEach(t -> assertTrue(t instanceof String));
    for (Map<String, Object> cite : maps(rdf.get("cite"))) {
      cite.values().forEach(v -> assertTrue(v instanceof String));
    }
    Map<?, ?> config = (Map<?, ?>) ((Map<?, ?>) rdf.get("config")).get("bioimageio");
    assertTrue(config.get("nickname") instanceof String, "without it or an id, JDLL ends on null");
    Map<?, ?> onnx = (Map<?, ?>) ((Map<?, ?>) rdf.get("weights")).get("onnx");
    assertTrue(onnx.get("source") instanceof String);
    assertTrue(onnx.get("opset_version") instanceof Integer);
    for (String side : List.of("inputs", "outputs")) {
      for (Map<String, Object> tensor : maps(rdf.get(side))) {
        for (Map<String, Object> axis : maps(tensor.get("axes"))) {
          assertNotNull(axis.get("type"));
          if (axis.get("type").equals("channel")) assertNotNull(axis.get("channel_names"));
          if (axis.get("type").equals("space")) assertNotNull(axis.get("id"));
          boolean referred = axis.get("size") instanceof Map<?, ?> m && m.containsKey("tensor_id");
          if (referred && task.grid() == Task.Grid.PIXELS) {
            assertEquals(1, number(axis, "scale"), "JDLL takes it for a ratio of sizes");
          }
        }
        for (Map<String, Object> step : steps(tensor)) jdllTakes(step, input.channels());
      }
    }
  }

  private static void jdllTakes(Map<String, Object> step, int channels) {
    if (step.get("id").equals("ensure_dtype")) return; // is passed over
    Set<String> setters = SETTERS.get(step.get("id"));
    assertNotNull(setters, "JDLL cannot do " + step);
    Map<?, ?> kwargs = (Map<?, ?>) step.get("kwargs");
    kwargs.forEach(
        (name, value) -> {
          assertTrue(setters.contains(name), step.toString());
          boolean number = value instanceof Integer || value instanceof Double;
          boolean axes =
              value instanceof List<?> l && l.stream().allMatch(String.class::isInstance);
          assertTrue(name.equals("axes") ? axes : number, step.toString());
        });
    if (step.get("id").equals("scale_linear")) {
      assertFalse(kwargs.containsKey("axis"), "it takes the first gain for all channels");
    }
  }

  /** Normalised by words of its own, the network that was written gives the test outputs. */
  @ParameterizedTest
  @MethodSource("models")
  void otherProgramsComputeTheTest(Task<?, ?> task, ModelSpec.Input input) throws Exception {
    Map<String, byte[]> files = exported(model(task, input));
    Map<String, Object> rdf = description(files);
    Map<String, Object> described = maps(rdf.get("inputs")).get(0);
    NpyArray x = npy(files, described);
    for (Map<String, Object> step : maps(described.get("preprocessing"))) applied(step, x);
    long[] shape = Arrays.stream(x.shape).asLongStream().toArray();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(files.get("weights.onnx"));
        OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x.data), shape);
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), tensor))) {
      List<Map<String, Object>> outputs = maps(rdf.get("outputs"));
      for (int i = 0; i < outputs.size(); i++) {
        NpyArray expected = npy(files, outputs.get(i));
        float[] actual = new float[expected.data.length];
        ((OnnxTensor) result.get(i)).getFloatBuffer().get(actual);
        NpyArray given = new NpyArray(expected.shape, actual);
        for (Map<String, Object> s : maps(outputs.get(i).get("postprocessing"))) applied(s, given);
        float largest = 0;
        for (float v : expected.data) largest = Math.max(largest, Math.abs(v));
        assertArrayEquals(expected.data, given.data, 1e-4f * Math.max(1, largest));
      }
    }
  }

  private static void applied(Map<String, Object> step, NpyArray x) {
    Map<?, ?> k = (Map<?, ?>) step.get("kwargs");
    int planes = x.shape[1];
    int plane = x.data.length / planes;
    for (int c = 0; c < planes; c++) {
      float[] values = Arrays.copyOfRange(x.data, c * plane, (c + 1) * plane);
      double gain = 1;
      double offset = 0;
      switch ((String) step.get("id")) {
        case "ensure_dtype" -> assertEquals("float32", k.get("dtype"));
        case "scale_linear" -> {
          gain = (Double) k.get("gain");
          offset = (Double) k.get("offset");
        }
        case "scale_range" -> {
          double low = percentile(values, k.get("min_percentile"), 0);
          double high = percentile(values, k.get("max_percentile"), 100);
          gain = 1 / (high - low + 1e-6);
          offset = -low * gain;
        }
        case "zero_mean_unit_variance" -> {
          double mean = 0;
          double square = 0;
          for (float v : values) mean += v / (double) plane;
          for (float v : values) square += (v - mean) * (v - mean) / plane;
          gain = 1 / (Math.sqrt(square) + 1e-6);
          offset = -mean * gain;
        }
        default -> throw new AssertionError(step);
      }
      for (int i = 0; i < plane; i++) {
        x.data[c * plane + i] = (float) (values[i] * gain + offset);
      }
    }
  }

  private static double percentile(float[] values, Object percent, double otherwise) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = (percent == null ? otherwise : (Double) percent) / 100 * (sorted.length - 1);
    int i = (int) at;
    return sorted[i] + (at - i) * (sorted[Math.min(i + 1, sorted.length - 1)] - sorted[i]);
  }

  /** The record brings the model back as it was, without the layers of constants. */
  @ParameterizedTest
  @MethodSource("models")
  void whatIsWrittenIsReadAsItWas(Task<?, ?> task, ModelSpec.Input input, @TempDir Path folder)
      throws IOException {
    Model model = model(task, input);
    Path at = Files.createDirectories(folder.resolve("package"));
    for (Map.Entry<String, byte[]> e : exported(model).entrySet()) {
      Files.write(at.resolve(e.getKey()), e.getValue());
    }
    NetworkImport.Result result =
        new BioimageImport(at, NetworkImport.About.named("m"), "").run(Progress.NONE);
    assertFalse(result.notes().toString().contains("halo"), result.notes()::toString);
    Model back = result.model();
    assertEquals(model.spec().task(), back.spec().task());
    assertEquals(model.spec().input(), back.spec().input());
    assertEquals(model.network().layers().size(), back.network().layers().size());
    model
        .weights()
        .tensors()
        .forEach((name, t) -> assertArrayEquals(t.data(), back.weights().get(name).data(), name));
  }
}
