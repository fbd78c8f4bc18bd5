package sc.fiji.spyhop.dataset;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which images show one thing, by their names: slices, time points and channels of one stack, such
 * as {@code cell7_z01.tif} and {@code cell7_z02.tif}, and what ImageJ calls a copy, {@code
 * cell7-1.tif} where there is {@code cell7.tif}.
 */
final class Groups {

  /** Of a plane of a stack, as Spyhop calls it. */
  private static final Pattern PLANE = Pattern.compile(" slice \\d+( frame \\d+)?$");

  /** The end of a name that tells which part of a thing it is; digits of any script. */
  private static final Pattern PART =
      Pattern.compile(
          "(?<=.)(?:[ _.-]+|(?<=\\p{Nd}))(?:z|t|c|ch|slice|frame|plane|time|timepoint|channel)"
              + "[ _.=-]?\\p{Nd}{1,6}$",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern COPY = Pattern.compile("^(.+)-\\p{Nd}{1,3}$");
  private static final String DUPLICATE = "DUP_";

  private Groups() {}

  /** A name of the group of each; groups of one are called like their image. */
  static List<String> of(List<String> names) {
    Set<String> all = new HashSet<>();
    for (String name : names) all.add(stem(name));
    Map<String, String> known = new HashMap<>();
    for (String stem : all) known.put(stem, withoutParts(original(stem, all)));
    Set<String> sorted = sortedIntoFolders(known);
    return names.stream()
        .map(n -> known.get(stem(n)))
        .map(g -> sorted.contains(last(g)) ? last(g) : g)
        .toList();
  }

  /**
   * Things whose parts lie in several folders, such as those of classes, each part in one: {@code
   * a/cell7_z01} and {@code b/cell7_z02}, where {@code b/cell7_z01} would be another thing.
   *
   * @param groups by name without extension
   */
  private static Set<String> sortedIntoFolders(Map<String, String> groups) {
    Map<String, Set<String>> parts = new HashMap<>();
    Set<String> others = new HashSet<>();
    groups.forEach(
        (stem, group) -> {
          String part = stem.substring(Math.min(stem.length(), group.length()));
          String number = part.toLowerCase(Locale.ROOT).replaceAll("[ _.=-]|(?<!\\p{Nd})0+", "");
          boolean first = parts.computeIfAbsent(last(group), g -> new HashSet<>()).add(number);
          if (!first || number.isEmpty()) others.add(last(group));
        });
    parts.keySet().removeAll(others);
    return parts.keySet();
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Of the file that an image is in. */
  static String stem(String name) {
    return Naming.baseName(PLANE.matcher(name).replaceFirst(""));
  }

  private static String original(String stem, Set<String> all) {
    int slash = stem.lastIndexOf('/') + 1;
    String own =
        stem.startsWith(DUPLICATE, slash)
            ? stem.substring(0, slash) + stem.substring(slash + DUPLICATE.length())
            : stem;
    Matcher copy = COPY.matcher(own);
    return copy.matches() && all.contains(copy.group(1)) ? copy.group(1) : own;
  }

  private static String withoutParts(String stem) {
    String before = stem;
    while (true) {
      String after = PART.matcher(before).replaceFirst("");
      if (after.equals(before) || after.endsWith("/")) return before;
      before = after;
    }
  }
}
