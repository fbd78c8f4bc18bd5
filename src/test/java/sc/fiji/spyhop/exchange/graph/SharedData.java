package sc.fiji.spyhop.exchange.graph;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** Data beside the repository, for tests that are skipped without it. */
public final class SharedData {

  private static final Path DATA = Path.of("..", "shared", "data");

  private SharedData() {}

  public static Path file(String name) {
    Path file = DATA.resolve(name);
    assumeTrue(Files.exists(file), "skipped: there is no " + file);
    return file;
  }

  /**
   * One row of a table of reference predictions.
   *
   * @param index of the class, from 0
   */
  public record Ranked(int index, double probability) {}

  /** The five most likely classes by image. */
  public static Map<String, List<Ranked>> topFive(String table) {
    Map<String, List<Ranked>> rows = new LinkedHashMap<>();
    try (Reader in = Files.newBufferedReader(file("pretrained/" + table))) {
      for (CSVRecord r : CSVFormat.RFC4180.builder().setHeader().get().parse(in)) {
        rows.computeIfAbsent(r.get("file"), f -> new ArrayList<>())
            .add(
                new Ranked(
                    Integer.parseInt(r.get("class_index_0_999")),
                    Double.parseDouble(r.get("probability"))));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return rows;
  }
}
