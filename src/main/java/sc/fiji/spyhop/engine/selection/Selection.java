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
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Unpacking;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;

/**
 * Chooses among engines, in their order: the first with a GPU, or else the first that can run. None
 * is trusted before {@link ArithmeticCheck} found it right on this machine, once for as long as the
 * records last; what was not chosen is not loaded, except to ask for GPUs. Safe for use by several
 * threads.
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
  Engine best(Capability capability, Predicate<Engine> fits) {
    Map<String, String> faults = new LinkedHashMap<>();
    return find(capability, fits, faults)
        .orElseThrow(() -> faults.isEmpty() ? noLibrary(able(capability, fits)) : allWrong(faults));
  }

  /**
   * @param faults gets those of the engines that were passed over, by library
   */
  Optional<Engine> find(Capability capability, Predicate<Engine> fits, Map<String, String> faults) {
    List<Engine> able = able(capability, fits);
    for (Device.Kind kind : kinds(capability)) {
      for (Engine engine : able) {
        for (Device device : kind == Device.Kind.GPU ? engine.gpus() : engine.devices()) {
          if (device.kind() != kind) continue;
          Optional<String> fault = verdict(engine, device).fault();
          if (fault.isEmpty()) {
            if (kind == Device.Kind.CPU)
              tellOfFolders(able.subList(0, able.indexOf(engine)), engine);
            return Optional.of(chosen(engine, device, faults));
          }
          faults.put(name(engine, device), fault.get());
        }
      }
    }
    return Optional.empty();
  }

  /** Best first. In eight bits GPUs gain nothing: ONNX Runtime rounds there, but computes in 32. */
  private static List<Device.Kind> kinds(Capability capability) {
    return capability == Capability.EIGHT_BITS
        ? List.of(Device.Kind.CPU)
        : List.of(Device.Kind.GPU, Device.Kind.CPU);
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
    faults.forEach((library, fault) -> tell(library, fault, engine.library().name()));
    String passed =
        faults.keySet().stream()
            .map(library -> "; " + library + " computes wrong here and was passed over")
            .collect(Collectors.joining());
    return new ChosenEngine(
        engine, new Device(device.kind(), device.index(), device.description() + passed));
  }

  private static String name(Engine engine, Device device) {
    String on = device.kind() == Device.Kind.GPU ? " on " + device.name() : "";
    return engine.library().name() + on;
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
    return keep(engine, device, fault(() -> ArithmeticCheck.faultOf(engine, device)));
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
      engine.devices().stream()
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

  private SpyhopException noLibrary(List<Engine> able) {
    List<SpyhopException> problems = able.stream().flatMap(e -> problem(e).stream()).toList();
    Optional<SpyhopException> folder =
        problems.stream().filter(Unpacking.Failure.class::isInstance).findFirst();
    if (folder.isPresent()) return folder.get();
    String reasons =
        problems.stream().map(SpyhopException::getMessage).collect(Collectors.joining(" "));
    return new SpyhopException(
        "No engine can run networks on this machine ("
            + System.getProperty("os.name")
            + ", "
            + System.getProperty("os.arch")
            + "). Install the Spyhop build for this platform (see README, Platforms). "
            + reasons);
  }

  private static Optional<SpyhopException> problem(Engine engine) {
    try {
      engine.library();
      return Optional.empty();
    } catch (SpyhopException why) {
      return Optional.of(why);
    }
  }

  private static SpyhopException allWrong(Map<String, String> faults) {
    String all =
        faults.entrySet().stream()
            .map(e -> e.getKey() + " (" + e.getValue() + ")")
            .collect(Collectors.joining(", "));
    return new SpyhopException(
        "No engine computes right on this machine: "
            + all
            + ". Please report what \"spyhop engines --check\" shows.");
  }
}
