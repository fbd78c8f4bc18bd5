package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a training leaves beside its model of how it went. */
final class LossHistory {

  private LossHistory() {}

  /** The mean loss of each epoch; what it began with, in row 0, has none. */
  static List<Double> of(Path model) throws IOException {
    String name = model.getFileName().toString().replace(".spyhop", "-training");
    List<String> rows = Files.readAllLines(model.resolveSibling(name).resolve("history.csv"));
    int column = List.of(rows.get(0).split(",")).indexOf("loss");
    return rows.stream()
        .skip(1)
        .filter(r -> !r.startsWith("0,"))
        .map(r -> Double.valueOf(r.split(",")[column]))
        .toList();
  }

  /** The loss of the last epoch is less than such a share of that of the first. */
  static void assertFell(Path model, double share) throws IOException {
    List<Double> losses = of(model);
    assertTrue(losses.get(losses.size() - 1) < share * losses.get(0), () -> "losses of " + losses);
  }
}
