package sc.fiji.spyhop.job.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.PlaneName;
import sc.fiji.spyhop.task.metrics.Confusion;
import sc.fiji.spyhop.task.metrics.ImageScores;
import sc.fiji.spyhop.task.metrics.ImageScores.Estimate;
import sc.fiji.spyhop.task.metrics.Pooled;
import sc.fiji.spyhop.task.metrics.Reliability;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.TableRow;

/** What came of comparing predictions with the truth. */
public final class Evaluation {

  private final Pooled<?> all;
  private final Map<String, Estimate> estimates;
  private final Map<String, Estimate> differences;
  private final Optional<String> other;
  private final List<TableRow> images;
  private final Omissions omissions;

  /** Others, with which predictions are compared. */
  record Against<I>(String name, ImageScores<I> scores) {}

  private <I> Evaluation(
      ImageScores<I> scores,
      Optional<Against<I>> against,
      Function<String, PlaneName> titles,
      Omissions omissions,
      Progress progress) {
    all = scores.all();
    ImageScores.Estimates reckoned = scores.estimates(against.map(Against::scores), progress);
    estimates = reckoned.figures();
    differences = reckoned.differences();
    other = against.map(Against::name);
    images = rows(scores.worstFirst(), titles);
    this.omissions = omissions;
  }

  /**
   * Reckons all figures.
   *
   * @param scores of at least one image
   * @param against of the same images, in the same order
   * @param titles what tables call the images of the scores
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  static <I> Evaluation of(
      ImageScores<I> scores,
      Optional<Against<I>> against,
      Function<String, PlaneName> titles,
      Omissions omissions,
      Progress progress) {
    return new Evaluation(scores, against, titles, omissions, progress);
  }

  /** Slice and time point are told where there are several. */
  private static List<TableRow> rows(
      Map<String, Map<String, Object>> scored, Function<String, PlaneName> titles) {
    List<PlaneName> planes = scored.keySet().stream().map(titles).toList();
    boolean slices = planes.stream().anyMatch(p -> p.slice() > 1);
    boolean frames = planes.stream().anyMatch(p -> p.frame() > 1);
    List<TableRow> rows = new ArrayList<>();
    scored.forEach(
        (name, figures) -> {
          PlaneName plane = titles.apply(name);
          Map<String, Object> cells = new LinkedHashMap<>();
          if (slices) cells.put("slice", plane.slice());
          if (frames) cells.put("frame", plane.frame());
          cells.putAll(figures);
          rows.add(new TableRow(plane.image(), cells));
        });
    return rows;
  }

  /** All figures as lines of text, and how sure the main ones are. */
  public String text() {
    List<String> lines = new ArrayList<>(List.of(all.table()));
    if (!estimates.isEmpty()) {
      lines.add(told("95 % intervals, by images drawn at random: ", estimates, false));
    }
    other.ifPresent(
        o -> lines.add(told("Compared with " + o + " on the same images: ", differences, true)));
    all.reliability().ifPresent(r -> lines.add(r.table()));
    return lines.stream().map(l -> l + System.lineSeparator()).collect(Collectors.joining());
  }

  private static String told(String start, Map<String, Estimate> figures, boolean signed) {
    return figures.entrySet().stream()
        .map(
            e ->
                Strings.format(
                    "%s %s (%s to %s)",
                    e.getKey(),
                    number(e.getValue().value(), signed),
                    number(e.getValue().low(), signed),
                    number(e.getValue().high(), signed)))
        .collect(Collectors.joining(", ", start, "."));
  }

  private static String number(double value, boolean signed) {
    String digits = value != 0 && Math.abs(value) < 0.001 ? ".2e" : ".4f";
    return Strings.format("%" + (signed ? "+" : "") + digits, value);
  }

  /**
   * All numbers by name, one a row: the main ones first, with their intervals, and how far each is
   * above that of the other predictions, if there are some. Columns: value, low, high, difference,
   * difference_low, difference_high.
   */
  public List<TableRow> figures() {
    Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
    estimates.forEach(
        (name, e) -> {
          Map<String, Object> cells = cells(e);
          Estimate difference = differences.get(name);
          if (difference != null) {
            cells.put("difference", difference.value());
            cells.put("difference_low", difference.low());
            cells.put("difference_high", difference.high());
          }
          rows.put(name, cells);
        });
    flatten("", toMap(), rows);
    rows.put("missing_predictions", Map.of("value", omissions.missing().size()));
    rows.put("left_out", Map.of("value", omissions.leftOut().size()));
    return rows.entrySet().stream().map(e -> new TableRow(e.getKey(), e.getValue())).toList();
  }

  private static void flatten(String path, Map<?, ?> map, Map<String, Map<String, Object>> rows) {
    map.forEach(
        (key, value) -> {
          String name = path.isEmpty() ? key.toString() : path + " " + key;
          if (value instanceof Map<?, ?> more) flatten(name, more, rows);
          else if (value instanceof Number) rows.putIfAbsent(name, Map.of("value", value));
        });
  }

  /** What there is to say of each image by column, the worst first. */
  public List<TableRow> images() {
    return images;
  }

  /** Whether scores mean what they say; absent where nothing has a score. */
  public Optional<Reliability> reliability() {
    return all.reliability();
  }

  /** Which classes were taken for which, where it is about classes. */
  public Optional<Confusion> counts() {
    return all.confusion();
  }

  /** By true class, how many were taken for each class; empty where it is not about classes. */
  public List<TableRow> confusion() {
    List<TableRow> rows = new ArrayList<>();
    all.confusion()
        .ifPresent(
            c -> {
              for (int t = 0; t < c.classes().size(); t++) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int p = 0; p < c.classes().size(); p++) {
                  row.put(c.classes().get(p), c.counts()[t][p]);
                }
                rows.add(new TableRow(c.classes().get(t), row));
              }
            });
    return rows;
  }

  /** What was missing or of no use, in sentences. */
  public List<String> notes() {
    return omissions.sentences();
  }

  /** A sentence for each image that could not be read; why was told before. */
  public List<String> failures() {
    return omissions.unread().stream()
        .map(image -> image + ": it is left out of all figures.")
        .toList();
  }

  /** Number of images, or planes, that were compared. */
  public int size() {
    return images.size();
  }

  /**
   * Writes the table of images (CSV), the worst first.
   *
   * @throws SpyhopException if it cannot be written
   */
  public void writeImages(Path file) {
    write(file, "image", images);
  }

  /**
   * Writes the confusion matrix (CSV): a row for each true class.
   *
   * @throws SpyhopException if it cannot be written
   */
  public void writeConfusion(Path file) {
    write(file, "truth", confusion());
  }

  private static void write(Path file, String first, List<TableRow> rows) {
    CsvFile.write(
        file,
        csv -> {
          List<String> columns = new ArrayList<>(List.of(first));
          columns.addAll(rows.get(0).cells().keySet());
          csv.row(columns);
          for (TableRow row : rows) {
            List<String> cells = new ArrayList<>(List.of(row.label()));
            for (String c : columns.subList(1, columns.size())) {
              cells.add(Digits.cell(row.cells().get(c)));
            }
            csv.row(cells);
          }
        });
  }

  /**
   * Writes the reliability of scores (CSV): a row for each range of scores, see {@link
   * Reliability#row}.
   *
   * @throws SpyhopException if it cannot be written
   */
  public static void writeReliability(Path file, Reliability reliability) {
    CsvFile.write(
        file,
        csv -> {
          csv.row(Reliability.COLUMNS);
          for (Reliability.Bin bin : reliability.bins()) {
            csv.row(Reliability.row(bin).values().stream().map(Digits::cell).toList());
          }
        });
  }

  /**
   * Writes all figures as JSON.
   *
   * @throws SpyhopException if they cannot be written
   */
  public void writeJson(Path file) {
    Map<String, Object> map = toMap();
    map.put("intervals", map(estimates));
    if (other.isPresent()) map.put("difference", map(differences));
    map.putAll(omissions.toMap());
    byte[] text;
    try {
      text = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(map);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    AtomicFile.write(file, out -> out.write(text));
  }

  private Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>(all.toMap());
    all.reliability().ifPresent(r -> map.put("reliability", r.toMap()));
    return map;
  }

  private static Map<String, Object> map(Map<String, Estimate> figures) {
    Map<String, Object> map = new LinkedHashMap<>();
    figures.forEach((name, e) -> map.put(name, cells(e)));
    return map;
  }

  private static Map<String, Object> cells(Estimate e) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("value", e.value());
    cells.put("low", e.low());
    cells.put("high", e.high());
    return cells;
  }
}
