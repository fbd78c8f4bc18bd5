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
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.weights.Weights;

/**
 * Reads and writes {@code .spyhop} files: zip archives of
 *
 * <ol>
 *   <li>{@code model.json}, the first entry: {@code formatVersion}, everything in {@link
 *       ModelSpec}, the {@code architecture}, and of quantised models the {@code quantization};
 *   <li>{@code cover.png} and {@code documentation.md}, each if there is one: the {@link
 *       Presentation};
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
  public static final int FORMAT_VERSION = 6;

  /** Ending of file names. */
  public static final String EXTENSION = ".spyhop";

  /** Most bytes of {@code model.json}. */
  static final long MAX_JSON = 16L << 20;

  /** Most bytes of the test input, and of the test output. */
  static final long MAX_EXAMPLE = ArchiveParts.MAX_EXAMPLE;

  static final String JSON = "model.json";
  private static final String COVER = "cover.png";
  private static final String DOCUMENTATION = "documentation.md";
  private static final String ONNX = "network.onnx";
  private static final String INPUT = ArchiveParts.INPUT;
  private static final String OUTPUT = ArchiveParts.OUTPUT;
  private static final String WEIGHTS = ArchiveParts.WEIGHTS;

  private static final Map<String, Long> LIMITS =
      Map.of(
          JSON,
          MAX_JSON,
          COVER,
          (long) Cover.MAX_BYTES,
          DOCUMENTATION,
          4L * Presentation.MAX_TEXT + 100,
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
   * @param file a {@code .spyhop} file of a model
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
   * @param file a {@code .spyhop} file of a model
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

  /**
   * The picture of a model, without reading its weights.
   *
   * @param file a {@code .spyhop} file of a model
   * @return nothing if it has none
   * @throws SpyhopException as for {@link #read}, as far as it is seen
   */
  public static Optional<Cover> readCover(Path file) {
    CoverOnly cover = new CoverOnly(file.toString());
    Archive.read(file, JSON, ModelFile::limit, cover);
    return cover.found;
  }

  /** It is the second entry, or there is none. */
  private static final class CoverOnly implements Archive.Sink {
    private final String label;
    private Optional<Cover> found = Optional.empty();

    CoverOnly(String label) {
      this.label = label;
    }

    @Override
    public boolean accept(String entry, InputStream bytes) throws IOException {
      if (entry.equals(JSON)) {
        bytes.transferTo(OutputStream.nullOutputStream());
        return true;
      }
      if (entry.equals(COVER)) found = Optional.of(cover(label, bytes));
      return false;
    }
  }

  private static Cover cover(String label, InputStream bytes) throws IOException {
    byte[] png = bytes.readAllBytes();
    return ArchiveParts.labelled(label + ": " + COVER, () -> Cover.of(png));
  }

  /**
   * The text of a description, without the architecture.
   *
   * @return JSON, as {@code model.json} in the file
   */
  public static String record(ModelSpec spec) {
    return ModelJson.write(spec);
  }

  /**
   * The description that a text is.
   *
   * @param text JSON, as {@link #record} gives it
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
    return ArchiveParts.labelled(label, () -> ModelJson.read(text));
  }

  /** Collects the entries of one archive. */
  private static final class Reader implements Archive.Sink {

    private final String label;
    private Optional<ModelJson.Content> content = Optional.empty();
    private Optional<Network> network = Optional.empty();
    private Optional<Weights> weights = Optional.empty();
    private Optional<Weights> input = Optional.empty();
    private Optional<Weights> output = Optional.empty();
    private Optional<Cover> cover = Optional.empty();
    private String documentation = "";

    Reader(String label) {
      this.label = label;
    }

    @Override
    public boolean accept(String entry, InputStream bytes) throws IOException {
      switch (entry) {
        case JSON -> {
          content = Optional.of(json(label, bytes));
          network = Optional.of(ArchiveParts.labelled(label, () -> content.get().network()));
        }
        case COVER -> cover = Optional.of(cover(label, bytes));
        case DOCUMENTATION ->
            documentation = new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        case ONNX -> {
          if (OnnxGraph.fileIn(network.orElseThrow()).isEmpty()) {
            throw new SpyhopException(
                label + ": has a file " + ONNX + ", which no layer speaks of; it is not opened.");
          }
          network =
              Optional.of(
                  ArchiveParts.labelled(
                      label,
                      () ->
                          OnnxGraph.with(
                              network.orElseThrow(), OnnxContent.of(bytes.readAllBytes()))));
        }
        case INPUT -> input = Optional.of(ArchiveParts.tensors(label, entry, bytes, MAX_EXAMPLE));
        case OUTPUT -> output = Optional.of(ArchiveParts.tensors(label, entry, bytes, MAX_EXAMPLE));
        default -> weights = Optional.of(ArchiveParts.weights(label, network.orElseThrow(), bytes));
      }
      return true;
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
        return ArchiveParts.labelled(
            label,
            () ->
                new Model(
                    content.get().spec(),
                    network.get(),
                    weights.get(),
                    example(),
                    content.get().quantization(),
                    new Presentation(cover, documentation)));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private Optional<Model.Example> example() {
      if (input.isEmpty()) return Optional.empty();
      String name = network.get().inputs().get(0).name();
      List<Tensor> outputs = new ArrayList<>();
      for (String layer : network.get().outputs())
        outputs.add(ArchiveParts.named(output.get(), OUTPUT, layer));
      return Optional.of(new Model.Example(ArchiveParts.named(input.get(), INPUT, name), outputs));
    }
  }

  /**
   * Writes a model, replacing the file only once all is written. The same model gives the same
   * bytes.
   *
   * @param file whose folder exists; by custom it ends in {@link #EXTENSION}
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
    model.presentation().cover().ifPresent(c -> entries.put(COVER, o -> o.write(c.png())));
    byte[] text = model.presentation().documentation().getBytes(StandardCharsets.UTF_8);
    if (text.length > 0) entries.put(DOCUMENTATION, o -> o.write(text));
    OnnxGraph.fileIn(model.network()).ifPresent(file -> entries.put(ONNX, file::writeTo));
    if (model.example().isPresent()) {
      Model.Example example = model.example().get();
      String name = model.network().inputs().get(0).name();
      Map<String, Tensor> outputs = new LinkedHashMap<>();
      for (int i = 0; i < example.outputs().size(); i++) {
        outputs.put(model.network().outputs().get(i), example.outputs().get(i));
      }
      entries.put(INPUT, ArchiveParts.source(Map.of(name, example.input())));
      entries.put(OUTPUT, ArchiveParts.source(outputs));
    }
    entries.put(WEIGHTS, ArchiveParts.source(model.weights().tensors()));
    Archive.write(out, entries);
    out.flush();
  }
}
