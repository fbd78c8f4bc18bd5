package sc.fiji.spyhop.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds models: those that ship with Spyhop, those in the user's folder, and files by path. */
public final class ModelRegistry {

  private final Path userFolder;

  /** Looks in a folder of one's own. */
  public ModelRegistry(Path userFolder) {
    this.userFolder = userFolder;
  }

  /**
   * Looks where everyone looks: in the folder that the system property {@code spyhop.models} or the
   * environment variable {@code SPYHOP_MODELS} names, else in {@code .spyhop/models} of the home
   * folder.
   */
  public static ModelRegistry standard() {
    throw new UnsupportedOperationException();
  }

  public enum Source {
    SHIPPED,
    USER
  }

  /**
   * A model that can be asked for by name, or what hinders it.
   *
   * @param location path, or where within Spyhop
   * @param problem why it cannot be used; if present, there is no spec
   */
  public record Listing(
      String name,
      Source source,
      String location,
      Optional<ModelSpec> spec,
      Optional<String> problem) {}

  /** All known models, shipped ones first, by name. */
  public List<Listing> list() {
    throw new UnsupportedOperationException();
  }

  /**
   * Opens a model.
   *
   * @param nameOrPath a name of the {@link #list}, or a path of a file
   * @throws sc.fiji.spyhop.SpyhopException if there is none (lists the known), or it is not sound
   */
  public Model find(String nameOrPath) {
    throw new UnsupportedOperationException();
  }

  public Path userFolder() {
    return userFolder;
  }
}
