package sc.fiji.spyhop.engine;

import java.util.List;
import java.util.ServiceLoader;
import sc.fiji.spyhop.SpyhopException;

/** The engines on the class path. */
public final class Engines {

  private Engines() {}

  /** Those that can run here, in the order of {@code META-INF/services}. */
  public static List<Engine> available() {
    return ServiceLoader.load(Engine.class, Engines.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .filter(e -> !e.devices().isEmpty())
        .toList();
  }

  /**
   * The first that can run here.
   *
   * @throws SpyhopException if none can
   */
  public static Engine first() {
    return available().stream()
        .findFirst()
        .orElseThrow(
            () ->
                new SpyhopException(
                    "No engine can run networks on this machine: expected native libraries for "
                        + System.getProperty("os.name")
                        + " on "
                        + System.getProperty("os.arch")
                        + ". Install the Spyhop build for this platform (see README, Platforms)."));
  }
}
