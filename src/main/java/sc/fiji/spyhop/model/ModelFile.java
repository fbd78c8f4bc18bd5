package sc.fiji.spyhop.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

/**
 * Reads and writes {@code .spyhop} files: zip archives of
 *
 * <ol>
 *   <li>{@code model.json}, the first entry: {@code formatVersion}, everything in {@link
 *       ModelSpec}, the {@code architecture}, and of quantised models the {@code quantization};
 *   <li>{@code network.onnx}, of a network that is kept as it is, see {@link OnnxGraph};
 *   <li>{@code test-input.safetensors} and {@code test-output.safetensors}, or neither: the {@link
 *       Model.Example}, tensors named as the network names its input and outputs;
 *   <li>{@code weights.safetensors}.
 * </ol>
 *
 * <p>A file is opened as data: it can name no class and run no code, entries with other names are
 * refused, and nothing is read beyond what the architecture asks for. Fields of {@code model.json}
 * that are unknown are refused too; what is added to the format raises its version.
 */
public final class ModelFile {

  /** Of the newest format; files of this and of earlier versions are read. */
  public static final int FORMAT_VERSION = 5;

  /** Ending of file names. */
  public static final String EXTENSION = ".spyhop";

  /** Most bytes of {@code model.json}. */
  static final long MAX_JSON = 16L << 20;

  /** Most bytes of the test input, and of the test output. */
  static final long MAX_EXAMPLE = 64L << 20;

  static final String JSON = "model.json";
  private static final String ONNX = "network.onnx";
  private static final String INPUT = "test-input.safetensors";
  private static final String OUTPUT = "test-output.safetensors";
  private static final String WEIGHTS = "weights.safetensors";

  private static final Map<String, Long> LIMITS =
      Map.of(
          JSON,
          MAX_JSON,
          ONNX,
          (long) OnnxContent.MAX_BYTES,
          INPUT,
          MAX_EXAMPLE,
          OUTPUT,
          MAX_EXAMPLE,
          WEIGHTS,
          Long.MAX_VALUE / 2);

  private static long limit(String entry) {
    return LIMITS.getOrDefault(entry, -1L);
  }

  private ModelFile() {}

  /**
   * Opens a model.
   *
   * @throws SpyhopException if the file is missing or is not a sound model of a version known here;
   *     names the file and says why
   */
  public static Model read(Path file) {
    Reader reader = new Reader(file.toString());
    Archive.read(file, JSON, ModelFile::limit, reader);
    return reader.model();
  }

  /**
   * Opens a model from a stream, which stays open.
   *
   * @param label names it in messages
   */
  static Model read(String label, InputStream in) {
    Reader reader = new Reader(label);
    Archive.read(label, in, JSON, ModelFile::limit, reader);
    return reader.model();
  }

  /**
   * The description alone, without reading weights.
   *
   * @throws SpyhopException as for {@link #read}, as far as it is seen
   */
  public static ModelSpec readSpec(Path file) {
    ModelSpec[] spec = new ModelSpec[1];
    Archive.read(
        file, JSON, ModelFile::limit, (entry, bytes) -> specOnly(file.toString(), bytes, spec));
    return spec[0];
  }

  static ModelSpec readSpec(String label, InputStream in) {
    ModelSpec[] spec = new ModelSpec[1];
    Archive.read(label, in, JSON, ModelFile::limit, (entry, bytes) -> specOnly(label, bytes, spec));
    return spec[0];
  }

  /** The text of a description, without the architecture. */
  public static String record(ModelSpec spec) {
    return ModelJson.write(spec);
  }

  /**
   * The description that a text is.
   *
   * @throws SpyhopException if it is none of a version known here
   */
  public static ModelSpec ofRecord(String text) {
    return ModelJson.readSpec(text);
  }

  private static boolean specOnly(String label, InputStream bytes, ModelSpec[] spec)
      throws IOException {
    spec[0] = json(label, bytes).spec();
    return false;
  }

  private static ModelJson.Content json(String label, InputStream bytes) throws IOException {
    String text = new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    return labelled(label, () -> ModelJson.read(text));
  }

  private interface Action<T> {
    T run() throws IOException;
  }

  /** Puts the name of the file before what is wrong with its content. */
  private static <T> T labelled(String label, Action<T> action) throws IOException {
    try {
      return action.run();
    } catch (SpyhopException e) {
      if (e.getMessage().startsWith(label)) throw e;
      String sentence = e.getMessage().endsWith(".") ? "" : ".";
      throw new SpyhopException(label + ": " + e.getMessage() + sentence, e);
    }
  }

  /** Collects the entries of one archive. */
  private static final class Reader implements Archive.Sink {

    private final String label;
    private Optional<ModelJson.Content> content = Optional.empty();
    private Optional<Network> network = Optional.empty();
    private Optional<Weights> weights = Optional.empty();
    private Optional<Weights> input = Optional.empty();
    private Optional<Weights> output = Optional.empty();

    Reader(String label) {
      this.label = label;
    }

    @Override
    public boolean accept(String entry, InputStream bytes) throws IOException {
      switch (entry) {
        case JSON -> {
          content = Optional.of(json(label, bytes));
          network = Optional.of(labelled(label, () -> content.get().network()));
        }
        case ONNX -> {
          network =
              Optional.of(
                  labelled(
                      label,
                      () ->
                          OnnxGraph.with(
                              network.orElseThrow(), OnnxContent.of(bytes.readAllBytes()))));
        }
        case INPUT -> input = Optional.of(tensors(entry, bytes, MAX_EXAMPLE));
        case OUTPUT -> output = Optional.of(tensors(entry, bytes, MAX_EXAMPLE));
        default -> {
          long most = mostBytes(network.orElseThrow());
          Weights read = tensors(entry, bytes, most);
          weights =
              Optional.of(labelled(label, () -> read.fittedTo(network.get()).requireFinite()));
        }
      }
      return true;
    }

    /** Twice what the architecture takes, so that a little too much is still told by name. */
    private long mostBytes(Network architecture) throws IOException {
      long expected = 0;
      for (Parameter p : Parameters.of(architecture)) expected += 4 * p.length();
      long heap = Runtime.getRuntime().maxMemory();
      if (expected > heap) {
        throw new SpyhopException(
            label
                + ": the weights take "
                + (expected >> 20)
                + " MB, but Java may use "
                + (heap >> 20)
                + " MB in all. "
                + SpyhopException.MORE_HEAP);
      }
      return 2 * expected + (1 << 20);
    }

    private Weights tensors(String entry, InputStream bytes, long most) throws IOException {
      return labelled(label + ": " + entry, () -> Safetensors.read(bytes, most).weights());
    }

    Model model() {
      String missing =
          content.isEmpty() ? JSON : weights.isEmpty() ? WEIGHTS : input.isEmpty() ? INPUT : OUTPUT;
      if (content.isEmpty() || weights.isEmpty() || input.isPresent() != output.isPresent()) {
        throw new SpyhopException(
            label + ": this model file lacks " + missing + ". Get it again, in full.");
      }
      if (OnnxGraph.fileIn(network.get()).stream().anyMatch(file -> !file.isThere())) {
        throw new SpyhopException(
            label + ": this model file lacks " + ONNX + ". Get it again, in full.");
      }
      try {
        return labelled(
            label,
            () ->
                new Model(
                    content.get().spec(),
                    network.get(),
                    weights.get(),
                    example(),
                    content.get().quantization()));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private Optional<Model.Example> example() {
      if (input.isEmpty()) return Optional.empty();
      String name = network.get().inputs().get(0).name();
      List<Tensor> outputs = new ArrayList<>();
      for (String layer : network.get().outputs()) outputs.add(named(output.get(), OUTPUT, layer));
      return Optional.of(new Model.Example(named(input.get(), INPUT, name), outputs));
    }

    private static Tensor named(Weights tensors, String entry, String name) {
      Tensor t = tensors.tensors().get(name);
      if (t == null) throw new SpyhopException(entry + ": tensor " + name + " is missing.");
      Axes axes = t.rank() == 4 ? Axes.NCHW : t.rank() == 2 ? Axes.NC : t.axes();
      return t.reshape(axes, t.shape());
    }
  }

  /**
   * Writes a model, replacing the file only once all is written. The same model gives the same
   * bytes.
   *
   * @throws SpyhopException if it cannot be written; what was there is still there
   */
  public static void write(Model model, Path file) {
    AtomicFile.writeDurably(file, out -> write(model, out));
  }

  /** Writes to a stream, which stays open. */
  static void write(Model model, OutputStream out) throws IOException {
    Map<String, Archive.Source> entries = new LinkedHashMap<>();
    byte[] json =
        ModelJson.write(model.spec(), model.network(), model.quantization())
            .getBytes(StandardCharsets.UTF_8);
    entries.put(JSON, o -> o.write(json));
    OnnxGraph.fileIn(model.network()).ifPresent(file -> entries.put(ONNX, file::writeTo));
    if (model.example().isPresent()) {
      Model.Example example = model.example().get();
      String name = model.network().inputs().get(0).name();
      Map<String, Tensor> outputs = new LinkedHashMap<>();
      for (int i = 0; i < example.outputs().size(); i++) {
        outputs.put(model.network().outputs().get(i), example.outputs().get(i));
      }
      entries.put(INPUT, tensors(Map.of(name, example.input())));
      entries.put(OUTPUT, tensors(outputs));
    }
    entries.put(WEIGHTS, tensors(model.weights().tensors()));
    Archive.write(out, entries);
    out.flush();
  }

  private static Archive.Source tensors(Map<String, Tensor> tensors) {
    return out -> Safetensors.write(out, new Weights(tensors), Map.of());
  }
}
