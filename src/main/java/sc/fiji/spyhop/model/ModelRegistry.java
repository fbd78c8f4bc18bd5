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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;

/**
 * Finds models: those that ship with Spyhop, those in the user's folder, and files by path. A name
 * means the same everywhere: where a file in the user's folder has the name of a shipped model, the
 * name means the shipped one, and the list says so.
 */
public final class ModelRegistry {

  private static final String SHIPPED = "/models/";
  private static final String INDEX = "index.txt";

  private final Path userFolder;

  /** Looks in a folder of one's own, which need not exist. */
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
    SHIPPED,
    USER
  }

  /**
   * A model that can be asked for by name, or what hinders it.
   *
   * @param location path, or where within Spyhop
   * @param problem why it cannot be used, a sentence; if present, there is no spec
   */
  public record Listing(
      String name,
      Source source,
      String location,
      Optional<ModelSpec> spec,
      Optional<String> problem) {}

  /** All known models, shipped ones first, by name. Reads descriptions only. */
  public List<Listing> list() {
    List<Listing> all = new ArrayList<>();
    for (String name : shipped()) {
      all.add(
          listing(
              name,
              Source.SHIPPED,
              "Spyhop",
              () -> fromResource(name, in -> ModelFile.readSpec(name, in))));
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
                return ModelFile.readSpec(file);
              }));
    }
    return all;
  }

  private static Listing listing(
      String name, Source source, String location, Supplier<ModelSpec> spec) {
    try {
      return new Listing(name, source, location, Optional.of(spec.get()), Optional.empty());
    } catch (SpyhopException e) {
      return new Listing(name, source, location, Optional.empty(), Optional.of(e.getMessage()));
    }
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
    if (shipped().contains(nameOrPath)) {
      return fromResource(nameOrPath, in -> ModelFile.read(nameOrPath, in));
    }
    for (Path file : userFiles()) {
      if (nameOf(file).equals(nameOrPath)) return ModelFile.read(file);
    }
    boolean isPath =
        nameOrPath.endsWith(ModelFile.EXTENSION)
            || nameOrPath.contains("/")
            || nameOrPath.contains("\\");
    try {
      Path file = Path.of(nameOrPath);
      if (isPath && Files.exists(file) || Files.isRegularFile(file)) return ModelFile.read(file);
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

  public Path userFolder() {
    return userFolder;
  }

  private static String nameOf(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ModelFile.EXTENSION.length());
  }

  private List<Path> userFiles() {
    if (!Files.isDirectory(userFolder)) return List.of();
    try (Stream<Path> files = Files.list(userFolder)) {
      return files
          .filter(f -> f.getFileName().toString().endsWith(ModelFile.EXTENSION))
          .filter(f -> !f.getFileName().toString().startsWith("."))
          .sorted()
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
