package sc.fiji.spyhop.generate.fooling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
   * @param text {@code all}; names with commas, which may be in names themselves; or how many are
   *     to be drawn, if that is no name
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
      if (to == from) throw unknown(names, words.get(from).strip());
      found.add(names.indexOf(joined(words, from, to)));
      from = to;
    }
    return found.stream().distinct().sorted().toList();
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
  public static List<String> fileNames(List<FoolingImage> images) {
    Set<String> taken = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (FoolingImage image : images) {
      String word = image.type().replaceAll("[^\\p{L}\\p{N}.-]+", "_");
      String name = "fool_" + word.substring(0, Math.min(MAX_NAME, word.length()));
      String free = name;
      for (int n = 2; !taken.add(FileNames.key(free)); n++) free = name + "_" + n;
      names.add(free);
    }
    return names;
  }
}
