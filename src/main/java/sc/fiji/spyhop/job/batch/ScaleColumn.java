package sc.fiji.spyhop.job.batch;

import java.util.List;
import java.util.stream.Stream;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.util.Digits;

/** A last column for the scale in which images were shown to a model; left out where all are 1. */
final class ScaleColumn {

  private static final Column SCALE = Column.unlessAll("scale", "1");

  private ScaleColumn() {}

  static List<Column> after(List<Column> columns) {
    return Stream.concat(columns.stream(), Stream.of(SCALE)).toList();
  }

  static List<String> after(List<String> row, ShownScale scale) {
    return Stream.concat(row.stream(), Stream.of(Digits.six(scale.factor()))).toList();
  }
}
