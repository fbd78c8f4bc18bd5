package sc.fiji.spyhop.job.batch;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.active.Candidate;
import sc.fiji.spyhop.active.Ranking;
import sc.fiji.spyhop.active.Suggester;
import sc.fiji.spyhop.active.Uncertainty;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Digits;

/**
 * Estimates how uncertain a model is about each plane of images, in a table; what is best labelled
 * next follows from that.
 *
 * @param model name or file
 */
public record SuggestJob(String model, Uncertainty measure) implements BatchJob {

  private static final String SCORES = "scores.csv";

  private static final List<Column> COLUMNS =
      Column.all("image", "slice", "frame", "score", "description");

  @Override
  public String name() {
    return "suggest";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("measure", measure.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public String table() {
    return SCORES;
  }

  @Override
  public Session open() {
    Suggester suggester = Suggester.open(model, measure);
    return new ModelSession(
        suggester.runner(),
        COLUMNS,
        (image, progress) -> {
          HyperstackResults<Candidate> seen =
              HyperstackResults.run(image.frames(), suggester::look, progress);
          return new FoundRows(
              seen.planes().stream().map(p -> row(image.file(), p.z(), p.t(), p.result())).toList(),
              "unsure by "
                  + Digits.six(
                      seen.planes().stream().mapToDouble(p -> p.result().score()).max().orElse(0)));
        });
  }

  private static List<String> row(Path file, int z, int t, Candidate seen) {
    StringBuilder description = new StringBuilder();
    for (float f : seen.description()) description.append(Digits.six(f)).append(' ');
    return List.of(
        file.toString(),
        String.valueOf(z),
        String.valueOf(t),
        Digits.six(seen.score()),
        description.toString().strip());
  }

  /**
   * Ranks what a run has looked at.
   *
   * @param output folder of its results, which has the table of scores
   * @param table to write: rank, image, slice, frame, score
   * @param wanted images; others may have been labelled since
   * @param diverse whether those ranked next are to be unlike those before
   * @return how many were ranked
   */
  public static int rank(
      Path output, Path table, Predicate<Path> wanted, int count, boolean diverse) {
    List<CSVRecord> rows = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(output.resolve(SCORES))) {
      for (CSVRecord row : format.parse(reader)) {
        if (!wanted.test(Path.of(CsvFile.original(row.get("image"))))) continue;
        rows.add(row);
        candidates.add(
            new Candidate(Decimals.parse(row.get("score")), numbers(row.get("description"))));
      }
    } catch (IOException e) {
      throw new SpyhopException(
          output.resolve(SCORES) + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
    List<Integer> ranked = Ranking.of(candidates, count, diverse);
    CsvFile.write(
        table,
        csv -> {
          csv.row(List.of("rank", "image", "slice", "frame", "score"));
          int rank = 0;
          for (int i : ranked) {
            CSVRecord r = rows.get(i);
            csv.row(
                List.of(
                    ++rank,
                    CsvFile.original(r.get("image")),
                    r.get("slice"),
                    r.get("frame"),
                    r.get("score")));
          }
        });
    return ranked.size();
  }

  private static float[] numbers(String text) {
    String[] words = text.split(" ");
    float[] values = new float[words.length];
    for (int i = 0; i < values.length; i++) values[i] = (float) Decimals.parse(words[i]);
    return values;
  }
}
