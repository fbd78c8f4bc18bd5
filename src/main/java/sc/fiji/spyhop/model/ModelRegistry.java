package sc.fiji.spyhop.model;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * Finds models: those that ship with Spyhop, those in the user's folder, and files by path. A name
 * means the same everywhere: where a file in the user's folder has the name of a shipped model, the
 * name means the shipped one, and the list says so.
 */
public final class ModelRegistry {

  private static final String SHIPPED = "/models/";
  private static final String INDEX = "index.txt";

  private final Path userFolder;

  /**
   * Looks in a folder of one's own, which need not exist.
   *
   * @param userFolder of {@code .spyhop} files, each a model by its name
   */
  public ModelRegistry(Path userFolder) {
    this.userFolder = userFolder;
  }

  /**
   * Looks where everyone looks: in the folder that the system property {@code spyhop.models} or the
   * environment variable {@code SPYHOP_MODELS} names, else in {@code .spyhop/models} of the home
   * folder.
   */
  public static ModelRegistry standard() {
    String named = System.getProperty("spyhop.models", System.getenv("SPYHOP_MODELS"));
    return new ModelRegistry(
        named == null || named.isBlank()
            ? Path.of(System.getProperty("user.home"), ".spyhop", "models")
            : Path.of(named));
  }

  /** Where a model comes from. */
  public enum Source {
    /** With Spyhop. */
    SHIPPED,
    /** From the user's folder. */
    USER
  }

  /**
   * A model, pipeline or generating model that can be asked for by name, or what hinders it.
   *
   * @param location path, or where within Spyhop
   * @param spec of a model
   * @param pipeline of a pipeline
   * @param generator of a generating model
   * @param problem why it cannot be used, a sentence; if present, there is none of these
   */
  public record Listing(
      String name,
      Source source,
      String location,
      Optional<ModelSpec> spec,
      Optional<PipelineSpec> pipeline,
      Optional<GeneratorSpec> generator,
      Optional<String> problem) {

    private static final int LINE = 300;

    /** What it is for, on one line of words of its author; absent if it cannot be used. */
    public Optional<String> description() {
      return spec.map(ModelSpec::description)
          .or(() -> pipeline.map(PipelineSpec::description))
          .or(() -> generator.map(GeneratorSpec::description))
          .map(text -> Strings.line(text, LINE));
    }
  }

  /** All known models, shipped ones first, by name. Reads descriptions only. */
  public List<Listing> list() {
    List<Listing> all = new ArrayList<>();
    for (String name : shipped()) {
      all.add(listing(name, Source.SHIPPED, "Spyhop", () -> shippedDescription(name)));
    }
    for (Path file : userFiles()) {
      String name = nameOf(file);
      all.add(
          listing(
              name,
              Source.USER,
              file.toString(),
              () -> {
                if (shipped().contains(name)) {
                  throw new SpyhopException(
                      file
                          + ": hidden by the shipped model "
                          + name
                          + ". Rename the file, or ask for it by its path.");
                }
                return description(file);
              }));
    }
    return all;
  }

  /**
   * What there is to say of a model by name or file; absent if there is none.
   *
   * @param nameOrPath one of the {@link #names}, or a path of a file
   */
  public Optional<Listing> listed(String nameOrPath) {
    Optional<Listing> known = list().stream().filter(l -> l.name().equals(nameOrPath)).findFirst();
    return known.or(
        () ->
            nameOrPath.endsWith(ModelFile.EXTENSION)
                ? Optional.of(listing(nameOrPath)).filter(l -> l.problem().isEmpty())
                : Optional.empty());
  }

  /**
   * The picture of a model by name or file; absent if it has none, or there is no such model.
   *
   * @param nameOrPath one of the {@link #names}, or a path of a file
   */
  public Optional<Cover> cover(String nameOrPath) {
    try {
      if (shipped().contains(nameOrPath)) return shippedCover(nameOrPath);
      Optional<Path> own =
          userFiles().stream().filter(f -> nameOf(f).equals(nameOrPath)).findFirst();
      boolean isFile = nameOrPath.endsWith(ModelFile.EXTENSION);
      return own.or(() -> isFile ? Optional.of(Path.of(nameOrPath)) : Optional.empty())
          .filter(f -> Kind.of(f) == Kind.MODEL)
          .flatMap(ModelFile::readCover);
    } catch (SpyhopException | InvalidPathException e) {
      return Optional.empty(); // told when it is to be used
    }
  }

  /** Lies beside the model, so that it may be painted anew without touching weights. */
  private static Optional<Cover> shippedCover(String name) {
    try (InputStream in = ModelRegistry.class.getResourceAsStream(SHIPPED + name + ".png")) {
      return in == null ? Optional.empty() : Optional.of(Cover.of(in.readAllBytes()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What there is to say of a file that is not known by name; its path is its name. */
  public static Listing listing(String file) {
    return listing(file, Source.USER, file, () -> description(Path.of(file)));
  }

  /**
   * Copies a model of any kind into the user's folder, so that it can be asked for by name.
   *
   * @param file a sound model, pipeline or generating model
   * @param name that it gets
   * @param replace whether a file of that name may be replaced
   * @return the copy
   * @throws SpyhopException if it is not sound, or a model of that name ships with Spyhop or exists
   */
  public Path add(Path file, String name, boolean replace) {
    switch (Kind.of(file)) {
      case PIPELINE -> PipelineFile.read(file);
      case GENERATOR -> GeneratorFile.read(file);
      case MODEL -> ModelFile.read(file);
    }
    if (shipped().contains(name)) {
      throw new SpyhopException(
          "A model named " + name + " ships with Spyhop. Give this one another name.");
    }
    Path copy = userFolder.resolve(name + ModelFile.EXTENSION);
    if (copy.toAbsolutePath().equals(file.toAbsolutePath())) return copy;
    if (AtomicFile.isThere(copy) && !replace) {
      throw new SpyhopException(
          copy + " exists already. Give another name, or replace it (replace=true).");
    }
    Folders.requireWritable(userFolder);
    AtomicFile.writeDurably(copy, out -> Files.copy(file, out));
    return copy;
  }

  private static Object description(Path file) {
    return switch (Kind.of(file)) {
      case PIPELINE -> PipelineFile.readSpec(file);
      case GENERATOR -> GeneratorFile.readSpec(file);
      case MODEL -> ModelFile.readSpec(file);
    };
  }

  private static Object shippedDescription(String name) {
    return switch (shippedKind(name)) {
      case PIPELINE -> fromResource(name, in -> PipelineFile.readSpec(name, in));
      case GENERATOR -> fromResource(name, in -> GeneratorFile.readSpec(name, in));
      case MODEL -> fromResource(name, in -> ModelFile.readSpec(name, in));
    };
  }

  private static Kind shippedKind(String name) {
    return fromResource(name, in -> Kind.beginningWith(Archive.firstEntry(in)));
  }

  /** What a file holds, as its first entry tells; what is none of them is read as a model. */
  private enum Kind {
    MODEL("model"),
    PIPELINE("pipeline"),
    GENERATOR("generating model");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    static Kind of(Path file) {
      return beginningWith(Archive.firstEntry(file));
    }

    static Kind beginningWith(Optional<String> entry) {
      if (entry.filter(PipelineFile.JSON::equals).isPresent()) return PIPELINE;
      return entry.filter(GeneratorFile.JSON::equals).isPresent() ? GENERATOR : MODEL;
    }

    /** Whether an entry tells what a file holds. */
    static boolean isFirst(String entry) {
      return entry.equals(ModelFile.JSON)
          || entry.equals(PipelineFile.JSON)
          || entry.equals(GeneratorFile.JSON);
    }

    /**
     * Refuses what is of another kind.
     *
     * @param name of what is of this kind
     */
    void require(Kind expected, String name) {
      if (this == expected) return;
      throw new SpyhopException(
          Strings.format(
              "%s is a %s: expected a %s. %s", name, word, expected.word, instead(expected)));
    }

    /** What to do with it instead, or to name in its place. */
    private String instead(Kind expected) {
      return switch (this) {
        case PIPELINE -> "Run it with spyhop pipeline run, or Spyhop Run Pipeline.";
        case GENERATOR ->
            "It makes images: with spyhop render from a table, with spyhop generate"
                + " from numbers drawn at random.";
        case MODEL ->
            "Name one of the "
                + expected.word
                + "s that spyhop models lists, or "
                + (expected == PIPELINE
                    ? "build one from models."
                    : "train one with spyhop train render or spyhop train generate.");
      };
    }
  }

  private static Listing listing(
      String name, Source source, String location, Supplier<Object> description) {
    Optional<Object> what = Optional.empty();
    Optional<String> problem = Optional.empty();
    try {
      what = Optional.of(description.get());
    } catch (SpyhopException e) {
      problem = Optional.of(e.getMessage());
    }
    return new Listing(
        name,
        source,
        location,
        what.filter(ModelSpec.class::isInstance).map(ModelSpec.class::cast),
        what.filter(PipelineSpec.class::isInstance).map(PipelineSpec.class::cast),
        what.filter(GeneratorSpec.class::isInstance).map(GeneratorSpec.class::cast),
        problem);
  }

  /** Names of all known models, sound or not. */
  public List<String> names() {
    return Stream.concat(shipped().stream(), userFiles().stream().map(ModelRegistry::nameOf))
        .distinct()
        .toList();
  }

  /**
   * Opens a model.
   *
   * @param nameOrPath one of the {@link #names}, or a path of a file
   * @throws SpyhopException if there is none (lists the known), or it is not sound
   */
  public Model find(String nameOrPath) {
    return find(Kind.MODEL, nameOrPath, ModelFile::read, ModelFile::read);
  }

  /**
   * Opens a pipeline, as {@link #find} does a model.
   *
   * @param nameOrPath name of a pipeline, or a path of a file
   * @throws SpyhopException if there is none, it is a model, or it is not sound
   */
  public Pipeline findPipeline(String nameOrPath) {
    return find(Kind.PIPELINE, nameOrPath, PipelineFile::read, PipelineFile::read);
  }

  /**
   * Opens a generating model, as {@link #find} does a model.
   *
   * @param nameOrPath name of a generating model, or a path of a file
   * @throws SpyhopException if there is none, it is a model or a pipeline, or it is not sound
   */
  public Generator findGenerator(String nameOrPath) {
    return find(Kind.GENERATOR, nameOrPath, GeneratorFile::read, GeneratorFile::read);
  }

  /**
   * Whether it is a generating model.
   *
   * @param nameOrPath one of the {@link #names}, or a path of a file
   * @throws SpyhopException if there is none of this name
   */
  public boolean isGenerator(String nameOrPath) {
    return find(nameOrPath, Kind::of, ModelRegistry::shippedKind) == Kind.GENERATOR;
  }

  /**
   * What a model is for, without reading its weights; empty for a pipeline.
   *
   * @param nameOrPath one of the {@link #names}, or a path of a file
   * @throws SpyhopException if there is none, it is a generating model, or it is not sound
   */
  public Optional<ModelSpec> findSpec(String nameOrPath) {
    Kind kind = find(nameOrPath, Kind::of, ModelRegistry::shippedKind);
    if (kind == Kind.PIPELINE) return Optional.empty();
    return Optional.of(find(Kind.MODEL, nameOrPath, ModelFile::readSpec, ModelFile::readSpec));
  }

  private interface LabelledOpener<T> {
    T open(String label, InputStream in);
  }

  /** Opens what is of a kind. */
  private <T> T find(
      Kind expected, String nameOrPath, Function<Path, T> open, LabelledOpener<T> openShipped) {
    return find(
        nameOrPath,
        file -> {
          Archive.firstEntry(file)
              .filter(Kind::isFirst)
              .ifPresent(
                  first -> Kind.beginningWith(Optional.of(first)).require(expected, nameOrPath));
          return open.apply(file);
        },
        name -> {
          shippedKind(name).require(expected, name);
          return fromResource(name, in -> openShipped.open(name, in));
        });
  }

  private <T> T find(String nameOrPath, Function<Path, T> open, Function<String, T> openShipped) {
    if (shipped().contains(nameOrPath)) return openShipped.apply(nameOrPath);
    for (Path file : userFiles()) {
      if (nameOf(file).equals(nameOrPath)) return open.apply(file);
    }
    boolean isPath =
        nameOrPath.endsWith(ModelFile.EXTENSION)
            || nameOrPath.contains("/")
            || nameOrPath.contains("\\");
    try {
      Path file = Path.of(nameOrPath);
      if (isPath && Files.exists(file) || Files.isRegularFile(file)) return open.apply(file);
    } catch (InvalidPathException e) {
      isPath = false;
    }
    throw new SpyhopException(
        (isPath ? "There is no model file " : "There is no model named ")
            + '"'
            + nameOrPath
            + "\". "
            + known());
  }

  private String known() {
    List<String> names = names();
    return (names.isEmpty()
            ? "No models are known by name"
            : "Known: " + names.stream().collect(Collectors.joining(", ")))
        + ". Or give the path of a "
        + ModelFile.EXTENSION
        + " file, or put it into "
        + userFolder
        + ".";
  }

  /** Folder whose models go by name; need not exist. */
  public Path userFolder() {
    return userFolder;
  }

  /** Name that a file of a model goes by in the user's folder: without its extension. */
  public static String nameOf(Path file) {
    String name = FileNames.last(file);
    return name.substring(0, name.length() - ModelFile.EXTENSION.length());
  }

  private List<Path> userFiles() {
    if (!Files.isDirectory(userFolder)) return List.of();
    try (Stream<Path> files = Files.list(userFolder)) {
      return files
          .filter(f -> FileNames.last(f).endsWith(ModelFile.EXTENSION))
          .filter(f -> !FileNames.last(f).startsWith("."))
          .sorted(FileNames.ORDER)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<String> shipped() {
    URL index = ModelRegistry.class.getResource(SHIPPED + INDEX);
    if (index == null) return List.of();
    try (InputStream in = index.openStream()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (IOException e) {
      throw new SpyhopException("The list of shipped models cannot be read. Reinstall Spyhop.", e);
    }
  }

  private interface Opener<T> {
    T open(InputStream in) throws IOException;
  }

  private static <T> T fromResource(String name, Opener<T> opener) {
    URL url = ModelRegistry.class.getResource(SHIPPED + name + ModelFile.EXTENSION);
    if (url == null) {
      throw new SpyhopException("Model " + name + " should ship with Spyhop. Reinstall Spyhop.");
    }
    try (InputStream in = new BufferedInputStream(url.openStream())) {
      return opener.open(in);
    } catch (IOException e) {
      throw new SpyhopException("The shipped model " + name + " cannot be read.", e);
    }
  }
}
