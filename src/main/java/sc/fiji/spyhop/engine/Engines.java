package sc.fiji.spyhop.engine;

import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.Strings;
import sc.fiji.spyhop.network.Network;

/**
 * The engines on the class path, in the order of {@code META-INF/services}. Of those that fit, the
 * first with a GPU is chosen, or else the first that can run; what was not chosen is not loaded,
 * except to ask for GPUs where there are libraries for them.
 */
public final class Engines {

  private Engines() {}

  /**
   * The engine of a name, if it can run here.
   *
   * @throws SpyhopException if there is none
   */
  public static Engine named(String name) {
    return all()
        .filter(e -> e.name().equals(name))
        .filter(e -> !e.devices().isEmpty())
        .findFirst()
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "No engine named %s can run here: expected one of %s.",
                        name, String.join(", ", all().map(Engine::name).toList()))));
  }

  /**
   * The engine to predict with.
   *
   * @throws SpyhopException if none can run here
   */
  public static Engine forPrediction(Network network) {
    return first(Capability.PREDICTION, e -> e.supports(network));
  }

  /**
   * The engine whose predictors give gradients.
   *
   * @throws SpyhopException if none can run here
   */
  public static Engine forGradients(Network network) {
    return first(Capability.GRADIENTS, e -> e.supports(network));
  }

  /**
   * The engine to train with; those that train take every network.
   *
   * @throws SpyhopException if none can run here
   */
  public static Engine forTraining() {
    return first(Capability.TRAINING, e -> true);
  }

  /** Loads the library that prediction most likely needs, so that asking for it is quick. */
  public static void preload() {
    best(all().filter(e -> e.capabilities().contains(Capability.PREDICTION)).toList());
  }

  private static Engine first(Capability capability, Predicate<Engine> fits) {
    return best(all().filter(e -> e.capabilities().contains(capability)).filter(fits).toList())
        .orElseThrow(
            () ->
                new SpyhopException(
                    "No engine can run networks on this machine: expected native libraries for "
                        + System.getProperty("os.name")
                        + " on "
                        + System.getProperty("os.arch")
                        + ". Install the Spyhop build for this platform (see README, Platforms)."));
  }

  /** The first with a GPU, or else the first that can run. */
  static Optional<Engine> best(List<Engine> engines) {
    return engines.stream()
        .filter(e -> !e.gpus().isEmpty())
        .findFirst()
        .or(() -> engines.stream().filter(e -> !e.devices().isEmpty()).findFirst());
  }

  /** Those that can be made; one whose library is missing is passed over. */
  private static Stream<Engine> all() {
    return ServiceLoader.load(Engine.class, Engines.class.getClassLoader()).stream()
        .flatMap(
            provider -> {
              try {
                return Stream.of(provider.get());
              } catch (ServiceConfigurationError e) {
                return Stream.empty();
              }
            });
  }
}
