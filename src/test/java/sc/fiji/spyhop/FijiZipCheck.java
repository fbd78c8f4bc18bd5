package sc.fiji.spyhop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/**
 * Run by the build that makes the zip for Fiji: holds its contents to a kept list, so that a new
 * dependency is noticed and somebody decides whether Fiji has it already.
 */
public final class FijiZipCheck {

  private static final Path ZIP = Path.of("target", "spyhop-fiji.zip");
  private static final Path LIST = Path.of("src", "main", "assembly", "fiji.txt");

  private static final Pattern PLATFORM = Pattern.compile("jars/([^/]+)/.*");

  private FijiZipCheck() {}

  /** Fails if the zip differs from the list. */
  public static void main(String[] arguments) throws IOException {
    Set<String> found = new TreeSet<>();
    try (ZipFile zip = new ZipFile(ZIP.toFile())) {
      zip.stream()
          .filter(e -> !e.isDirectory())
          .forEach(e -> found.add(withoutVersion(e.getName())));
    }
    Set<String> platforms = found.stream().map(FijiZipCheck::platform).collect(Collectors.toSet());
    if (platforms.size() < 2) throw new IllegalStateException(ZIP + " has no native libraries.");
    Set<String> expected =
        Files.readAllLines(LIST).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .filter(line -> platforms.contains(platform(line)))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> unexpected = new TreeSet<>(found);
    unexpected.removeAll(expected);
    Set<String> missing = new TreeSet<>(expected);
    missing.removeAll(found);
    if (!unexpected.isEmpty() || !missing.isEmpty()) {
      throw new IllegalStateException(
          ZIP
              + " is not what "
              + LIST
              + " says. Not in the list: "
              + unexpected
              + ". Not in the zip: "
              + missing
              + ". If Fiji has it, leave it out in src/main/assembly/fiji.xml; else change the list.");
    }
  }

  /**
   * {@code jars/openblas-0.3.26-1.5.10-linux-x86_64.jar} to {@code jars/openblas-linux-x86_64.jar}
   */
  private static String withoutVersion(String name) {
    return name.replaceFirst("-[0-9].*?(?=(-(linux|windows|macosx)-.*)?\\.jar$)", "");
  }

  /** Folder of a native library; empty for what every platform has. */
  private static String platform(String name) {
    Matcher matcher = PLATFORM.matcher(name);
    return matcher.matches() ? matcher.group(1) : "";
  }
}
