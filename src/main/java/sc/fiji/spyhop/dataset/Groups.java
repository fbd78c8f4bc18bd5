package sc.fiji.spyhop.dataset;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
    return names.stream()
        .map(n -> known.computeIfAbsent(stem(n), s -> withoutParts(original(s, all))))
        .toList();
  }

  /** Numbers of the groups, from 0 in the order of the names; empty if each image is its own. */
  static List<Integer> numbers(List<String> names) {
    Map<String, Integer> numbers = new HashMap<>();
    List<String> groups = of(names);
    groups.forEach(g -> numbers.putIfAbsent(g, numbers.size()));
    return numbers.size() == names.size() ? List.of() : groups.stream().map(numbers::get).toList();
  }

  private static String stem(String name) {
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
