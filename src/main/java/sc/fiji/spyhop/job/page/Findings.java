package sc.fiji.spyhop.job.page;

import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ObjectTable;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * What a table says of all that was found, in a size that does not grow with it: of each image the
 * few of which the model is least sure, and of all together what is drawn.
 */
final class Findings {

  /** Of each image. */
  static final int LEAST = 3;

  /** More classes are not drawn. */
  private static final int CLASSES = 200;

  /** Column of what an image is of that may be of several classes. */
  private static final String SEVERAL = "classes";

  static final List<String> TABLES = List.of("results.csv", "boxes.csv", "keypoints.csv");

  /**
   * Something that was found.
   *
   * @param caption what it is, and how sure the model is
   * @param sure from 0 to 1; NaN if the model does not say
   * @param outline name of its region, but for slice and time point; empty if it has none
   * @param place in pixels of the image, in the plane that its picture shows
   */
  record Finding(String caption, double sure, String outline, Optional<Place> place) {}

  /** A box, or a point with a size of 0. */
  record Place(double x, double y, double width, double height) {

    static Place of(Rectangle box) {
      return new Place(box.x, box.y, box.width, box.height);
    }

    Place times(double zoom) {
      return new Place(zoom * x, zoom * y, zoom * width, zoom * height);
    }
  }

  private final Optional<Path> table;
  private final Map<String, List<Finding>> least = new HashMap<>();
  private final Map<String, Long> classes = new LinkedHashMap<>();
  private final Sample sizes = new Sample();
  private final Sample sure = new Sample();
  private String unit = "";
  private boolean numbered;

  private Findings(Optional<Path> table) {
    this.table = table;
  }

  /**
   * Reads the table of a folder; nothing is said of what was found if it has none.
   *
   * @throws SpyhopException if it cannot be read
   */
  static Findings read(Path folder) {
    Findings findings =
        new Findings(
            TABLES.stream()
                .map(folder::resolve)
                .filter(Files::exists)
                .max(Comparator.comparingLong(Findings::modified)));
    findings.table.ifPresent(file -> TableRows.read(file, findings::take));
    return findings;
  }

  private static long modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
  }

  private void take(TableRows row) {
    String rank = row.text("rank");
    if (!rank.isEmpty() && !rank.equals("1")) return;
    double score = sure(row);
    String caption = caption(row);
    if (caption.isEmpty()) return; // an image in which nothing is
    String shown = Double.isNaN(score) ? caption : caption + " " + Strings.format("%.2f", score);
    sure.add(score);
    numbered |= !row.text("object").isEmpty();
    measure(row);
    List<Finding> of = least.computeIfAbsent(row.text("image"), i -> new ArrayList<>(LEAST + 1));
    double label = row.number("label");
    String type = row.text("class");
    of.add(
        new Finding(
            shown,
            score,
            isDrawn(row) && label > 0
                ? HyperstackSegmentation.objectName((int) label, isClassed(row) ? type : "")
                : "",
            isDrawn(row) ? place(row) : Optional.empty()));
    of.sort(Comparator.comparingDouble(Finding::sure)); // NaN last
    if (of.size() > LEAST) of.remove(LEAST);
  }

  /**
   * The score of an object that has one says more of it than the mean probability of its pixels;
   * the probability of a class is that of the whole, where the score is that of its box.
   */
  private static double sure(TableRows row) {
    boolean outlined = row.has("label");
    return Stream.of(outlined ? "score" : "probability", outlined ? "probability" : "score")
        .mapToDouble(row::number)
        .filter(s -> !Double.isNaN(s))
        .findFirst()
        .orElse(Double.NaN);
  }

  private static String caption(TableRows row) {
    List<String> words = new ArrayList<>();
    if (row.has("name", "value")) {
      words.addAll(List.of(row.text("name"), row.text("value"), row.text("unit")));
    } else if (row.has(SEVERAL)) {
      String told = row.text(SEVERAL);
      words.addAll(List.of(told.isEmpty() ? "none" : told, row.text("roi")));
    } else if (row.has("keypoint")) {
      words.addAll(List.of(row.text("keypoint"), row.text("object")));
    } else if (isClassed(row)) {
      words.addAll(List.of(row.text("class"), "#" + row.text("label")));
    } else if (!row.text("class").isEmpty()) {
      words.addAll(List.of(row.text("class"), row.text("roi")));
    } else if (row.has("label")) {
      words.add("#" + row.text("label"));
    } else if (!row.text("object").isEmpty()) {
      words.add("#" + row.text("object"));
    }
    words.removeIf(String::isEmpty);
    if (words.isEmpty()) return "";
    if (!isFirst(row.text("slice"))) words.add("z" + row.text("slice"));
    if (!isFirst(row.text("frame"))) words.add("t" + row.text("frame"));
    return String.join(" ", words);
  }

  private static boolean isFirst(String plane) {
    return plane.isEmpty() || plane.equals("1");
  }

  /** Pictures of stacks show the first plane. */
  private static boolean isDrawn(TableRows row) {
    return isFirst(row.text("slice")) && isFirst(row.text("frame"));
  }

  /** Boxes and points are in pixels. */
  private static Optional<Place> place(TableRows row) {
    if (row.has("area")) return Optional.empty();
    double x = row.number("x");
    double y = row.number("y");
    boolean point = row.has("keypoint");
    double width = point ? 0 : row.number("width");
    double height = point ? 0 : row.number("height");
    return Double.isNaN(x + y + width + height)
        ? Optional.empty()
        : Optional.of(new Place(x, y, width, height));
  }

  /** Whether it is an outlined object that has a class. */
  private static boolean isClassed(TableRows row) {
    return row.has(ObjectTable.PROBABILITY) && !row.text("class").isEmpty();
  }

  private void measure(TableRows row) {
    for (String one : row.text(SEVERAL).split(";")) {
      String name = one.strip();
      if (!name.isEmpty() && (classes.containsKey(name) || classes.size() < CLASSES)) {
        classes.merge(name, 1L, Long::sum);
      }
    }
    String type = row.text("class");
    boolean pixels = row.has("area") && !type.isEmpty() && !isClassed(row);
    if (!pixels) {
      if (!type.isEmpty() && (classes.containsKey(type) || classes.size() < CLASSES)) {
        classes.merge(type, 1L, Long::sum);
      }
      boolean boxes = !row.has("area") && row.has("width", "height");
      sizes.add(boxes ? row.number("width") * row.number("height") : row.number("area"));
    }
    if (row.has("area") && unit.isEmpty()) unit = row.text("unit");
  }

  /** Name of the table that they are in. */
  Optional<String> table() {
    return table.map(FileNames::last);
  }

  /**
   * Whether objects have numbers, so that they can be counted even if classes of pixels are told.
   */
  boolean areNumbered() {
    return numbered;
  }

  /** Those of an image of which the model is least sure, the least sure first. */
  List<Finding> leastSure(String title) {
    return least.getOrDefault(title, List.of());
  }

  /** How many of each class; of objects that have one. */
  Map<String, Long> classes() {
    return classes;
  }

  /** Areas of objects or boxes. */
  Sample sizes() {
    return sizes;
  }

  /** Unit of their sides. */
  String unit() {
    return unit.isEmpty() ? "pixel" : unit;
  }

  /** How sure the model is of each. */
  Sample sure() {
    return sure;
  }
}
