package sc.fiji.spyhop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Run by the build on what it has packaged, the folder of the launcher and those for Fiji: each jar
 * has its licence named, one that goes with ours; licences lie in Spyhop's jar too; none is of a
 * version with known holes; and native libraries are those of the platforms the package is for.
 * Then {@link FijiFolderCheck}.
 */
public final class PackagesCheck {

  private static final Path LAUNCHER = Path.of("target", "spyhop");
  private static final Path FIJI = Path.of("target", "fiji");
  private static final Path ADDED = Path.of("target", "fiji-deeplearning4j");

  /** Of a library that comes under several, one is enough. */
  private static final Set<String> LICENSES =
      Set.of(
          "Apache-2.0",
          "MIT",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "LGPL-2.1-or-later",
          "public domain");

  /** A library with its version at the start of a line, and its licences some lines below. */
  private static final Pattern NAMED =
      Pattern.compile("(?m)^(\\S+-[0-9]\\S*)\\n(?: {4}.*\\n)*? {4}Licence: (.*)$");

  private static final List<String> IN_JAR =
      List.of("META-INF/LICENSE", "META-INF/THIRD-PARTY.txt", "META-INF/licenses/Apache-2.0.txt");

  /** In ONNX Runtime's jar, by the classifiers of others. */
  private static final Map<String, String> PLATFORMS =
      Map.of(
          "linux-x64", "linux-x86_64",
          "linux-aarch64", "linux-arm64",
          "win-x64", "windows-x86_64",
          "osx-x64", "macosx-x86_64",
          "osx-aarch64", "macosx-arm64");

  private static final Pattern NATIVE = Pattern.compile("ai/onnxruntime/native/([^/]+)/.+");

  private static final Pattern CLASSIFIER =
      Pattern.compile("javacpp-.*-((linux|windows|macosx)-[a-z0-9_]+)\\.jar");

  private PackagesCheck() {}

  /** Fails if a package is not as it should be. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    requireLicenses(LAUNCHER, LAUNCHER.resolve("licenses"));
    requireLicenses(FIJI, FIJI.resolve(Path.of("licenses", "Spyhop")));
    requireLicenses(ADDED, ADDED.resolve(Path.of("licenses", "Spyhop")));
    requireNoHoles(LAUNCHER);
    requireOwnNatives(LAUNCHER);
    requireOwnNatives(FIJI);
    FijiFolderCheck.check();
  }

  private static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static void requireLicenses(Path folder, Path licenses) throws IOException {
    String notices =
        Files.readString(licenses.resolve("THIRD-PARTY.txt"), StandardCharsets.UTF_8)
            .replace("\r", "");
    Map<String, String> named = new TreeMap<>();
    for (Matcher m = NAMED.matcher(notices); m.find(); ) named.put(m.group(1), m.group(2));
    Set<String> wrong = new TreeSet<>();
    for (Path jar : jars(folder)) {
      if (name(jar).startsWith("spyhop-")) {
        requireInJar(jar);
        continue;
      }
      List<String> under =
          named.entrySet().stream()
              .filter(e -> isOf(name(jar), e.getKey()))
              .flatMap(e -> Arrays.stream(e.getValue().split(" or ")))
              .toList();
      if (under.stream().noneMatch(LICENSES::contains)) wrong.add(name(jar) + " " + under);
    }
    if (!wrong.isEmpty()) {
      throw new IllegalStateException(
          folder + " has jars with no licence that goes with Spyhop's: " + wrong);
    }
    for (String text : LICENSES) {
      String stem = text.replace("-or-later", "");
      if (!text.equals("public domain")
          && !Files.isRegularFile(licenses.resolve(Path.of("texts", stem + ".txt")))) {
        throw new IllegalStateException(licenses + " lacks the text of " + text);
      }
    }
    if (!Files.isRegularFile(licenses.resolveSibling("LICENSE"))
        && !Files.isRegularFile(licenses.resolve("LICENSE"))) {
      throw new IllegalStateException(folder + " lacks Spyhop's own licence.");
    }
  }

  /** Whether a jar is of a library; those with names of others have ND4J's name before theirs. */
  private static boolean isOf(String jar, String library) {
    return Stream.of("", "nd4j-", "deeplearning4j-")
        .map(before -> before + library)
        .anyMatch(n -> jar.equals(n + ".jar") || jar.startsWith(n + "-"));
  }

  private static void requireInJar(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (String file : IN_JAR) {
        if (zip.getEntry(file) == null) throw new IllegalStateException(jar + " lacks " + file);
      }
    }
  }

  private static void requireNoHoles(Path folder) throws IOException {
    KnownHoles holes = KnownHoles.of(Path.of("pom.xml"));
    List<String> found = jars(folder).stream().map(PackagesCheck::name).filter(holes::has).toList();
    if (!found.isEmpty()) {
      throw new IllegalStateException(
          folder + " has versions with known holes, which pom.xml bans: " + found);
    }
  }

  /** Those of ONNX Runtime are of the platforms that JavaCPP is there for, no more and no less. */
  private static void requireOwnNatives(Path folder) throws IOException {
    Set<String> expected =
        jars(folder).stream()
            .map(jar -> CLASSIFIER.matcher(name(jar)))
            .filter(Matcher::matches)
            .map(m -> m.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> found = new TreeSet<>();
    for (Path jar : jars(folder)) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        zip.stream()
            .map(ZipEntry::getName)
            .map(NATIVE::matcher)
            .filter(Matcher::matches)
            .forEach(m -> found.add(PLATFORMS.get(m.group(1))));
      }
    }
    if (!found.equals(expected)) {
      throw new IllegalStateException(
          folder + " has ONNX Runtime for " + found + ", JavaCPP for " + expected + ".");
    }
  }
}
