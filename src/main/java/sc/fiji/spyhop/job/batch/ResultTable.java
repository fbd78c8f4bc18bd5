package sc.fiji.spyhop.job.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Strings;

/** The table of all images (CSV, UTF-8), made of a journal's rows without holding them. */
final class ResultTable {

  private ResultTable() {}

  /**
   * Writes the table, whole or not at all.
   *
   * @param images in the order of the rows
   */
  static void write(Path file, List<Column> columns, Journal journal, List<String> images) {
    CsvFile.write(
        file,
        csv -> {
          int[] kept = kept(columns, journal, images);
          csv.row(IntStream.of(kept).mapToObj(i -> columns.get(i).name()).toList());
          for (String image : images) {
            journal.rows(image, row -> csv.row(IntStream.of(kept).mapToObj(row::get).toList()));
          }
        });
  }

  /** Positions of the columns that say something. */
  private static int[] kept(List<Column> columns, Journal journal, List<String> images)
      throws IOException {
    boolean[] said = new boolean[columns.size()];
    for (int i = 0; i < said.length; i++) said[i] = !columns.get(i).optional();
    for (String image : images) {
      journal.rows(
          image,
          row -> {
            if (row.size() != said.length) {
              throw new IOException(
                  Strings.format(
                      "%d columns in %s, expected %d", row.size(), Journal.NAME, said.length));
            }
            for (int i = 0; i < said.length; i++) said[i] |= columns.get(i).isSaidBy(row.get(i));
          });
    }
    return IntStream.range(0, said.length).filter(i -> said[i]).toArray();
  }
}
