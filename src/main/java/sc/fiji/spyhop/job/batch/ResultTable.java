package sc.fiji.spyhop.job.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sc.fiji.spyhop.dataset.ImageGroups;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Strings;

/**
 * The table of all images (CSV, UTF-8), made of a journal's rows without holding them: the columns
 * that all images have, as far as they say something, the groups of an image after its name, then
 * those that some have.
 */
final class ResultTable {

  private final List<Column> common;
  private final Journal journal;
  private final List<String> images;
  private final ImageGroups groups;
  private final boolean[] said;

  /** Places of the columns that some images have. */
  private final Map<String, Integer> more = new LinkedHashMap<>();

  private ResultTable(List<Column> common, Journal journal, List<String> images, ImageGroups groups)
      throws IOException {
    this.common = common;
    this.journal = journal;
    this.images = images;
    this.groups = groups;
    said = new boolean[common.size()];
    for (int i = 0; i < said.length; i++) said[i] = !common.get(i).optional();
    read(
        (image, own, row) -> {
          for (int i = 0; i < said.length; i++) said[i] |= common.get(i).isSaidBy(row.get(i));
        });
  }

  /**
   * Writes the table, whole or not at all.
   *
   * @param columns the first of which names the image
   * @param images in the order of the rows
   */
  static void write(
      Path file, List<Column> columns, Journal journal, List<String> images, ImageGroups groups) {
    CsvFile.write(file, csv -> new ResultTable(columns, journal, images, groups).write(csv));
  }

  private void write(CsvFile.Sink csv) throws IOException {
    int[] kept = IntStream.range(0, said.length).filter(i -> said[i]).toArray();
    List<String> header = new ArrayList<>();
    for (int i : kept) header.add(common.get(i).name());
    header.addAll(1, groups.names());
    header.addAll(more.keySet());
    csv.row(header);
    List<String> none = groups.names().stream().map(n -> "").toList();
    read(
        (image, own, row) -> {
          List<String> cells = new ArrayList<>(header.size());
          for (int i : kept) cells.add(row.get(i));
          cells.addAll(1, groups.of(journal.outcome(image).orElseThrow().path()).orElse(none));
          String[] others = new String[more.size()];
          Arrays.fill(others, "");
          for (int i = 0; i < own.size(); i++) {
            others[more.get(own.get(i))] = row.get(common.size() + i);
          }
          cells.addAll(List.of(others));
          csv.row(cells);
        });
  }

  private interface Reader {
    /**
     * @param own names of the columns of the image
     */
    void row(String image, List<String> own, List<String> row) throws IOException;
  }

  private void read(Reader reader) throws IOException {
    for (String image : images) {
      List<String> own = new ArrayList<>();
      journal.rows(
          image,
          new JournalLine.RowSink() {
            @Override
            public void columns(List<String> names) {
              own.addAll(names);
              names.forEach(name -> more.putIfAbsent(name, more.size()));
            }

            @Override
            public void row(List<String> cells) throws IOException {
              int expected = common.size() + own.size();
              if (cells.size() != expected) {
                throw new IOException(
                    Strings.format(
                        "%d columns in %s, expected %d", cells.size(), Journal.NAME, expected));
              }
              reader.row(image, own, cells);
            }
          });
    }
  }
}
