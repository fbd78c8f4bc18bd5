package sc.fiji.spyhop.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.weights.Weights;

/**
 * Reads and writes {@code .spyhop} files of generating models: zip archives of
 *
 * <ol>
 *   <li>{@code generator.json}, the first entry: {@code formatVersion}, everything in {@link
 *       GeneratorSpec}, and the {@code architecture};
 *   <li>{@code test-input.safetensors} and {@code test-output.safetensors}, or neither: the {@link
 *       Generator.Example}, tensors named as the network names its input and output;
 *   <li>{@code weights.safetensors}.
 * </ol>
 *
 * <p>Opened as data, with the same care as {@link ModelFile}: it can name no class and run no code,
 * entries with other names and unknown fields are refused, and nothing is read beyond what the
 * architecture asks for.
 */
public final class GeneratorFile {

  /** Of the format written here. */
  public static final int FORMAT_VERSION = 1;

  static final String JSON = "generator.json";

  private static final Map<String, Long> LIMITS =
      Map.of(
          JSON,
          ModelFile.MAX_JSON,
          ArchiveParts.INPUT,
          ArchiveParts.MAX_EXAMPLE,
          ArchiveParts.OUTPUT,
          ArchiveParts.MAX_EXAMPLE,
          ArchiveParts.WEIGHTS,
          Long.MAX_VALUE / 2);

  private static long limit(String entry) {
    return LIMITS.getOrDefault(entry, -1L);
  }

  private GeneratorFile() {}

  /**
   * Opens a generating model.
   *
   * @throws SpyhopException if the file is missing or is not a sound generating model of a version
   *     known here; names the file and says why
   */
  public static Generator read(Path file) {
    Reader reader = new Reader(file.toString(), false);
    Archive.read(file, JSON, GeneratorFile::limit, reader);
    return reader.generator();
  }

  static Generator read(String label, InputStream in) {
    Reader reader = new Reader(label, false);
    Archive.read(label, in, JSON, GeneratorFile::limit, reader);
    return reader.generator();
  }

  /** The description alone, without reading weights. */
  public static GeneratorSpec readSpec(Path file) {
    Reader reader = new Reader(file.toString(), true);
    Archive.read(file, JSON, GeneratorFile::limit, reader);
    return reader.content.orElseThrow().spec();
  }

  static GeneratorSpec readSpec(String label, InputStream in) {
    Reader reader = new Reader(label, true);
    Archive.read(label, in, JSON, GeneratorFile::limit, reader);
    return reader.content.orElseThrow().spec();
  }

  /** Whether a file begins as one of a generating model; false if it cannot be read. */
  public static boolean isGenerator(Path file) {
    return Archive.firstEntry(file).filter(JSON::equals).isPresent();
  }

  /** Collects the entries of one archive. */
  private static final class Reader implements Archive.Sink {

    private final String label;
    private final boolean specOnly;
    private Optional<ModelJson.GeneratorContent> content = Optional.empty();
    private Optional<Network> network = Optional.empty();
    private Optional<Weights> weights = Optional.empty();
    private Optional<Weights> input = Optional.empty();
    private Optional<Weights> output = Optional.empty();

    Reader(String label, boolean specOnly) {
      this.label = label;
      this.specOnly = specOnly;
    }

    @Override
    public boolean accept(String entry, InputStream bytes) throws IOException {
      switch (entry) {
        case JSON -> {
          String text = new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
          content = Optional.of(ArchiveParts.labelled(label, () -> ModelJson.readGenerator(text)));
          if (specOnly) return false;
          network =
              Optional.of(ArchiveParts.labelled(label, () -> content.orElseThrow().network()));
        }
        case ArchiveParts.INPUT -> input = Optional.of(example(entry, bytes));
        case ArchiveParts.OUTPUT -> output = Optional.of(example(entry, bytes));
        default -> weights = Optional.of(ArchiveParts.weights(label, network.orElseThrow(), bytes));
      }
      return true;
    }

    private Weights example(String entry, InputStream bytes) throws IOException {
      return ArchiveParts.tensors(label, entry, bytes, limit(entry));
    }

    Generator generator() {
      if (content.isEmpty() || weights.isEmpty() || input.isPresent() != output.isPresent()) {
        String missing =
            content.isEmpty()
                ? JSON
                : weights.isEmpty()
                    ? ArchiveParts.WEIGHTS
                    : input.isEmpty() ? ArchiveParts.INPUT : ArchiveParts.OUTPUT;
        throw new SpyhopException(
            label + ": this model file lacks " + missing + ". Get it again, in full.");
      }
      try {
        return ArchiveParts.labelled(
            label,
            () ->
                new Generator(
                    content.orElseThrow().spec(),
                    network.orElseThrow(),
                    weights.orElseThrow(),
                    example()));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private Optional<Generator.Example> example() {
      if (input.isEmpty()) return Optional.empty();
      Network made = network.orElseThrow();
      if (made.inputs().size() != 1 || made.outputs().size() != 1) return Optional.empty();
      String in = made.inputs().get(0).name();
      String out = made.outputs().get(0);
      return Optional.of(
          new Generator.Example(
              ArchiveParts.named(input.orElseThrow(), ArchiveParts.INPUT, in),
              ArchiveParts.named(output.orElseThrow(), ArchiveParts.OUTPUT, out)));
    }
  }

  /**
   * Writes a generating model, replacing the file only once all is written. The same model gives
   * the same bytes.
   *
   * @throws SpyhopException if it cannot be written; what was there is still there
   */
  public static void write(Generator generator, Path file) {
    AtomicFile.writeDurably(file, out -> write(generator, out));
  }

  static void write(Generator generator, OutputStream out) throws IOException {
    Map<String, Archive.Source> entries = new LinkedHashMap<>();
    byte[] json =
        ModelJson.write(generator.spec(), generator.network()).getBytes(StandardCharsets.UTF_8);
    entries.put(JSON, o -> o.write(json));
    if (generator.example().isPresent()) {
      Generator.Example example = generator.example().get();
      String in = generator.network().inputs().get(0).name();
      String made = generator.network().outputs().get(0);
      entries.put(ArchiveParts.INPUT, ArchiveParts.source(Map.of(in, example.input())));
      entries.put(ArchiveParts.OUTPUT, ArchiveParts.source(Map.of(made, example.output())));
    }
    entries.put(ArchiveParts.WEIGHTS, ArchiveParts.source(generator.weights().tensors()));
    Archive.write(out, entries);
    out.flush();
  }
}
