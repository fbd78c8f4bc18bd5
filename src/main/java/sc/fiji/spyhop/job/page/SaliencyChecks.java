package sc.fiji.spyhop.job.page;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/** What checks of saliency maps came to, over all images of a folder of results. */
public final class SaliencyChecks {

  /** The plot, in the folder. */
  private static final String PLOT = "check.png";

  private static final String RANDOM = "random_";

  private SaliencyChecks() {}

  /** Means of numbers that are there. */
  private static final class Means {
    private final Map<String, double[]> sums = new LinkedHashMap<>();

    void add(String column, double value) {
      double[] sum = sums.computeIfAbsent(column, c -> new double[2]);
      if (Double.isNaN(value)) return;
      sum[0] += value;
      sum[1]++;
    }

    double of(String column) {
      double[] sum = sums.getOrDefault(column, new double[2]);
      return sum[0] / sum[1];
    }
  }

  /**
   * Draws how far maps agree with those of networks with more and more random layers.
   *
   * @param folder with a table of checks
   * @return a line for each method
   */
  public static String of(Path folder) {
    Map<String, Means> methods = new LinkedHashMap<>();
    TableRows table =
        TableRows.read(
            folder.resolve("results.csv"),
            row -> {
              Means means = methods.computeIfAbsent(row.text("method"), m -> new Means());
              row.columns().forEach(c -> means.add(c, row.number(c)));
            });
    List<String> random = table.columns().stream().filter(c -> c.startsWith(RANDOM)).toList();
    if (!random.isEmpty()) {
      Map<String, double[]> lines = new LinkedHashMap<>();
      methods.forEach(
          (method, means) -> lines.put(method, random.stream().mapToDouble(means::of).toArray()));
      List<String> layers = random.stream().map(c -> c.substring(RANDOM.length())).toList();
      byte[] plot =
          Plots.lines(lines, layers, "random from the last layer to", "rank correlation of maps");
      AtomicFile.write(folder.resolve(PLOT), out -> out.write(plot));
    }
    return methods.entrySet().stream()
        .map(e -> line(e.getKey(), e.getValue(), random))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String line(String method, Means means, List<String> random) {
    return Strings.format(
        "%-10s deletion %.3f (at random %.3f)  insertion %.3f (at random %.3f)%s",
        method,
        means.of("deletion"),
        means.of("deletion_random"),
        means.of("insertion"),
        means.of("insertion_random"),
        random.isEmpty() ? "" : "  with random weights " + words(means.of(last(random))));
  }

  private static String last(List<String> columns) {
    return columns.get(columns.size() - 1);
  }

  /** There are no ranks in a map that is the same everywhere. */
  private static String words(double correlation) {
    return Double.isNaN(correlation)
        ? "none (a map is the same everywhere)"
        : Strings.format("%.2f", correlation);
  }
}
