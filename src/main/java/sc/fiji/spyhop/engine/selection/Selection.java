package sc.fiji.spyhop.engine.selection;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.engine.Unpacking;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;

/**
 * Chooses among engines, in their order: the first with a GPU, or else the first that computes in
 * 16 bits if that may be, or else the first that can run. None is trusted before {@link
 * ArithmeticCheck} found it right on this machine, once for as long as the records last; what was
 * not chosen is not loaded, except to ask for GPUs. Safe for use by several threads.
 */
final class Selection {

  private static final System.Logger LOG = System.getLogger(Selection.class.getName());

  private final List<Engine> engines;
  private final CheckRecords records;

  /** By the name of the engine and the device. */
  private final Map<String, Verdict> verdicts = new HashMap<>();

  private final Set<String> told = new HashSet<>();

  Selection(List<Engine> engines, CheckRecords records) {
    this.engines = List.copyOf(engines);
    this.records = records;
  }

  List<Engine> engines() {
    return engines;
  }

  Processor processor() {
    return records.processor();
  }

  /**
   * The best engine that can do something and computes right; it has one device.
   *
   * @throws SpyhopException if there is none
   */
  Engine best(Capability capability, Predicate<Engine> fits, Precision precision) {
    Map<String, String> faults = new LinkedHashMap<>();
    return find(capability, fits, precision, faults)
        .orElseThrow(
            () -> {
              if (!faults.isEmpty()) return allWrong(faults, precision);
              List<Engine> able = able(capability, fits);
              return precision == Precision.BFLOAT16 ? noBfloat16() : noLibrary(capability, able);
            });
  }

  /**
   * @param faults gets those of the engines that were passed over, by library
   */
  Optional<Engine> find(
      Capability capability,
      Predicate<Engine> fits,
      Precision precision,
      Map<String, String> faults) {
    List<Engine> able = able(capability, fits);
    for (Place place : places(capability, precision)) {
      for (Engine engine : able) {
        for (Device device : place.of(engine)) {
          Optional<String> fault = verdict(engine, device).fault();
          if (fault.isEmpty()) {
            if (place == Place.CPU) tellOfFolders(able.subList(0, able.indexOf(engine)), engine);
            return Optional.of(chosen(engine, device, faults));
          }
          faults.put(name(engine, device), fault.get());
        }
      }
    }
    return Optional.empty();
  }

  /** Where, and in which arithmetic. */
  private enum Place {
    GPU,
    BFLOAT16,
    CPU;

    List<Device> of(Engine engine) {
      return switch (this) {
        case GPU -> engine.gpus();
        case BFLOAT16 -> engine.bfloat16().stream().toList();
        case CPU -> engine.devices().stream().filter(d -> d.kind() == Device.Kind.CPU).toList();
      };
    }
  }

  /** Best first. In eight bits GPUs gain nothing: ONNX Runtime rounds there, but computes in 32. */
  private List<Place> places(Capability capability, Precision precision) {
    if (capability == Capability.EIGHT_BITS) return List.of(Place.CPU);
    return switch (precision) {
      // to ask an engine whether it can compute in 16 bits loads it
      case AUTO ->
          processor().mayHaveBfloat16()
              ? List.of(Place.GPU, Place.BFLOAT16, Place.CPU)
              : List.of(Place.GPU, Place.CPU);
      case FLOAT32 -> List.of(Place.GPU, Place.CPU);
      case BFLOAT16 -> List.of(Place.BFLOAT16);
    };
  }

  private List<Engine> able(Capability capability, Predicate<Engine> fits) {
    return engines.stream()
        .filter(e -> e.capabilities().contains(capability) && fits.test(e))
        .toList();
  }

  /** Of engines that would have come first, if they could have been unpacked. */
  private synchronized void tellOfFolders(List<Engine> before, Engine chosen) {
    for (Engine engine : before) {
      problem(engine)
          .filter(Unpacking.Failure.class::isInstance)
          .map(SpyhopException::getMessage)
          .filter(told::add)
          .ifPresent(
              why ->
                  LOG.log(
                      Level.WARNING,
                      why + " " + chosen.library().name() + " does the work for now."));
    }
  }

  private Engine chosen(Engine engine, Device device, Map<String, String> faults) {
    if (faults.isEmpty()) return new ChosenEngine(engine, device);
    faults.forEach((library, fault) -> tell(library, fault, name(engine, device)));
    String passed =
        faults.keySet().stream()
            .map(library -> "; " + library + " computes wrong here and was passed over")
            .collect(Collectors.joining());
    Device told =
        new Device(device.kind(), device.index(), device.description() + passed)
            .in(device.arithmetic());
    return new ChosenEngine(engine, told);
  }

  private static String name(Engine engine, Device device) {
    String on = device.kind() == Device.Kind.GPU ? " on " + device.name() : "";
    String in = device.arithmetic().isEmpty() ? "" : " in " + device.arithmetic();
    return engine.library().name() + on + in;
  }

  /** Once for each engine. */
  private synchronized void tell(String library, String fault, String instead) {
    if (!told.add(library)) return;
    LOG.log(
        Level.WARNING,
        "{0} computes wrong on this machine ({1}), so {2} is used instead. Please report what"
            + " \"spyhop engines\" or \"Spyhop Engines\" in the menu shows.",
        library,
        fault,
        instead);
  }

  /** That of this process, or else the one on record; checks if there is none. */
  synchronized Verdict verdict(Engine engine, Device device) {
    Verdict known = verdicts.get(key(engine, device));
    if (known != null) return known;
    Optional<Verdict> kept = records.find(engine, device);
    kept.ifPresent(verdict -> verdicts.put(key(engine, device), verdict));
    return kept.orElseGet(() -> check(engine, device));
  }

  /** What is known without checking. */
  synchronized Optional<Verdict> known(Engine engine, Device device) {
    return Optional.ofNullable(verdicts.get(key(engine, device)))
        .or(() -> records.find(engine, device));
  }

  /** Checks anew, and keeps what came of it. */
  Verdict check(Engine engine, Device device) {
    return keep(
        engine,
        device,
        fault(
            () ->
                ArithmeticCheck.untried(engine).or(() -> ArithmeticCheck.faultOf(engine, device))));
  }

  /** See {@link Engines#recheck}. */
  Optional<String> recheck(
      Engine chosen,
      Device device,
      Network network,
      Optional<String> layer,
      Map<String, Shape> shapes) {
    Engine engine = chosen instanceof ChosenEngine c ? c.engine() : chosen;
    Optional<String> fault =
        fault(() -> ArithmeticCheck.faultOf(engine, device))
            .or(
                () ->
                    layer.flatMap(
                        l ->
                            fault(
                                () ->
                                    ArithmeticCheck.faultOfLayer(
                                        engine, device, network, l, shapes))));
    if (fault.isPresent()) {
      Stream.concat(engine.devices().stream(), engine.bfloat16().stream())
          .filter(d -> d.name().equals(device.name()))
          .forEach(d -> keep(engine, d, fault));
    }
    return fault;
  }

  private static Optional<String> fault(Supplier<Optional<String>> check) {
    try {
      return check.get();
    } catch (RuntimeException | LinkageError e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return Optional.of("it failed: " + reason);
    }
  }

  private synchronized Verdict keep(Engine engine, Device device, Optional<String> fault) {
    Verdict verdict = new Verdict(fault, Instant.now().truncatedTo(ChronoUnit.SECONDS));
    verdicts.put(key(engine, device), verdict);
    records.keep(engine, device, verdict);
    return verdict;
  }

  private static String key(Engine engine, Device device) {
    return engine.name() + " " + device.name();
  }

  private SpyhopException noLibrary(Capability capability, List<Engine> able) {
    List<SpyhopException> problems = able.stream().flatMap(e -> problem(e).stream()).toList();
    Optional<SpyhopException> folder =
        problems.stream().filter(Unpacking.Failure.class::isInstance).findFirst();
    if (folder.isPresent()) return folder.get();
    String reasons =
        problems.stream().map(SpyhopException::getMessage).collect(Collectors.joining(" "));
    return new SpyhopException(
        "No engine can "
            + work(capability)
            + " on this machine ("
            + System.getProperty("os.name")
            + ", "
            + System.getProperty("os.arch")
            + "). Install the Spyhop build for this platform (see README, Platforms). "
            + reasons);
  }

  private static String work(Capability capability) {
    return switch (capability) {
      case PREDICTION, FILES -> "run networks";
      case EIGHT_BITS -> "run networks in eight bits";
      case GRADIENTS -> "take gradients of networks";
      case TRAINING -> "train networks";
    };
  }

  private static Optional<SpyhopException> problem(Engine engine) {
    try {
      engine.library();
      return Optional.empty();
    } catch (SpyhopException why) {
      return Optional.of(why);
    }
  }

  private static SpyhopException noBfloat16() {
    return new SpyhopException(
        "This processor has no arithmetic of 16 bits (bfloat16) that an engine here can use, as"
            + " Intel's with AVX-512 BF16 or AMX and AMD's since Zen 4 have. Choose precision auto"
            + " or float32.");
  }

  private static SpyhopException allWrong(Map<String, String> faults, Precision precision) {
    String all =
        faults.entrySet().stream()
            .map(e -> e.getKey() + " (" + e.getValue() + ")")
            .collect(Collectors.joining(", "));
    return new SpyhopException(
        "No engine computes right on this machine"
            + (precision == Precision.BFLOAT16 ? " in 16 bits: " : ": ")
            + all
            + "."
            + (precision == Precision.BFLOAT16 ? " Choose precision auto or float32." : "")
            + " Please report what \"spyhop engines --check\" shows.");
  }
}
