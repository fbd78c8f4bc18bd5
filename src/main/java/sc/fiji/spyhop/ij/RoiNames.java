package sc.fiji.spyhop.ij;

import ij.gui.Roi;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sc.fiji.spyhop.dataset.ObjectTable;
import sc.fiji.spyhop.util.Strings;

/**
 * What regions are called, without the numbers that ImageJ adds: the ROI Manager calls a region
 * without a name by its place, such as {@code 0001-0045-0123}, and puts {@code -1} behind a name
 * that is there already. All other numbers belong to a name: {@code grade_1}, {@code CD-4}.
 */
public final class RoiNames {

  /** Class of regions that have a number for a name. */
  private static final String OBJECT = ObjectTable.NO_CLASS;

  private static final int SHOWN = 3;

  private final Set<String> all;
  private final Map<String, Set<String>> joined = new TreeMap<>();

  private RoiNames(Set<String> all) {
    this.all = all;
  }

  /** Of regions that are together in the ROI Manager, in an overlay or in the files of a set. */
  public static RoiNames of(Collection<? extends Roi> regions) {
    return new RoiNames(
        regions.stream().map(RoiNames::name).collect(Collectors.toCollection(HashSet::new)));
  }

  /** More regions that belong to those. */
  void add(Collection<? extends Roi> regions) {
    regions.forEach(r -> all.add(name(r)));
  }

  private static String name(Roi roi) {
    return roi.getName() == null ? "" : Strings.visible(roi.getName()).strip();
  }

  /**
   * The class that a region stands for: its property, else its group, else its name; where a
   * network had found it and somebody has given it another name, that.
   */
  public String className(Roi roi) {
    Optional<String> said = said(roi, AnnotationRois.CLASS);
    if (said.isPresent()) return said.get();
    boolean renamed = roi.getProperty(AnnotationRois.CLASS) != null;
    return renamed ? plainName(roi) : RoiFormat.groupName(roi).orElseGet(() -> plainName(roi));
  }

  /** The keypoint that a point stands for. */
  public String pointName(Roi roi) {
    return said(roi, AnnotationRois.KEYPOINT).orElseGet(() -> className(roi));
  }

  /** What a property says, unless somebody has corrected what a network said by another name. */
  private static Optional<String> said(Roi roi, String property) {
    String own = roi.getProperty(property);
    if (own == null || own.isBlank()) return Optional.empty();
    String name = name(roi);
    boolean found =
        roi.getProperty(AnnotationRois.SCORE) != null
            || roi.getProperty(ObjectTable.PROBABILITY) != null;
    boolean renamed = found && !isNumber(name) && !name.contains(own);
    return renamed ? Optional.empty() : Optional.of(Strings.visible(own).strip());
  }

  /** The name of a region without a number that ImageJ added; "object" for a number alone. */
  public String plainName(Roi roi) {
    String name = name(roi);
    String plain = plain(roi, name);
    if (!plain.equals(name) && !name.isEmpty()) {
      joined.computeIfAbsent(plain, p -> new TreeSet<>()).add(name);
    }
    return plain;
  }

  private String plain(Roi roi, String name) {
    if (isNumber(name) || isLabel(name)) return OBJECT;
    String own = roi.getProperty(AnnotationRois.SCORE) == null ? name : withoutScore(name);
    int dash = own.lastIndexOf('-');
    boolean numbered = dash > 0 && dash < own.length() - 1 && isDigits(own.substring(dash + 1));
    String before = numbered ? own.substring(0, dash) : own;
    return numbered && all.contains(before) ? before : own;
  }

  /** Spyhop's own names of what it found say how sure it is: "RBC 0.93". */
  private static String withoutScore(String name) {
    int blank = name.lastIndexOf(' ');
    if (blank < 1) return name;
    String score = name.substring(blank + 1);
    boolean is = score.startsWith("0.") || score.startsWith("1.");
    return is && isDigits(score.substring(2)) ? name.substring(0, blank).strip() : name;
  }

  /** Names that ImageJ gives, and numbers that other programs do. */
  private static boolean isNumber(String name) {
    return name.chars().allMatch(c -> Character.isDigit(c) || " ._#-\t".indexOf(c) >= 0);
  }

  /** Names that Spyhop gives to outlined objects, such as "0012-label_z2". */
  private static boolean isLabel(String name) {
    int end = name.indexOf("-label");
    return end > 0 && isDigits(name.substring(0, end));
  }

  /**
   * Number in the label image of an outlined object, as its name tells it: "12" of "0012-label", or
   * of "0012-dead" for one of class dead.
   */
  static Optional<String> label(Roi roi) {
    String name = name(roi);
    String type = roi.getProperty(AnnotationRois.CLASS);
    int dash = name.indexOf('-');
    boolean classed =
        type != null
            && !type.isBlank()
            && dash > 0
            && isDigits(name.substring(0, dash))
            && name.startsWith(Strings.visible(type).strip(), dash + 1);
    return isLabel(name) || classed
        ? Optional.of(name.substring(0, dash).replaceFirst("^0+(?=.)", ""))
        : Optional.empty();
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(Character::isDigit);
  }

  /** What was taken for one class so far, such as "RBC-1, RBC-2 read as RBC". */
  public List<String> joined() {
    return joined.entrySet().stream()
        .map(
            e ->
                Strings.format(
                    "%s%s read as %s",
                    e.getValue().stream().limit(SHOWN).collect(Collectors.joining(", ")),
                    e.getValue().size() > SHOWN ? ", ..." : "",
                    e.getKey()))
        .toList();
  }
}
