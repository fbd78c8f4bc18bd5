package sc.fiji.spyhop.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.util.FileNames;
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
   * What is wrong with a text that names classes, as a clause to stand after what says it.
   *
   * @param text names with semicolons, or none
   * @param known the classes there may be; empty: whatever is named
   */
  static Optional<String> fault(String text, List<String> known) {
    List<String> names = ClassTask.names(text);
    boolean none =
        Stream.of(text.split(ClassTask.SEPARATOR))
            .anyMatch(part -> part.strip().equalsIgnoreCase(ClassTask.NONE));
    if (none && !names.isEmpty()) {
      return Optional.of(
          Strings.format(
              "says %s beside %s: write classes, or %s alone",
              ClassTask.NONE, String.join(", ", names), ClassTask.NONE));
    }
    return names.stream()
        .filter(name -> name.contains(",") && !known.contains(name))
        .findFirst()
        .map(
            name ->
                Strings.format(
                    "names the class \"%s\": write semicolons between classes, and no comma in"
                        + " their names",
                    name));
  }

  /** Which names differ in case alone, as a sentence; nothing if none do. */
  static List<String> alike(List<String> classes) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    for (String name : classes) {
      byName.computeIfAbsent(FileNames.key(name), n -> new ArrayList<>()).add(name);
    }
    String alike =
        byName.values().stream()
            .filter(names -> names.size() > 1)
            .map(names -> String.join(" and ", names))
            .collect(Collectors.joining("; "));
    if (alike.isEmpty()) return List.of();
    return List.of(
        Strings.format(
            "Names of classes that differ in upper and lower case alone: %s. They are taken for"
                + " different classes; if they mean the same, write them alike.",
            alike));
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
