package sc.fiji.spyhop.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.engine.Benchmarks;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Engines;

/** Times well-known networks. */
@Command(
    name = "benchmark",
    description = {
      "Times well-known networks on this machine.",
      "Prints a line of JSON for each: name, median_ms, min_ms, device."
    },
    footer = {"", "Example:", "  spyhop benchmark --filter unet"})
final class Benchmark extends Job {

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only those whose name contains this.")
  private String filter;

  @Override
  public Integer call() {
    if (Benchmarks.names().stream().noneMatch(n -> n.contains(filter))) {
      throw misuse(
          "--filter: expected part of one of these names: "
              + String.join(", ", Benchmarks.names())
              + "; received \""
              + filter
              + "\".");
    }
    Engine engine = Engines.first();
    Benchmarks.run(engine, engine.devices().get(0), filter, this::print);
    return Spyhop.OK;
  }

  private void print(Benchmarks.Result result) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("name", result.name());
    line.put("median_ms", rounded(result.medianMs()));
    line.put("min_ms", rounded(result.minMs()));
    line.put("device", result.device());
    try {
      console().out().println(new ObjectMapper().writeValueAsString(line));
      console().out().flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double rounded(double ms) {
    return Math.round(ms * 100) / 100.0;
  }
}
