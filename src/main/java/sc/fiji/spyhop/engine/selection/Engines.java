package sc.fiji.spyhop.engine.selection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.util.Strings;

/**
 * The engines on the class path, ours and those that plugins bring, those of the highest priority
 * first. Of those that fit, the first with a GPU is chosen, or else the first that computes in 16
 * bits if that is asked for and the processor has it, or else the first that can run. An engine
 * that computes wrong on this machine is passed over with a sentence in the log, and the
 * description of the device that is used instead says so.
 */
public final class Engines {

  private static final Selection SELECTION = new Selection(all(), CheckRecords.ofUser());

  private Engines() {}

  /**
   * The engine of a name, if it can run here.
   *
   * @param name such as {@code onednn}
   * @throws SpyhopException if there is none, or it computes wrong
   */
  public static Engine named(String name) {
    return named(name, Precision.FLOAT32);
  }

  /**
   * The engine of a name; of its devices the first counts.
   *
   * @throws SpyhopException if there is none, it computes wrong, or not in such a precision
   */
  public static Engine named(String name, Precision precision) {
    if (precision == Precision.FLOAT32) return single(name);
    single(name);
    return SELECTION.best(Capability.PREDICTION, e -> e.name().equals(name), precision);
  }

  private static Engine single(String name) {
    Engine engine =
        SELECTION.engines().stream()
            .filter(e -> e.name().equals(name))
            .filter(e -> !e.devices().isEmpty())
            .findFirst()
            .orElseThrow(
                () ->
                    new SpyhopException(
                        Strings.format(
                            "No engine named %s can run here: expected one of %s; spyhop engines tells which of them are installed, and how others are added.",
                            name, names())));
    SELECTION
        .verdict(engine, engine.devices().get(0))
        .fault()
        .ifPresent(
            fault -> {
              throw new SpyhopException(
                  engine.library().name() + " computes wrong on this machine: " + fault + ".");
            });
    return engine;
  }

  private static String names() {
    return SELECTION.engines().stream().map(Engine::name).collect(Collectors.joining(", "));
  }

  /**
   * The engine to predict with in 32 bits; it has one device.
   *
   * @param network that will be run, as engines differ in the layers they have
   * @throws SpyhopException if none can run here
   */
  public static Engine forPrediction(Network network) {
    return forPrediction(network, Quantization.NONE);
  }

  /**
   * The engine to predict with where some of the network may be in eight bits, the rest in 32.
   *
   * @param quantization what is in eight bits
   * @throws SpyhopException if none can run here
   */
  public static Engine forPrediction(Network network, Quantization quantization) {
    return forPrediction(network, quantization, Precision.FLOAT32);
  }

  /**
   * The engine to predict with.
   *
   * @param precision of what is not in eight bits
   * @throws SpyhopException if none can run here, or none in such a precision
   */
  public static Engine forPrediction(
      Network network, Quantization quantization, Precision precision) {
    if (quantization.isNone()) {
      return SELECTION.best(Capability.PREDICTION, e -> e.supports(network), precision);
    }
    if (precision == Precision.BFLOAT16) {
      throw new SpyhopException(
          "This model computes in eight bits (int8), which precision bfloat16 excludes. Choose"
              + " precision auto, or the model before it was quantized.");
    }
    return SELECTION.best(Capability.EIGHT_BITS, e -> e.supports(network), Precision.FLOAT32);
  }

  /** The engine that runs networks of other programs as they are, if one can run here. */
  public static Optional<Engine> forFiles() {
    return SELECTION.engines().stream()
        .filter(e -> e.capabilities().contains(Capability.FILES))
        .filter(e -> !e.devices().isEmpty())
        .filter(e -> SELECTION.verdict(e, e.devices().get(0)).fault().isEmpty())
        .findFirst();
  }

  /**
   * The engine to take gradients with, in 32 bits; those that do take every network. It has one
   * device.
   *
   * @throws SpyhopException if none can run here
   */
  public static Engine forGradients() {
    return SELECTION.best(Capability.GRADIENTS, e -> true, Precision.FLOAT32);
  }

  /**
   * The engine to train with in 32 bits; those that train take every network. It has one device.
   *
   * @throws SpyhopException if none can run here
   */
  public static Engine forTraining() {
    return forTraining(Precision.FLOAT32);
  }

  /**
   * The engine to train with; those that train take every network. It has one device.
   *
   * @throws SpyhopException if none can run here, or none in such a precision
   */
  public static Engine forTraining(Precision precision) {
    return SELECTION.best(Capability.TRAINING, e -> true, precision);
  }

  /** Loads and checks the library that prediction most likely needs, so that it is quick then. */
  public static void preload() {
    SELECTION.find(Capability.PREDICTION, e -> true, Precision.AUTO, new HashMap<>());
  }

  /**
   * Looks again whether an engine computes right, when its numbers look wrong. One that does not is
   * passed over from now on.
   *
   * @param layer of the network that is suspected, if any
   * @param shapes of all feature maps of the network
   * @return what it computes wrong, in words without a full stop; nothing if all is right
   */
  public static Optional<String> recheck(
      Engine engine,
      Device device,
      Network network,
      Optional<String> layer,
      Map<String, Shape> shapes) {
    return SELECTION.recheck(engine, device, network, layer, shapes);
  }

  /**
   * What there is and what is used, in lines to read and to paste into a bug report; loads every
   * engine.
   *
   * @param anew whether to check each of them, whatever is on record
   */
  public static String report(boolean anew) {
    return new EngineReport(SELECTION, anew).text();
  }

  private static List<Engine> all() {
    return Plugins.all(Engine.class).stream()
        .map(e -> Plugins.isOurs(e) ? e : new GuardedEngine(e))
        .toList();
  }
}
