package sc.fiji.spyhop;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Looks at the folders for Fiji, without and with Deeplearning4j: holds their contents to kept
 * lists, so that a new dependency is noticed and somebody decides whether Fiji has it already; sees
 * to it that nothing in their jars takes the place of what belongs to others; and has the engines
 * compute, with the first folder alone and with both.
 */
final class FijiFolderCheck {

  private static final Path FOLDER = Path.of("target", "fiji");
  private static final Path ADDED = Path.of("target", "fiji-deeplearning4j");
  private static final Path LISTS = Path.of("src", "main", "assembly");

  private static final Pattern PLATFORM = Pattern.compile("jars/([^/]+)/.*");

  /** What the profile cuda adds to the lists. */
  private static final Pattern CUDA = Pattern.compile("jars/(.*/)?(nd4j-cuda|cuda)[-.].*");

  /** What plain ImageJ, loggers and others look for on the whole class path. */
  private static final Set<String> SETTINGS =
      Set.of(
          "plugins.config",
          "IJ_Props.txt",
          "simplelogger.properties",
          "log4j.properties",
          "log4j2.xml",
          "logback.xml",
          "logging.properties");

  /** Packages that other jars of Fiji, or of its update sites, have or may have. */
  private static final List<String> OTHERS =
      List.of(
          "ai.djl",
          "ch.qos.logback",
          "com.fasterxml",
          "com.google",
          "com.sun",
          "fiji",
          "gnu",
          "ij",
          "io.scif",
          "javassist",
          "javax",
          "kotlin",
          "loci",
          "net.imagej",
          "net.imglib2",
          "okhttp3",
          "okio",
          "onnx",
          "org.apache",
          "org.codehaus",
          "org.joda",
          "org.json",
          "org.junit",
          "org.objectweb",
          "org.scijava",
          "org.slf4j",
          "org.tensorflow",
          "org.w3c",
          "org.xml",
          "org.yaml",
          "picocli",
          "tensorflow");

  /** Packages of theirs that are here nevertheless: each is whole, in its own jar, and why. */
  private static final Map<String, String> EXCEPTIONS =
      Map.of(
          "commons-collections4.jar org.apache.commons.collections4", "ND4J reads its own files",
          "commons-csv.jar org.apache.commons.csv", "tables are read and written with it",
          "flatbuffers-java.jar com.google.flatbuffers", "ND4J's classes of graphs extend its",
          "jackson-dataformat-yaml.jar com.fasterxml.jackson.dataformat.yaml",
              "descriptions of bioimage.io and settings of DeepLabCut are read with it");

  /** Jars of the class path that Fiji has; the start of their names. */
  private static final Pattern FIJI =
      Pattern.compile(
          "(ij|ij1-patcher|classgraph|javassist|imglib2|scijava-common|parsington|jackson-(core|databind|annotations)"
              + "|protobuf-java|commons-(codec|io|compress|lang3|math3)|lz4-java|jfreechart|snakeyaml|jna"
              + "|slf4j-api)"
              + "-[0-9].*");

  private FijiFolderCheck() {}

  /** Fails if a folder is not as it should be. */
  static void check() throws IOException, InterruptedException {
    List<Path> lean = checked(FOLDER, LISTS.resolve("fiji.txt"));
    List<Path> added = checked(ADDED, LISTS.resolve("fiji-deeplearning4j.txt"));
    requireComputing(lean, FijiEngines.ALONE);
    requireComputing(
        Stream.concat(lean.stream(), added.stream()).toList(), FijiEngines.WITH_DEEPLEARNING4J);
  }

  /** Its jars. */
  private static List<Path> checked(Path folder, Path list) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    requireListed(
        folder,
        list,
        files.stream()
            .map(f -> folder.relativize(f).toString().replace(File.separatorChar, '/'))
            .map(FijiFolderCheck::withoutVersion)
            .filter(f -> !CUDA.matcher(f).matches())
            .collect(Collectors.toCollection(TreeSet::new)));
    List<Path> jars = files.stream().filter(f -> f.toString().endsWith(".jar")).toList();
    Set<String> foreign = new TreeSet<>();
    jars.forEach(jar -> foreign.addAll(foreign(jar)));
    if (!foreign.isEmpty()) {
      throw new IllegalStateException(
          folder
              + " has what belongs to others, which would take the place of theirs: "
              + foreign
              + ". Leave it out in pom.xml (jars-to-ship), or say here why it has to be there.");
    }
    return jars;
  }

  private static void requireListed(Path folder, Path list, Set<String> found) throws IOException {
    Set<String> platforms =
        found.stream().map(FijiFolderCheck::platform).collect(Collectors.toSet());
    if (platforms.size() < 2) throw new IllegalStateException(folder + " has no native libraries.");
    Set<String> expected =
        Files.readAllLines(list).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .filter(line -> platforms.contains(platform(line)))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> unexpected = new TreeSet<>(found);
    unexpected.removeAll(expected);
    Set<String> missing = new TreeSet<>(expected);
    missing.removeAll(found);
    if (!unexpected.isEmpty() || !missing.isEmpty()) {
      throw new IllegalStateException(
          folder
              + " is not what "
              + list
              + " says. Not in the list: "
              + unexpected
              + ". Not in the folder: "
              + missing
              + ". If Fiji has it, leave it out in src/main/assembly/fiji.xml; else change the list.");
    }
  }

  /** Settings and packages in a jar that belong to others, as {@code jar package}. */
  private static Set<String> foreign(Path jar) {
    String name = withoutVersion(jar.getFileName().toString());
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream()
          .map(e -> e.getName().replaceFirst("^META-INF/versions/[0-9]+/", ""))
          .map(e -> SETTINGS.contains(e) ? e : packageOf(e))
          .filter(e -> SETTINGS.contains(e) || OTHERS.stream().anyMatch(o -> isWithin(e, o)))
          .map(e -> name + " " + e)
          .filter(e -> EXCEPTIONS.keySet().stream().noneMatch(x -> isWithin(e, x)))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a class; empty for what is none. */
  private static String packageOf(String entry) {
    int end = entry.lastIndexOf('/');
    return end < 0 || !entry.endsWith(".class") ? "" : entry.substring(0, end).replace('/', '.');
  }

  private static boolean isWithin(String name, String outer) {
    return name.equals(outer) || name.startsWith(outer + ".");
  }

  /** All engines, with these jars and Fiji's and no others. */
  private static void requireComputing(List<Path> jars, String what)
      throws IOException, InterruptedException {
    List<Path> own =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList();
    String path =
        Stream.concat(
                jars.stream(),
                own.stream()
                    .filter(
                        p ->
                            FIJI.matcher(p.getFileName().toString()).matches()
                                || p.endsWith(Path.of("target", "test-classes"))))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dspyhop.cache=",
                "-Djava.awt.headless=true",
                "-cp",
                path,
                FijiEngines.class.getName(),
                what)
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .replace("\r", "");
    if (process.waitFor() != 0 || !said.contains("\nAll engines compute right.\n")) {
      throw new IllegalStateException(
          "The engines do not work in the folders for Fiji, " + what + ":\n" + said);
    }
  }

  /**
   * {@code jars/openblas-0.3.26-1.5.10-linux-x86_64.jar} to {@code jars/openblas-linux-x86_64.jar}
   */
  private static String withoutVersion(String name) {
    // that of the profile gpu takes the place of the other
    return name.replace("onnxruntime_gpu", "onnxruntime")
        .replaceFirst("-[0-9].*?(?=(-(linux|windows|macosx)-.*)?\\.jar$)", "");
  }

  /** Folder of a native library; empty for what every platform has. */
  private static String platform(String name) {
    Matcher matcher = PLATFORM.matcher(name);
    return matcher.matches() ? matcher.group(1) : "";
  }
}
