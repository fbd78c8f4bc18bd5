package sc.fiji.spyhop.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.util.Strings;

/**
 * Which classes images are of.
 *
 * @param names of the classes of each file; just one unless there may be several
 * @param classes all there are, in the order of their numbers
 * @param several whether an image may be of several classes, or of none
 * @param notes sentences about what was found
 */
record FoundLabels(
    Map<Path, List<String>> names, List<String> classes, boolean several, List<String> notes) {

  /** Classes in the order of their names. */
  static FoundLabels of(Map<Path, List<String>> names, boolean several, List<String> notes) {
    List<String> all = names.values().stream().flatMap(List::stream).toList();
    return new FoundLabels(names, ClassImages.sorted(all), several, notes);
  }

  /**
   * That classes do not exclude each other.
   *
   * @param why what tells so
   */
  static String told(String why) {
    return Strings.format(
        "An image may be of several classes, or of none (%s): each class has a probability of its"
            + " own.",
        why);
  }
}
