package sc.fiji.spyhop.dataset.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.FileNames;

/**
 * DeepLabCut: a CSV file whose first rows say scorer, individuals (in projects of several animals),
 * bodyparts and coords (x, y, likelihood); the image is named in the first column or in the first
 * three. Points of the individual "single" belong to none. Coordinates are taken as they are. An
 * empty point is not labelled.
 */
@Plugin(type = AnnotationFormat.class, name = "deeplabcut", priority = 30)
public final class DeepLabCutCsv implements AnnotationFormat {

  /** Of points that no individual has, such as the corners of the arena. */
  private static final String SINGLE = "single";

  private static final String FILE = "CollectedData_spyhop.csv";

  /**
   * The columns of one point.
   *
   * @param likelihood column, or -1
   */
  private record Column(String individual, String bodypart, int x, int y, int likelihood) {}

  @Override
  public String layout() {
    return "a DeepLabCut CSV file (scorer, bodyparts, coords), or a folder with some";
  }

  @Override
  public List<Path> find(Path path) {
    List<Path> files = Files.isDirectory(path) ? FolderFiles.files(path, 3, "csv") : List.of(path);
    return files.stream().filter(DeepLabCutCsv::isOurs).toList();
  }

  private static boolean isOurs(Path file) {
    if (!ImageFinder.extension(FileNames.last(file)).equals("csv")) return false;
    List<List<String>> head = CsvTable.head(file);
    return head.size() >= 3
        && first(head, 0).equals("scorer")
        && head.stream().anyMatch(r -> r.get(0).equals("coords"));
  }

  private static String first(List<List<String>> rows, int row) {
    return rows.get(row).isEmpty() ? "" : rows.get(row).get(0);
  }

  @Override
  public void read(List<Path> files, SetBuilder into) {
    for (Path file : files) read(file, into);
  }

  private static void read(Path file, SetBuilder into) {
    CsvTable table = CsvTable.read(file);
    List<CSVRecord> rows = table.rows();
    int header = 0;
    while (header < Math.min(4, rows.size()) && !rows.get(header).get(0).equals("coords")) header++;
    if (header < 2 || header == Math.min(4, rows.size())) {
      throw new SpyhopException(
          file + ": expected rows scorer, bodyparts and coords at the top, as DeepLabCut writes.");
    }
    List<Column> columns = columns(file, rows, header);
    int names = columns.get(0).x;
    Set<String> bodyparts = new LinkedHashSet<>();
    columns.forEach(c -> bodyparts.add(c.bodypart));
    into.declareKeypoints(List.copyOf(bodyparts), List.of());
    for (CSVRecord row : rows.subList(header + 1, rows.size())) {
      String where = CsvTable.where(row);
      if (row.size() != rows.get(header).size()) {
        into.problems()
            .add(
                Problem.Kind.WRONG_COLUMNS,
                file,
                where,
                row.size() + " values, expected " + rows.get(header).size());
        if (row.size() > names) into.known(image(row, names)).ifPresent(into::leaveOut);
        continue;
      }
      into.find(image(row, names), file, where)
          .filter(path -> isNew(path, file, where, into))
          .flatMap(into::annotation)
          .ifPresent(a -> read(table, where, row, columns, a));
    }
  }

  private static String image(CSVRecord row, int names) {
    return CsvFile.original(String.join("/", row.toList().subList(0, names)));
  }

  private static boolean isNew(Path image, Path file, String where, SetBuilder into) {
    boolean seen = into.has(image);
    if (seen) into.problems().add(Problem.Kind.DUPLICATE, file, where, into.images().name(image));
    return !seen;
  }

  private static List<Column> columns(Path file, List<CSVRecord> rows, int header) {
    CSVRecord coords = rows.get(header);
    CSVRecord parts = rows.get(header - 1);
    Optional<CSVRecord> individuals = header == 3 ? Optional.of(rows.get(1)) : Optional.empty();
    List<Column> columns = new ArrayList<>();
    for (int i = 1; i + 1 < coords.size() && i + 1 < parts.size(); i++) {
      if (!coords.get(i).equals("x") || !coords.get(i + 1).equals("y")) continue;
      boolean likelihood = i + 2 < coords.size() && coords.get(i + 2).equals("likelihood");
      int at = i;
      columns.add(
          new Column(
              individuals
                  .filter(r -> at < r.size() && !r.get(at).equals(SINGLE))
                  .map(r -> r.get(at))
                  .orElse(""),
              CsvFile.original(parts.get(i)),
              i,
              i + 1,
              likelihood ? i + 2 : -1));
    }
    if (columns.isEmpty()) {
      throw new SpyhopException(file + ": expected columns x and y in the row coords, found none.");
    }
    return columns;
  }

  private static void read(
      CsvTable table, String where, CSVRecord row, List<Column> columns, AnnotationBuilder into) {
    Path file = table.file();
    Map<String, List<Keypoint>> poses = new LinkedHashMap<>();
    for (Column c : columns) {
      if (isNothing(row.get(c.x)) && isNothing(row.get(c.y))) continue;
      double x = table.number(row.get(c.x));
      double y = table.number(row.get(c.y));
      double likelihood = c.likelihood < 0 ? 1 : table.number(row.get(c.likelihood));
      String at = where + table.wrong("x", row.get(c.x)) + table.wrong("y", row.get(c.y));
      into.point(file, at, c.bodypart, x, y, likelihood, Keypoint.Visibility.VISIBLE)
          .ifPresent(k -> poses.computeIfAbsent(c.individual, i -> new ArrayList<>()).add(k));
    }
    poses.forEach(
        (individual, points) -> into.pose(file, where, individual, Optional.empty(), points));
  }

  private static boolean isNothing(String text) {
    return text.isBlank() || text.equalsIgnoreCase("nan");
  }

  @Override
  public void write(AnnotatedSet set, Path folder) {
    AnnotationFormat.requireNoSlices(set, "DeepLabCut CSV");
    AnnotationFormat.refuse(
        set.images(), a -> !a.objects().isEmpty(), "DeepLabCut CSV", "keypoints only", "boxes");
    Set<String> individuals = new LinkedHashSet<>();
    for (AnnotatedImage image : set.images()) {
      image.annotation().poses().forEach(p -> individuals.add(p.individual()));
    }
    if (individuals.isEmpty()) individuals.add("");
    boolean several = individuals.size() > 1 || !individuals.contains("");
    List<String> scorer = new ArrayList<>(List.of("scorer"));
    List<String> who = new ArrayList<>(List.of("individuals"));
    List<String> parts = new ArrayList<>(List.of("bodyparts"));
    List<String> coords = new ArrayList<>(List.of("coords"));
    for (String individual : individuals) {
      for (String part : set.keypoints().names()) {
        for (String axis : List.of("x", "y")) {
          scorer.add("spyhop");
          who.add(individual.isEmpty() ? SINGLE : individual);
          parts.add(part);
          coords.add(axis);
        }
      }
    }
    CsvFile.write(
        folder.resolve(FILE),
        csv -> {
          csv.row(scorer);
          if (several) csv.row(who);
          csv.row(parts);
          csv.row(coords);
          for (AnnotatedImage image : set.images()) {
            csv.row(row(image, individuals, set.keypoints().names()));
          }
        });
  }

  private static List<String> row(
      AnnotatedImage image, Set<String> individuals, List<String> names) {
    List<String> row = new ArrayList<>(List.of(image.name()));
    for (String individual : individuals) {
      Optional<Pose> pose =
          image.annotation().poses().stream()
              .filter(p -> p.individual().equals(individual))
              .findFirst();
      for (String name : names) {
        Optional<Keypoint> k = pose.flatMap(p -> p.keypoint(name)).filter(Keypoint::isLocated);
        row.add(k.map(p -> Decimals.text(p.x())).orElse(""));
        row.add(k.map(p -> Decimals.text(p.y())).orElse(""));
      }
    }
    return row;
  }
}
