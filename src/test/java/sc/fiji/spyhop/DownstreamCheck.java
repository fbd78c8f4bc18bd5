package sc.fiji.spyhop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Run after the projects of {@code src/it}, which depend on Spyhop and on little else: what they
 * got has the versions that Spyhop is built with, and they have learnt and predicted.
 */
public final class DownstreamCheck {

  private static final Path OWN = Path.of("target", "dependencies.txt");
  private static final Path PROJECTS = Path.of("target", "it");

  private static final Pattern LINE =
      Pattern.compile("\\s+([^:\\s]+:[^:]+:jar(?::[^:]+)?):([^:]+):(compile|runtime).*");

  /** What the parent of a project manages otherwise, and why that will do. */
  private static final Map<String, String> MANAGED =
      Map.of(
          "org.bytedeco:javacpp:jar", "as in Fiji; see OtherJavaCppTest",
          "net.java.dev.jna:jna:jar", "as in Fiji; only the oldest functions are called");

  private DownstreamCheck() {}

  /** Fails if a project is not as it should be. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> own = versions(OWN);
    List<Path> projects;
    try (Stream<Path> folders = Files.list(PROJECTS)) {
      projects = folders.filter(f -> Files.exists(f.resolve("pom.xml"))).sorted().toList();
    }
    if (projects.size() < 3) throw new IllegalStateException("Only these ran: " + projects);
    for (Path project : projects) check(project, own);
  }

  private static void check(Path project, Map<String, String> own) throws IOException {
    Map<String, String> theirs = versions(project.resolve(Path.of("target", "dependencies.txt")));
    Set<String> other = new TreeSet<>();
    boolean hasParent = Files.readString(project.resolve("pom.xml")).contains("<parent>");
    theirs.forEach(
        (library, version) -> {
          if (library.startsWith("sc.fiji:spyhop:") || version.equals(own.get(library))) return;
          if (hasParent && MANAGED.containsKey(library)) return;
          other.add(library + " " + version + " instead of " + own.get(library));
        });
    if (!other.isEmpty() || theirs.size() < 20) {
      throw new IllegalStateException(project + " gets " + other + " of " + theirs.size());
    }
    String log = Files.readString(project.resolve("build.log"));
    if (!log.contains("2 x + 1 for x = 10 is 21")) {
      throw new IllegalStateException(project + " has not learnt: see its build.log");
    }
    System.out.println(
        project.getFileName() + ": " + theirs.size() + " libraries in the versions of the build");
  }

  /** By group, name, type and classifier. */
  private static Map<String, String> versions(Path list) throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (String line : Files.readAllLines(list)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) found.put(matcher.group(1), matcher.group(2));
    }
    return found;
  }
}
