package sc.fiji.spyhop.network;

import java.util.List;
import java.util.Locale;

/** Words of which the descriptions of layers are made. */
final class Wording {

  private Wording() {}

  static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Sizes behind a word, nothing where all are 1. */
  static String unlessOne(String word, List<Integer> sizes) {
    return sizes.stream().allMatch(s -> s == 1) ? "" : ", " + word + " " + Shape.sizes(sizes);
  }
}
