package sc.fiji.spyhop.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Reads and writes {@code .spyhop} files of pipelines: zip archives of {@code pipeline.json}, the
 * first entry, and {@code models/NAME.spyhop} for each model, as {@link ModelFile} has it. A file
 * is opened as data, with the same care: models are read from within, to no depth beyond, and
 * nothing is read that the steps do not ask for.
 */
public final class PipelineFile {

  /** Of the format written here. */
  public static final int FORMAT_VERSION = 1;

  static final String JSON = "pipeline.json";

  private static final String FOLDER = "models/";
  private static final long MAX_JSON = 1L << 20;
  private static final long MAX_MODEL = 4L << 30;

  /** The directory of a nested archive, which nobody reads. */
  private static final long MAX_TAIL = 1L << 20;

  private PipelineFile() {}

  /**
   * Opens a pipeline.
   *
   * @throws SpyhopException if the file is missing or is not a sound pipeline of a version known
   *     here; names the file and says why
   */
  public static Pipeline read(Path file) {
    Reader reader = new Reader(file.toString(), false);
    Archive.read(file, JSON, PipelineFile::limit, reader);
    return reader.pipeline();
  }

  static Pipeline read(String label, InputStream in) {
    Reader reader = new Reader(label, false);
    Archive.read(label, in, JSON, PipelineFile::limit, reader);
    return reader.pipeline();
  }

  /** The description alone, without reading models. */
  public static PipelineSpec readSpec(Path file) {
    Reader reader = new Reader(file.toString(), true);
    Archive.read(file, JSON, PipelineFile::limit, reader);
    return reader.spec;
  }

  static PipelineSpec readSpec(String label, InputStream in) {
    Reader reader = new Reader(label, true);
    Archive.read(label, in, JSON, PipelineFile::limit, reader);
    return reader.spec;
  }

  /** Whether a file begins as one of a pipeline; false if it cannot be read. */
  public static boolean isPipeline(Path file) {
    return Archive.firstEntry(file).filter(JSON::equals).isPresent();
  }

  /** The steps and the rest as text. */
  public static String json(PipelineSpec spec) {
    return ModelJson.write(spec);
  }

  /**
   * The description that a text holds.
   *
   * @throws SpyhopException if it is not of this format, or the chain does not fit
   */
  public static PipelineSpec parse(String json) {
    return ModelJson.readPipeline(json);
  }

  private static long limit(String entry) {
    if (entry.equals(JSON)) return MAX_JSON;
    boolean model =
        entry.startsWith(FOLDER)
            && entry.endsWith(ModelFile.EXTENSION)
            && entry.indexOf('/', FOLDER.length()) < 0;
    return model ? MAX_MODEL : -1;
  }

  private static final class Reader implements Archive.Sink {

    private final String label;
    private final boolean specOnly;
    private final Map<String, Model> models = new LinkedHashMap<>();
    private PipelineSpec spec;

    Reader(String label, boolean specOnly) {
      this.label = label;
      this.specOnly = specOnly;
    }

    @Override
    public boolean accept(String entry, InputStream bytes) throws IOException {
      if (entry.equals(JSON)) {
        String text = new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        try {
          spec = parse(text);
        } catch (SpyhopException e) {
          throw new SpyhopException(label + ": " + e.getMessage(), e);
        }
        return !specOnly;
      }
      String name = entry.substring(FOLDER.length(), entry.length() - ModelFile.EXTENSION.length());
      if (!spec.models().contains(name)) {
        throw new SpyhopException(
            Strings.format(
                "%s: no step of this pipeline needs %s; it is not opened.", label, entry));
      }
      models.put(name, ModelFile.read(label + ": " + entry, bytes));
      long tail = 0;
      while (bytes.read() >= 0) {
        if (++tail > MAX_TAIL) {
          throw new SpyhopException(label + ": " + entry + " is longer than what it should hold.");
        }
      }
      return true;
    }

    Pipeline pipeline() {
      for (String name : spec.models()) {
        if (models.containsKey(name)) continue;
        throw new SpyhopException(
            Strings.format(
                "%s: this pipeline lacks %s%s%s. Get it again, in full.",
                label, FOLDER, name, ModelFile.EXTENSION));
      }
      try {
        return new Pipeline(spec, models);
      } catch (SpyhopException e) {
        throw new SpyhopException(label + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Writes a pipeline, replacing the file only once all is written. The same pipeline gives the
   * same bytes.
   *
   * @param file whose folder exists
   * @throws SpyhopException if it cannot be written; what was there is still there
   */
  public static void write(Pipeline pipeline, Path file) {
    AtomicFile.writeDurably(file, out -> write(pipeline, out));
  }

  static void write(Pipeline pipeline, OutputStream out) throws IOException {
    Map<String, Archive.Source> entries = new LinkedHashMap<>();
    byte[] json = json(pipeline.spec()).getBytes(StandardCharsets.UTF_8);
    entries.put(JSON, o -> o.write(json));
    pipeline
        .models()
        .forEach(
            (name, model) ->
                entries.put(FOLDER + name + ModelFile.EXTENSION, o -> ModelFile.write(model, o)));
    Archive.write(out, entries);
    out.flush();
  }
}
