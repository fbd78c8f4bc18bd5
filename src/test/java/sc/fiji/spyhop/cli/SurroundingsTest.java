package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.Javas;

/** What is printed and written is the same in every language, country, time zone and charset. */
class SurroundingsTest {

  private static final Locale LOCALE = Locale.getDefault();

  @TempDir static Path expectedFolder;

  private static Map<String, String> expected;

  @BeforeAll
  static void whatIsExpected() throws IOException {
    expected = outcome(expectedFolder, Locale.ROOT, "UTC");
  }

  @AfterAll
  static void restore() {
    Locale.setDefault(LOCALE);
    TimeZone.setDefault(null);
  }

  /** Runs commands, and tells what they print and leave. */
  private static Map<String, String> outcome(Path folder, Locale locale, String timeZone)
      throws IOException {
    Locale.setDefault(locale);
    TimeZone.setDefault(TimeZone.getTimeZone(timeZone));
    try {
      return outcome(folder);
    } finally {
      restore();
    }
  }

  private static Map<String, String> outcome(Path folder) throws IOException {
    Map<String, String> all = new TreeMap<>();
    Path nuclei = folder.resolve("nuclei");
    Path whales = folder.resolve("whales");
    Path model = folder.resolve("my.spyhop");
    String printed =
        run("sample", "nuclei", "--count", 2, "--size", "64x48", "--output", nuclei)
            + run(
                "sample",
                "whales",
                "--count",
                4,
                "--individuals",
                2,
                "--size",
                "96x96",
                "--output",
                whales);
    // a Turkish i in the extension, and in a class
    Files.move(nuclei.resolve("images/nuclei_000.tif"), nuclei.resolve("images/nuclei_000.TIFF"));
    Files.writeString(
        whales.resolve("boxes.csv"),
        Files.readString(whales.resolve("boxes.csv")).replace("head", "INSIDE"));
    printed +=
        run("segment", "--model", "nuclei", "--output", folder.resolve("found"), nuclei)
            + run(
                "evaluate",
                "segment",
                "--predicted",
                folder.resolve("found"),
                "--truth",
                nuclei,
                "--json",
                folder.resolve("figures.json"))
            + run(
                "train",
                "classify",
                "--data",
                whales,
                "--output",
                model,
                "--epochs",
                2,
                "--steps",
                1,
                "--batch",
                2,
                "--size",
                "16x16",
                "--network",
                "4C3 MP2 FC2")
            + run("evaluate", "classify", "--model", model, "--data", whales)
            + run(
                "evaluate",
                "keypoints",
                "--predicted",
                whales,
                "--truth",
                whales,
                "--json",
                folder.resolve("points.json"))
            + run(
                "annotations", "--data", whales, "--to", "coco", "--output", folder.resolve("coco"))
            + run("network", "show", "4C3 MP2 FC256 FC10", "--input", "1x28x28")
            + run("models", "show", "nuclei")
            + run(
                "models",
                "export",
                model,
                "--bioimage",
                folder.resolve("my.zip"),
                "--author",
                "I",
                "--license",
                "MIT")
            + run("segment", "--output", folder.resolve("found"), "--channel", "x", nuclei);
    Files.delete(whales.resolve("keypoints.csv"));
    printed +=
        run("annotations", "--data", whales, "--to", "yolo", "--output", folder.resolve("yolo"));
    all.put("printed", timeless(printed));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        if (name.endsWith("last.safetensors")) continue; // has the time that training took
        if (name.endsWith("my.zip") || name.endsWith("my.spyhop")) unzip(file, name, all);
        else all.put(name, content(name, Files.readAllBytes(file)));
      }
    }
    all.replaceAll((name, content) -> content.replace(folder.toString(), "FOLDER"));
    return all;
  }

  private static String run(Object... arguments) {
    Shell shell = Shell.run(arguments);
    return List.of(arguments) + " " + shell.code() + "\n" + shell.out() + shell.err();
  }

  private static void unzip(Path file, String name, Map<String, String> all) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        all.put(name + "!" + e.getName(), content(e.getName(), zip.readAllBytes()));
      }
    }
  }

  private static String content(String name, byte[] bytes) {
    if (!name.matches(".*\\.(csv|json|jsonl|yaml|md|txt)")) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return timeless(
        name.endsWith("history.csv")
            ? text.replaceAll(",[0-9.]+\\.\\d{3}(?=,|\\R|$)", ",T")
            : text);
  }

  /** Without what differs from one run to the next: dates, durations, and checksums of both. */
  private static String timeless(String text) {
    return text.replaceAll("\\d{4}-\\d\\d-\\d\\d(T[0-9:]+Z)?", "DATE")
        .replaceAll("[0-9.]+ s\\b", "T s")
        .replaceAll("\\\\?\"(seconds|modified)\\\\?\" ?: ?(\\\\?\")?[0-9.E]+(\\\\?\")?", "T")
        .replaceAll(",\\d+\\.\\d{3},(?=[^,\\n]+\\n)", ",T,")
        .replaceAll("sha256: \"?[0-9a-f]{64}", "SHA");
  }

  @ParameterizedTest
  @CsvSource({
    "tr-TR, Pacific/Kiritimati",
    "de-DE, America/St_Johns",
    "ar-EG-u-nu-arab, Asia/Kathmandu",
    "fa-IR, UTC"
  })
  void everythingIsTheSameElsewhere(String language, String timeZone, @TempDir Path folder)
      throws IOException {
    Map<String, String> found = outcome(folder, Locale.forLanguageTag(language), timeZone);
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, content) -> assertEquals(content, found.get(name), name));
  }

  @Test
  void whatIsExpectedIsThere() {
    assertTrue(expected.get("printed").contains("nuclei_000"), expected.get("printed"));
    assertTrue(expected.get("figures.json").contains("\"images\" : 2"));
    assertTrue(expected.get("yolo/labels/photo_0000.txt").startsWith("0 0."));
    assertTrue(expected.containsKey("my.zip!rdf.yaml"));
    assertTrue(expected.containsKey("my-training/history.csv"));
  }

  @Test
  void textIsUtf8WhateverTheCharset(@TempDir Path folder) throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path image = expectedFolder.resolve("whales/images/photo_0000.png");
    Files.copy(image, data.resolve("a.png"));
    Files.writeString(
        data.resolve("boxes.csv"), "image,class,x,y,width,height\na.png,Zellkörper µ,1,2,3,4\n");
    Shell here =
        Shell.run("annotations", "--data", data, "--to", "coco", "--output", folder + "/1");
    assertEquals(0, here.code(), here.err());
    Outcome there =
        child(
            List.of("-Dfile.encoding=ISO-8859-1", "-Dstdout.encoding=ISO-8859-1"),
            List.of("annotations", "--data", data + "", "--to", "coco", "--output", folder + "/2"));
    assertEquals(here.out().replace("/1", "/2"), there.out());
    assertTrue(here.out().contains("Zellkörper µ"), here.out());
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("1/annotations.json")),
        Files.readAllBytes(folder.resolve("2/annotations.json")));
  }

  /** A file is where folders for native libraries would have to be. */
  @Test
  void whatCannotBeUnpackedIsOneSentence(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Outcome outcome =
        child(
            List.of("-Djava.io.tmpdir=" + file, "-Duser.home=" + file),
            List.of("models", "check", "nuclei"));
    assertEquals("", outcome.out());
    // later versions of Java say so too, of a folder that is given on the command line
    List<String> said =
        outcome.err().lines().filter(l -> !l.startsWith("WARNING: java.io.tmpdir ")).toList();
    assertEquals(1, said.size(), outcome.err());
    assertTrue(
        said.get(0).startsWith("spyhop: ONNX Runtime cannot be unpacked into " + file + " ("),
        outcome.err());
  }

  @Test
  void anotherEngineDoesTheWorkAndIsNamed(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Outcome outcome =
        child(List.of("-Djava.io.tmpdir=" + file), List.of("models", "check", "nuclei"));
    assumeTrue(!outcome.err().startsWith("spyhop: "), "there is no other engine here");
    assertTrue(outcome.out().startsWith("nuclei: sound"), outcome.out());
    assertTrue(
        outcome.err().matches("(?s).*cannot be unpacked into .* does the work for now\\..*"),
        outcome.err());
  }

  private record Outcome(String out, String err) {}

  /** Runs a command in a Java of its own. */
  private static Outcome child(List<String> options, List<String> arguments) throws Exception {
    List<String> command = Javas.command();
    command.addAll(options);
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"));
    command.add("-Djava.util.logging.SimpleFormatter.format=%5$s%n");
    command.addAll(List.of("-cp", classPath(), "sc.fiji.spyhop.cli.Spyhop"));
    command.addAll(arguments);
    Path out = Files.createTempFile(expectedFolder, "out", "");
    Path err = Files.createTempFile(expectedFolder, "err", "");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running");
    return new Outcome(Files.readString(out), Files.readString(err));
  }

  private static String classPath() {
    String all = System.getProperty("surefire.test.class.path", "");
    return all.contains(File.pathSeparator) ? all : System.getProperty("java.class.path");
  }
}
