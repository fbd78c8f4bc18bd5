package sc.fiji.spyhop.exchange.graph;

import java.util.HashSet;
import java.util.Set;

/** Makes names that networks may have: printable, not too long, each used once. */
final class Names {

  private static final int LONGEST = 150;

  private final Set<String> used = new HashSet<>();

  /** The name itself if it will do, else one like it. */
  String unused(String wish) {
    String name = wish.replaceAll("\\p{Cntrl}", "").strip().replaceAll("^/+", "");
    if (name.length() > LONGEST) name = name.substring(name.length() - LONGEST);
    if (name.isBlank()) name = "layer";
    String unique = name;
    for (int i = 2; !used.add(unique); i++) unique = name + "_" + i;
    return unique;
  }
}
