package sc.fiji.spyhop.ij.annotation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** What marks in an image stand for. */
public enum Kind {
  /** Every area is an object of its own. */
  OBJECTS("outlined objects"),
  /** Areas show what their pixels are. */
  PIXELS("classes of pixels"),
  /** Areas show what their pixels are, and may lie over each other. */
  OVERLAPS("classes of pixels that may lie over each other"),
  /** Every area stands for the box around it. */
  BOXES("boxes"),
  /** Named points. */
  POINTS("keypoints"),
  /** The label of a slice is its class. */
  SLICES("classes of slices"),
  /** The label of a slice is a number measured on it. */
  VALUES("numbers of slices");

  private final String description;

  Kind(String description) {
    this.description = description;
  }

  /** As macros say it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For people. */
  public String description() {
    return description;
  }

  boolean paints() {
    return this == OBJECTS || this == PIXELS;
  }

  boolean isOfSlices() {
    return this == SLICES || this == VALUES;
  }

  /**
   * The kind of a word, or for {@code auto} what the marks look like: points are keypoints,
   * rectangles alone are boxes, other areas are objects if they have one class and pixels if they
   * have several; where there are no marks, slices have labels.
   *
   * @throws SpyhopException for another word, or where nothing is marked
   */
  public static Kind of(String word, Marks marks) {
    String text = word.strip().toLowerCase(Locale.ROOT);
    if (text.equals("auto")) return guess(marks);
    return Arrays.stream(values())
        .filter(k -> k.word().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "Kind: expected auto, %s, received \"%s\".",
                        Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", ")),
                        word)));
  }

  private static Kind guess(Marks marks) {
    List<Marks.Area> areas = marks.planes().stream().flatMap(p -> p.areas().stream()).toList();
    boolean points = marks.planes().stream().anyMatch(p -> !p.points().isEmpty());
    if (points) return POINTS;
    List<Marks.Area> things = areas.stream().filter(a -> !a.isBackground()).toList();
    if (!things.isEmpty() && things.stream().allMatch(Marks.Area::isRectangle)) return BOXES;
    if (!areas.isEmpty()) return painted(marks);
    List<String> labels =
        marks.planes().stream().map(Marks.Plane::label).filter(l -> !l.isEmpty()).toList();
    if (labels.isEmpty()) {
      throw new SpyhopException(
          marks.image().getTitle()
              + ": nothing is marked. Draw areas or points and add them to the ROI Manager or the"
              + " overlay, or label slices (Image > Stacks > Set Label).");
    }
    return labels.stream().allMatch(Marks::isNumber) ? VALUES : SLICES;
  }

  /** Whether areas are {@link #OBJECTS} or, being of several classes, {@link #PIXELS}. */
  public static Kind painted(Marks marks) {
    return marks.classes().stream().filter(c -> !Marks.isBackground(c)).count() > 1
        ? PIXELS
        : OBJECTS;
  }
}
