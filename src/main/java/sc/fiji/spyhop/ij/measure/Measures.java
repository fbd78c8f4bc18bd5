package sc.fiji.spyhop.ij.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Which measurements are asked for.
 *
 * @param chosen in the order of their columns
 */
public record Measures(List<Measurement> chosen) {

  /** Shape and intensity. */
  public static final Measures ALL = new Measures(List.of(Measurement.values()));

  /** Nothing; tables have no columns of measurements. */
  public static final Measures NONE = new Measures(List.of());

  /** Copies the list. */
  public Measures {
    chosen = List.copyOf(chosen);
  }

  /**
   * As a user says: words with commas, each {@code shape}, {@code intensity}, {@code all}, {@code
   * none} or the column of one measurement.
   *
   * @throws SpyhopException if there is another word
   */
  public static Measures parse(String text) {
    Set<Measurement> chosen = EnumSet.noneOf(Measurement.class);
    for (String word : text.strip().toLowerCase(Locale.ROOT).split("\\s*,\\s*")) {
      chosen.addAll(meant(word));
    }
    return new Measures(List.copyOf(chosen));
  }

  private static List<Measurement> meant(String word) {
    if (word.isEmpty() || word.equals("none")) return List.of();
    List<Measurement> meant =
        Stream.of(Measurement.values())
            .filter(
                m ->
                    word.equals("all")
                        || word.equalsIgnoreCase(m.kind().name())
                        || word.equals(m.column()))
            .toList();
    if (!meant.isEmpty()) return meant;
    throw new SpyhopException(
        "expected shape, intensity, all, none, or names of measurements with commas ("
            + Arrays.stream(Measurement.values())
                .map(Measurement::column)
                .collect(Collectors.joining(", "))
            + "), received \""
            + word
            + "\".");
  }

  /** Those of a kind. */
  public List<Measurement> of(Measurement.Kind kind) {
    return chosen.stream().filter(m -> m.kind() == kind).toList();
  }

  /** What makes sense for all pixels of a class: intensity alone, without a background. */
  public Measures ofClasses() {
    return only(m -> m.kind() == Measurement.Kind.INTENSITY && m != Measurement.BACKGROUND);
  }

  /** What is measured. */
  public enum Of {
    /** Of which it is measured whether they touch the border, and intensity. */
    BOXES("boxes", m -> m.kind() == Measurement.Kind.INTENSITY || m == Measurement.BORDER),
    /** Of which it is the mean, which is the value of the pixel. */
    POINTS("keypoints", m -> m == Measurement.MEAN);

    private final String words;
    private final Predicate<Measurement> has;

    Of(String words, Predicate<Measurement> has) {
      this.words = words;
      this.has = has;
    }
  }

  /** What makes sense for what is measured. */
  public Measures of(Of measured) {
    return only(measured.has);
  }

  /**
   * Refuses what makes no sense for what is measured; a whole kind of which something does is not
   * refused.
   *
   * @throws SpyhopException if a measurement is asked for by its name, or nothing is left
   */
  public void require(Of measured) {
    boolean none = !isEmpty() && of(measured).isEmpty();
    for (Measurement m : chosen) {
      boolean named = !chosen.containsAll(ALL.of(m.kind()));
      if (measured.has.test(m) || !named && !none) continue;
      throw new SpyhopException(
          Strings.format(
              "%s have no %s; expected all, none, or of %s.",
              measured.words,
              named ? m.column() : m.kind().name().toLowerCase(Locale.ROOT),
              ALL.of(measured).chosen.stream()
                  .map(Measurement::column)
                  .collect(Collectors.joining(", "))));
    }
  }

  private Measures only(Predicate<Measurement> which) {
    return new Measures(chosen.stream().filter(which).toList());
  }

  /** Whether nothing is asked for. */
  public boolean isEmpty() {
    return chosen.isEmpty();
  }

  /**
   * Names of the columns of an image: shape, then the intensities of each channel, which ends in
   * {@code _c1} and so on if there are several.
   *
   * @param channels of the image, at least 1
   */
  public List<String> columns(int channels) {
    List<String> columns = new ArrayList<>();
    of(Measurement.Kind.SHAPE).forEach(m -> columns.add(m.column()));
    for (int c = 1; c <= channels; c++) {
      for (Measurement m : of(Measurement.Kind.INTENSITY)) {
        columns.add(m.column() + (channels > 1 ? "_c" + c : ""));
      }
    }
    return columns;
  }

  /** As it is parsed. */
  @Override
  public String toString() {
    if (equals(ALL)) return "all";
    return isEmpty()
        ? "none"
        : chosen.stream().map(Measurement::column).collect(Collectors.joining(","));
  }
}
