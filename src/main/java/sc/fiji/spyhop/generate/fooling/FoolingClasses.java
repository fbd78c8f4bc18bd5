package sc.fiji.spyhop.generate.fooling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/** Classes that are asked for, and what their files are called. */
public final class FoolingClasses {

  /** Asks for all of them. */
  public static final String ALL = "all";

  private static final int MAX_NAME = 60;

  private FoolingClasses() {}

  /**
   * Numbers of classes, in the order of the model.
   *
   * @param names of all classes of the model
   * @param text {@code all}; names with commas, which may be in names themselves, or beginnings of
   *     a word in the name of one class only; or how many are to be drawn, if that is no name
   * @param seed by which they are drawn
   * @throws SpyhopException if it is neither
   */
  public static List<Integer> parse(List<String> names, String text, long seed) {
    String asked = text.strip();
    if (!names.contains(asked)) {
      if (asked.equalsIgnoreCase(ALL)) return IntStream.range(0, names.size()).boxed().toList();
      if (asked.matches("[0-9]{1,9}")) return drawn(names.size(), Integer.parseInt(asked), seed);
    }
    List<Integer> found = new ArrayList<>();
    List<String> words = List.of(asked.split(","));
    for (int from = 0; from < words.size(); ) {
      int to = words.size();
      while (to > from && !names.contains(joined(words, from, to))) to--;
      if (to == from) {
        found.add(begun(names, words.get(from).strip()));
        from++;
        continue;
      }
      found.add(names.indexOf(joined(words, from, to)));
      from = to;
    }
    return found.stream().distinct().sorted().toList();
  }

  /** The only class whose name has a word that begins so, whatever the case. */
  private static int begun(List<String> names, String word) {
    String start = word.toLowerCase(Locale.ROOT);
    List<Integer> like =
        IntStream.range(0, names.size())
            .filter(
                i -> {
                  String name = names.get(i).toLowerCase(Locale.ROOT);
                  return name.startsWith(start) || name.contains(" " + start);
                })
            .boxed()
            .toList();
    if (like.size() == 1 && !start.isEmpty()) return like.get(0);
    if (like.size() > 1 && !start.isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "\"%s\" may be %s: expected more of the name of one.",
              word, like.stream().limit(3).map(names::get).collect(Collectors.joining(" or "))));
    }
    throw unknown(names, word);
  }

  private static String joined(List<String> words, int from, int to) {
    return String.join(",", words.subList(from, to)).strip();
  }

  private static SpyhopException unknown(List<String> names, String word) {
    String some = String.join(", ", names.subList(0, Math.min(10, names.size())));
    return new SpyhopException(
        Strings.format(
            "expected all, a number to be drawn, or names of classes (%s%s), received \"%s\".",
            some, names.size() > 10 ? ", ..." : "", word));
  }

  /** Some numbers of so many, drawn by a seed, in order. */
  static List<Integer> drawn(int of, int count, long seed) {
    if (count < 1 || count > of) {
      throw new SpyhopException(
          Strings.format("expected 1 to %d classes to be drawn, received %d.", of, count));
    }
    List<Integer> all = new ArrayList<>(IntStream.range(0, of).boxed().toList());
    Collections.shuffle(all, new Random(seed));
    return all.subList(0, count).stream().sorted().toList();
  }

  /** Names for files of images, without ending, all different on every machine. */
  public static List<String> fileNames(List<String> classes) {
    Set<String> taken = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (String type : classes) {
      String word = type.replaceAll("[^\\p{L}\\p{N}.-]+", "_");
      String name = "fool_" + word.substring(0, Math.min(MAX_NAME, word.length()));
      String free = name;
      for (int n = 2; !taken.add(FileNames.key(free)); n++) free = name + "_" + n;
      names.add(free);
    }
    return names;
  }
}
