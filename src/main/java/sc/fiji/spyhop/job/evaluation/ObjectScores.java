package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.IndexTable;
import sc.fiji.spyhop.dataset.format.PlaneName;
import sc.fiji.spyhop.util.Decimals;

/** What the tables beside label images say of how sure a model is of each object. */
final class ObjectScores {

  static final ObjectScores NONE = new ObjectScores();

  private static final String TABLE = "results.csv";

  private final Map<String, Map<Integer, Double>> planes = new HashMap<>();

  private ObjectScores() {}

  /**
   * Reads the tables of folders of results. One without scores, as of a model that is not
   * calibrated, tells none.
   *
   * @throws SpyhopException if a table cannot be read
   */
  static ObjectScores of(LabelFiles files) {
    ObjectScores scores = new ObjectScores();
    files.folders().forEach((folder, above) -> scores.add(folder.resolve(TABLE), above));
    return scores;
  }

  private void add(Path file, String above) {
    if (!Files.isRegularFile(file)) return;
    IndexTable table = IndexTable.read(file);
    Optional<Integer> image = table.column("image");
    Optional<Integer> label = table.column("label");
    Optional<Integer> score = table.column("score");
    if (image.isEmpty() || label.isEmpty() || score.isEmpty()) return;
    Function<List<String>, PlaneName> plane =
        row ->
            new PlaneName(
                above + row.get(image.get()),
                number(table.column("slice").map(row::get)),
                number(table.column("frame").map(row::get)));
    for (List<String> row : table.rows()) {
      double value = Decimals.parse(row.get(score.get()));
      if (!(value >= 0 && value <= 1)) continue;
      planes
          .computeIfAbsent(plane.apply(row).text(), p -> new HashMap<>())
          .put(number(Optional.of(row.get(label.get()))), value);
    }
  }

  /** 1 where there is none. */
  private static int number(Optional<String> text) {
    double value = text.map(Decimals::parse).orElse(Double.NaN);
    return Double.isNaN(value) ? 1 : (int) value;
  }

  /** Scores in [0, 1] by label, of the objects of a plane that have one. */
  Map<Integer, Double> of(PlaneName plane) {
    return planes.getOrDefault(plane.text(), Map.of());
  }
}
