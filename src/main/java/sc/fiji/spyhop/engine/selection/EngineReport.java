package sc.fiji.spyhop.engine.selection;

import java.lang.management.ManagementFactory;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.Version;

/** Which engines there are on this machine, which of them are used for what, and why not. */
final class EngineReport {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final Map<Capability, String> WORK =
      new EnumMap<>(
          Map.of(
              Capability.PREDICTION, "predicts",
              Capability.EIGHT_BITS, "predicts in eight bits",
              Capability.GRADIENTS, "gives gradients",
              Capability.TRAINING, "trains"));

  private static final Map<Capability, String> WORK_IN_16_BITS =
      new EnumMap<>(
          Map.of(
              Capability.PREDICTION, "predicts in 16 bits",
              Capability.TRAINING, "trains in 16 bits"));

  private final Selection selection;
  private final boolean anew;
  private final StringBuilder text = new StringBuilder();

  /** By engine, what it is used for. */
  private final Map<String, List<String>> uses = new TreeMap<>();

  /**
   * @param anew whether to check each engine, whatever is on record
   */
  EngineReport(Selection selection, boolean anew) {
    this.selection = selection;
    this.anew = anew;
  }

  String text() {
    machine();
    if (anew) {
      for (Engine e : selection.engines()) devices(e).forEach(d -> selection.check(e, d));
    }
    WORK.forEach(
        (capability, work) ->
            selection
                .find(capability, e -> true, Precision.FLOAT32, new HashMap<>())
                .ifPresent(e -> uses.computeIfAbsent(e.name(), n -> new ArrayList<>()).add(work)));
    WORK_IN_16_BITS.forEach(
        (capability, work) ->
            selection
                .find(capability, e -> true, Precision.BFLOAT16, new HashMap<>())
                .ifPresent(e -> uses.computeIfAbsent(e.name(), n -> new ArrayList<>()).add(work)));
    for (Engine engine : selection.engines()) engine(engine);
    return text.toString();
  }

  private void machine() {
    Processor processor = selection.processor();
    line("Spyhop", Version.number());
    line(
        "Java",
        System.getProperty("java.version")
            + " ("
            + System.getProperty("java.vendor")
            + "), "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch"));
    line(
        "processor",
        processor.name() + ", " + Runtime.getRuntime().availableProcessors() + " cores for Java");
    line("caches", caches(processor));
    line("memory", memory());
    boolean has = selection.engines().stream().anyMatch(e -> e.bfloat16().isPresent());
    line("16 bits", has ? "bfloat16" : "no arithmetic that an engine can use here");
  }

  private static String caches(Processor processor) {
    String sizes =
        new TreeMap<>(processor.properties())
            .entrySet().stream()
                .filter(e -> e.getKey().startsWith(Processor.CACHE))
                .map(e -> e.getKey().substring(Processor.CACHE.length()) + " " + e.getValue())
                .collect(Collectors.joining(", "));
    return sizes.isEmpty() ? "sizes not told" : sizes;
  }

  private static String memory() {
    String heap = "Java's heap up to " + gigabytes(Runtime.getRuntime().maxMemory());
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? gigabytes(system.getTotalMemorySize()) + ", " + heap
        : heap;
  }

  private static String gigabytes(long bytes) {
    return Strings.format("%.1f GB", bytes / (double) (1 << 30));
  }

  private void engine(Engine engine) {
    text.append(System.lineSeparator());
    Library library;
    try {
      library = engine.library();
    } catch (SpyhopException e) {
      line(engine.name(), "not used");
      line("  why", e.getMessage());
      return;
    }
    List<String> faults = new ArrayList<>();
    List<String> checks = new ArrayList<>();
    for (Device device : devices(engine)) {
      Optional<Verdict> verdict = selection.known(engine, device);
      verdict.flatMap(Verdict::fault).ifPresent(faults::add);
      checks.add(verdict.map(EngineReport::words).orElse("not checked yet, as it was not needed"));
    }
    List<String> used = uses.getOrDefault(engine.name(), List.of());
    line(engine.name(), used.isEmpty() ? "not used" : String.join(", ", used));
    line(
        "  library",
        library.name() + (library.details().isEmpty() ? "" : ", " + library.details()));
    if (engine instanceof GuardedEngine g) line("  plugin", Plugins.jar(g.engine()));
    line(
        "  instructions",
        library.instructions().isEmpty() ? "chosen by the library" : library.instructions());
    for (int i = 0; i < checks.size(); i++) {
      line("  device", devices(engine).get(i).toString());
      line("  arithmetic", checks.get(i));
    }
    if (used.isEmpty()) line("  why", why(engine, faults));
  }

  /** Also that in 16 bits. */
  private static List<Device> devices(Engine engine) {
    return Stream.concat(engine.devices().stream(), engine.bfloat16().stream()).toList();
  }

  private static String words(Verdict verdict) {
    String when = ", checked " + TIME.format(verdict.when());
    return verdict.fault().map(f -> "wrong: " + f + when).orElse("right" + when);
  }

  private String why(Engine engine, List<String> faults) {
    if (engine.devices().isEmpty()) return "nothing to compute on was found";
    if (!faults.isEmpty() && faults.size() == devices(engine).size()) return "it computes wrong";
    Set<String> before = new LinkedHashSet<>();
    for (Engine e : selection.engines()) if (uses.containsKey(e.name())) before.add(e.name());
    return "all that it can do is done by " + String.join(" and ", before);
  }

  private void line(String key, String value) {
    text.append(Strings.format("%-14s %s", key, value)).append(System.lineSeparator());
  }
}
