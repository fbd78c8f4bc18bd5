package sc.fiji.spyhop.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.engine.benchmark.Benchmarks;
import sc.fiji.spyhop.engine.benchmark.Comparison;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/** Times well-known networks, alone or in turn with another program. */
@Command(
    name = "benchmark",
    description = {
      "Times well-known networks on this machine.",
      "Prints a line of JSON for each: name, median_ms, min_ms, device.",
      "With --against, another program that prints such lines is run in turn, and a table shows",
      "the ratios of the times: below 1, Spyhop is faster. Of several variants of a case, such as",
      "\"lenet infer b128 channels_last\", the program's fastest counts."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop benchmark --filter unet",
      "  spyhop benchmark --model nuclei --filter nuclei",
      "  spyhop benchmark --jobs --filter segment",
      "  spyhop benchmark --against \"python time_torch.py\" --rounds 5 --json ratios.json"
    })
final class Benchmark extends Job {

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only those whose name contains this.")
  private String filter;

  @Option(
      names = "--model",
      paramLabel = "NAME|FILE",
      description =
          "Also predicting with this model, on an image of 512 x 512 pixels if it takes any; can be"
              + " given several times.")
  private List<String> models = List.of();

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "The engine to time, such as onnx or dl4j; if not given, the one that is used.")
  private Optional<String> engine;

  @Option(
      names = "--precision",
      paramLabel = "auto|float32|bfloat16",
      defaultValue = "float32",
      description = "Arithmetic of the networks on processors (default: ${DEFAULT-VALUE}).")
  private String precision;

  @Option(names = "--jobs", description = "Also whole jobs: painted images, from files to files.")
  private boolean jobs;

  @Option(
      names = "--against",
      paramLabel = "COMMAND",
      description = "Compare with what this command of the shell prints.")
  private Optional<String> against;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often both sides run, with --against (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write the comparison to this file.")
  private Optional<Path> json;

  @Option(names = "--force", description = "Replace a file that exists.")
  private boolean force;

  @Override
  public Integer call() {
    List<Benchmarks.Trained> trained = models.stream().map(Benchmark::trained).toList();
    List<String> names =
        Stream.concat(
                Benchmarks.names(trained).stream(),
                jobs ? JobBenchmarks.names().stream() : Stream.empty())
            .toList();
    if (names.stream().noneMatch(n -> n.contains(filter))) {
      throw misuse(
          "--filter: expected part of one of these names: "
              + String.join(", ", names)
              + "; received \""
              + filter
              + "\".");
    }
    if (rounds < 1) throw misuse("--rounds: expected at least 1, received " + rounds + ".");
    precision();
    if (json.isPresent() && against.isEmpty()) throw misuse("--json needs --against.");
    json.ifPresent(file -> requireFree(file, force));
    if (against.isPresent()) return compare(against.get());
    Benchmarks.run(
        engine.map(name -> Engines.named(name, precision())),
        precision(),
        trained,
        filter,
        this::print);
    if (jobs) JobBenchmarks.run(segmentingDevice(), filter, this::print);
    return ExitCode.OK;
  }

  private static Benchmarks.Trained trained(String name) {
    Model model = ModelRegistry.standard().find(name);
    Shape image = model.network().inputs().get(0).shape();
    if (image.rank() != 2) {
      throw new SpyhopException(
          "--model " + name + ": expected a network on images, whose input is " + image + ".");
    }
    return new Benchmarks.Trained(model.spec().name(), model.network(), model.weights());
  }

  private Precision precision() {
    try {
      return Precision.of(precision);
    } catch (SpyhopException e) {
      throw misuse("--precision: " + e.getMessage());
    }
  }

  private static String segmentingDevice() {
    try (Runner<?> segmenter = Runner.open("nuclei", TaskKind.SEGMENTATION)) {
      return segmenter.device().toString();
    }
  }

  private void print(Benchmarks.Result result) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("name", result.name());
    line.put("median_ms", rounded(result.medianMs()));
    line.put("min_ms", rounded(result.minMs()));
    line.put("device", result.device());
    console().out().println(toJson(line));
    console().out().flush();
  }

  /** Each side a process of its own, the one that begins changing from round to round. */
  private int compare(String command) {
    List<Comparison.Round> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      console().say("Round " + round + " of " + rounds);
      Map<String, Double> ours = Map.of();
      if (round % 2 == 1) ours = Figures.of("Spyhop", ownCommand(), console());
      Map<String, Double> theirs =
          Figures.of("--against \"" + command + "\"", Figures.shell(command), console());
      if (round % 2 == 0) ours = Figures.of("Spyhop", ownCommand(), console());
      measured.add(new Comparison.Round(ours, theirs));
    }
    List<Comparison> found = Comparison.of(measured);
    if (found.isEmpty()) {
      throw new SpyhopException(
          "--against: expected figures for one of "
              + String.join(", ", measured.get(0).ours().keySet())
              + "; received "
              + String.join(", ", measured.get(0).theirs().keySet())
              + ".");
    }
    table(found);
    json.ifPresent(
        file ->
            AtomicFile.write(
                file, out -> out.write(toJson(found).getBytes(StandardCharsets.UTF_8))));
    return ExitCode.OK;
  }

  /** This program as it was started, without the comparison. */
  private List<String> ownCommand() {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Spyhop.class.getName()));
    line.addAll(List.of("benchmark", "--filter", filter));
    line.addAll(List.of("--precision", precision));
    engine.ifPresent(name -> line.addAll(List.of("--engine", name)));
    models.forEach(model -> line.addAll(List.of("--model", model)));
    if (jobs) line.add("--jobs");
    return line;
  }

  private void table(List<Comparison> found) {
    int width = found.stream().mapToInt(c -> c.name().length()).max().orElse(0);
    String row = "%-" + width + "s  %10s  %10s  %6s  %s";
    console().out().println(Strings.format(row, "case", "Spyhop ms", "other ms", "ratio", "range"));
    for (Comparison c : found) {
      console()
          .out()
          .println(
              Strings.format(
                  row,
                  c.name(),
                  Strings.format("%.1f", c.ms()),
                  Strings.format("%.1f", c.againstMs()),
                  Strings.format("%.2f", c.ratio()),
                  Strings.format("%.2f to %.2f", c.lowest(), c.highest())));
    }
  }

  private static String toJson(Object value) {
    try {
      return new ObjectMapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double rounded(double ms) {
    return Math.round(ms * 100) / 100.0;
  }
}
