package sc.fiji.spyhop.job.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import sc.fiji.spyhop.dataset.ImageGroups;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Folders;

/**
 * Tables of images and of groups of images (CSV, UTF-8): a row for every image looked at, also for
 * those in which nothing was found and those that failed, with count and means over what was found;
 * the same summed up by group; and how much of each image each class of pixels covers.
 */
public final class ImageTables {

  /** Name of the table of how much of each image each class of pixels covers. */
  public static final String CLASSES = "classes.csv";

  /** Name of the table of images. */
  public static final String IMAGES = "images.csv";

  /** Name of the table of groups of images. */
  public static final String GROUPS = "groups.csv";

  private static final String SHARE = "area_share";

  /** Of columns with the number of objects of a class. */
  private static final String COUNT_OF = "count_";

  /** Names of columns that are always there. */
  static final List<String> COLUMNS =
      List.of(
          "image",
          "state",
          "count",
          SHARE,
          "class",
          "pixels",
          "area",
          "share",
          "unit",
          "warning",
          "model",
          "device",
          "name",
          "width",
          "height",
          "seconds",
          "file",
          "images",
          "failed",
          "count_per_image");

  private final ImageGroups groups;
  private final List<Row> rows = new ArrayList<>();

  /** Columns with a mean, in their order. */
  private final Set<String> means = new LinkedHashSet<>();

  /**
   * An image.
   *
   * @param group what is said of it; empty texts if nothing
   * @param sums by name of the mean
   */
  private record Row(List<String> group, JournalLine.Outcome outcome, Map<String, Sum> sums) {
    String about(String column) {
      return outcome.about().getOrDefault(column, "");
    }
  }

  /** Sum and number of what is averaged. */
  private static final class Sum {
    private double sum;
    private long n;

    void add(Sum other) {
      sum += other.sum;
      n += other.n;
    }

    void add(double value) {
      sum += value;
      n++;
    }

    String mean() {
      return n == 0 ? "" : Digits.cell(sum / n);
    }
  }

  private ImageTables(ImageGroups groups) {
    this.groups = groups;
  }

  /**
   * Writes the tables, that of groups if there are some.
   *
   * @param images that were looked at, in order
   */
  static void write(
      Path folder,
      BatchJob job,
      List<Column> columns,
      Journal journal,
      List<String> images,
      ImageGroups groups) {
    ImageTables tables = new ImageTables(groups);
    CsvFile.write(
        folder.resolve(IMAGES),
        csv -> {
          for (String image : images) tables.read(image, job, columns, journal);
          tables.leaveOutUnknown();
          tables.images(csv);
        });
    boolean classes = tables.rows.stream().anyMatch(r -> !r.outcome().classes().isEmpty());
    write(folder.resolve(CLASSES), classes, tables::classes);
    write(folder.resolve(GROUPS), !groups.names().isEmpty(), tables::groups);
  }

  /** Writes a table that is asked for; else removes that of another run. */
  private static void write(Path file, boolean asked, CsvFile.Content content) {
    if (asked) {
      CsvFile.write(file, content);
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw Folders.cannotWrite(file, e);
    }
  }

  private void read(String image, BatchJob job, List<Column> columns, Journal journal)
      throws IOException {
    JournalLine.Outcome outcome = journal.outcome(image).orElseThrow();
    List<String> none = groups.names().stream().map(n -> "").toList();
    Map<String, Sum> sums = new LinkedHashMap<>();
    if (!outcome.failed()) {
      journal.rows(
          image,
          new JournalLine.RowSink() {
            private final Map<Integer, Sum> at = new TreeMap<>();
            private int rank = -1;

            @Override
            public void columns(List<String> more) {
              List<String> all =
                  Stream.concat(columns.stream().map(Column::name), more.stream()).toList();
              for (int i = 0; i < all.size(); i++) {
                Optional<String> name = mean(all.get(i), job.averaged());
                if (name.isPresent()) at.put(i, sums.computeIfAbsent(name.get(), k -> new Sum()));
              }
              means.addAll(sums.keySet());
              rank = all.indexOf("rank");
            }

            @Override
            public void row(List<String> cells) {
              if (rank >= 0 && !cells.get(rank).isEmpty() && !cells.get(rank).equals("1")) return;
              at.forEach(
                  (i, sum) -> {
                    double value = Decimals.parse(cells.get(i));
                    if (!Double.isNaN(value)) sum.add(value);
                  });
            }
          });
    }
    rows.add(new Row(groups.of(outcome.path()).orElse(none), outcome, sums));
  }

  /** Of means, some are of what not every model tells, such as scores. */
  private void leaveOutUnknown() {
    Set<String> known = new HashSet<>();
    for (Row row : rows) row.sums.forEach((mean, sum) -> known.add(sum.n > 0 ? mean : ""));
    known.remove("");
    if (!known.isEmpty()) means.retainAll(known);
  }

  /** What the mean of a column is called; empty if it has none. */
  private static Optional<String> mean(String column, List<String> averaged) {
    if (column.matches("mean(_c\\d+)?")) {
      return Optional.of(column.replaceFirst("mean", "mean_intensity"));
    }
    return averaged.contains(column) ? Optional.of("mean_" + column) : Optional.empty();
  }

  private void images(CsvFile.Sink csv) throws IOException {
    boolean share = rows.stream().anyMatch(r -> !r.about(SHARE).isEmpty());
    List<String> header = new ArrayList<>(List.of("image"));
    header.addAll(groups.names());
    header.addAll(List.of("state", "count"));
    Set<String> types = types();
    types.forEach(type -> header.add(COUNT_OF + type));
    if (share) header.add(SHARE);
    header.addAll(means);
    header.addAll(
        List.of(
            "unit", "warning", "model", "device", "name", "width", "height", "seconds", "file"));
    csv.row(header);
    for (Row r : rows) {
      List<String> cells = new ArrayList<>(List.of(r.outcome().title()));
      cells.addAll(r.group());
      cells.add(r.outcome().failed() ? "failed" : "done");
      cells.add(r.outcome().failed() ? "" : String.valueOf(r.outcome().count()));
      for (String type : types) {
        cells.add(
            r.outcome().failed()
                ? ""
                : String.valueOf(r.outcome().counts().getOrDefault(type, 0L)));
      }
      if (share) cells.add(r.about(SHARE));
      for (String mean : means) cells.add(r.sums().getOrDefault(mean, new Sum()).mean());
      cells.add(r.about("unit"));
      cells.add(r.outcome().failed() ? r.outcome().failure() : r.about("warning"));
      for (String column : List.of("model", "device")) cells.add(r.about(column));
      cells.add(r.outcome().image());
      for (String column : List.of("width", "height", "seconds")) cells.add(r.about(column));
      cells.add(r.outcome().stamp().file());
      csv.row(cells);
    }
  }

  /** A row for each class of each image. */
  private void classes(CsvFile.Sink csv) throws IOException {
    List<String> header = new ArrayList<>(List.of("image"));
    header.addAll(groups.names());
    header.addAll(List.of("class", "pixels", "area", "unit", "share"));
    csv.row(header);
    for (Row r : rows) {
      for (List<String> of : r.outcome().classes()) {
        List<String> cells = new ArrayList<>(List.of(r.outcome().title()));
        cells.addAll(r.group());
        cells.addAll(List.of(of.get(0), of.get(1), of.get(2), r.about("unit"), of.get(3)));
        csv.row(cells);
      }
    }
  }

  private void groups(CsvFile.Sink csv) throws IOException {
    boolean share = rows.stream().anyMatch(r -> !r.about(SHARE).isEmpty());
    List<String> header = new ArrayList<>(groups.names());
    header.addAll(List.of("images", "failed", "count", "count_per_image"));
    types().forEach(type -> header.add(COUNT_OF + type));
    if (share) header.add(SHARE);
    header.addAll(means);
    for (String name : classNames()) header.addAll(List.of("area_of_" + name, "share_of_" + name));
    header.add("unit");
    csv.row(header);
    Map<List<String>, List<Row>> byGroup = new LinkedHashMap<>();
    for (Row r : rows) byGroup.computeIfAbsent(r.group(), g -> new ArrayList<>()).add(r);
    for (Map.Entry<List<String>, List<Row>> group : byGroup.entrySet()) {
      csv.row(summed(group.getKey(), group.getValue(), share));
    }
  }

  private List<String> summed(List<String> group, List<Row> all, boolean share) {
    List<Row> done = all.stream().filter(r -> !r.outcome().failed()).toList();
    long count = done.stream().mapToLong(r -> r.outcome().count()).sum();
    List<String> cells = new ArrayList<>(group);
    cells.add(String.valueOf(done.size()));
    cells.add(String.valueOf(all.size() - done.size()));
    cells.add(String.valueOf(count));
    cells.add(done.isEmpty() ? "" : Digits.cell((double) count / done.size()));
    for (String type : types()) {
      cells.add(
          String.valueOf(
              done.stream().mapToLong(r -> r.outcome().counts().getOrDefault(type, 0L)).sum()));
    }
    if (share) cells.add(mean(done, r -> r.about(SHARE)));
    List<String> units = units(done);
    for (String mean : means) {
      Sum sum = new Sum();
      done.forEach(r -> sum.add(r.sums().getOrDefault(mean, new Sum())));
      // areas in several units have no mean
      cells.add(units.size() > 1 && mean.equals("mean_area") ? "" : sum.mean());
    }
    for (String name : classNames()) {
      Sum area = new Sum();
      Sum covered = new Sum();
      for (Row r : done) {
        for (List<String> of : r.outcome().classes()) {
          if (!of.get(0).equals(name)) continue;
          area.add(Decimals.parse(of.get(2)));
          double part = Decimals.parse(of.get(3));
          if (!Double.isNaN(part)) covered.add(part);
        }
      }
      cells.add(units.size() > 1 || area.n == 0 ? "" : Digits.cell(area.sum));
      cells.add(covered.mean());
    }
    cells.add(units.size() > 1 ? String.join(" and ", units) : units.isEmpty() ? "" : units.get(0));
    return cells;
  }

  /** Units of areas: those of the images in which there are some, or else of all. */
  private static List<String> units(List<Row> rows) {
    List<Row> some =
        rows.stream()
            .filter(r -> r.outcome().count() > 0 || !r.outcome().classes().isEmpty())
            .toList();
    return (some.isEmpty() ? rows : some)
        .stream().map(r -> r.about("unit")).filter(u -> !u.isEmpty()).distinct().toList();
  }

  /** Classes of objects. */
  private Set<String> types() {
    Set<String> types = new LinkedHashSet<>();
    rows.forEach(r -> types.addAll(r.outcome().counts().keySet()));
    return types;
  }

  private Set<String> classNames() {
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(r -> r.outcome().classes().forEach(of -> names.add(of.get(0))));
    return names;
  }

  private static String mean(Collection<Row> rows, Function<Row, String> text) {
    Sum sum = new Sum();
    for (Row r : rows) {
      double value = Decimals.parse(text.apply(r));
      if (!Double.isNaN(value)) sum.add(value);
    }
    return sum.mean();
  }
}
