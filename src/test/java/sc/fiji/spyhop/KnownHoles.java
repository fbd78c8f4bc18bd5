package sc.fiji.spyhop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Versions of libraries that are known to be vulnerable, as {@code pom.xml} bans them. Maven's rule
 * does not look at optional dependencies and what they bring; this looks at the jars that are
 * packaged, by their names.
 *
 * @param bans of one library each
 */
record KnownHoles(List<Ban> bans) {

  private static final Pattern RULE = Pattern.compile("(?s)<id>no-known-holes</id>.*?</execution>");

  private static final Pattern EXCLUDE =
      Pattern.compile(
          "<exclude>[^:<]+:([^:<*]+)(?::([\\[(])([0-9.]*)[^,<]*,([0-9.]+)\\))?</exclude>");

  private static final Pattern JAR =
      Pattern.compile("(.+?)-([0-9][0-9.]*)(?:-(?:linux|windows|macosx)-.*)?\\.jar");

  /** Those of a library from one version, or from the first, to before another, or all. */
  record Ban(String library, String from, Optional<String> before) {

    boolean includes(String name, String version) {
      return name.equals(library)
          && compare(version, from) >= 0
          && before.map(b -> compare(version, b) < 0).orElse(true);
    }
  }

  static KnownHoles of(Path pom) throws IOException {
    Matcher rule = RULE.matcher(Files.readString(pom));
    if (!rule.find()) throw new IllegalStateException(pom + " bans nothing.");
    List<Ban> bans = new ArrayList<>();
    for (Matcher m = EXCLUDE.matcher(rule.group()); m.find(); ) {
      String from = m.group(3) == null || m.group(3).isEmpty() ? "0" : m.group(3);
      bans.add(new Ban(m.group(1), from, Optional.ofNullable(m.group(4))));
    }
    return new KnownHoles(List.copyOf(bans));
  }

  /** Whether a jar is banned, by the name of its file. */
  boolean has(String jar) {
    Matcher named = JAR.matcher(jar);
    return named.matches()
        && bans.stream().anyMatch(ban -> ban.includes(named.group(1), named.group(2)));
  }

  private static int compare(String a, String b) {
    return Arrays.compare(numbers(a), numbers(b));
  }

  private static int[] numbers(String version) {
    int[] all = Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    return Arrays.copyOf(all, 5);
  }
}
