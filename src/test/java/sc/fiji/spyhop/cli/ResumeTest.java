package sc.fiji.spyhop.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.model.TestPipelines;

/** Runs over folders that were cut off, and go on. */
class ResumeTest {

  private static final String JOURNAL = "batch.jsonl";

  @TempDir Path folder;
  private Path model;
  private Path images;
  private Path output;

  @BeforeEach
  void prepare() throws IOException {
    model = Discs.model(folder);
    images = Files.createDirectory(folder.resolve("images"));
    output = folder.resolve("output");
    for (String name : List.of("a", "b", "d", "e")) Discs.two(images.resolve(name + ".tif"));
    Discs.stack(images.resolve("c.tif"));
  }

  private Shell segment(Object... more) {
    Object[] fixed = {"segment", "--model", model, "--output", output};
    return Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
  }

  private static Map<String, byte[]> contents(Path folder) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path f : files.toList()) {
        String name = f.getFileName().toString();
        if (name.equals("images.csv")) contents.put(name, withoutTimes(f));
        else if (!f.endsWith(JOURNAL)) contents.put(name, Files.readAllBytes(f));
      }
    }
    return contents;
  }

  private static byte[] withoutTimes(Path images) throws IOException {
    return Files.readString(images).replaceAll(",\\d+\\.\\d{3},", ",,").getBytes(UTF_8);
  }

  private static void assertSame(Map<String, byte[]> expected, Map<String, byte[]> actual) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, actual.get(name), name));
  }

  private List<String> journal() throws IOException {
    return new ArrayList<>(Files.readAllLines(output.resolve(JOURNAL)));
  }

  /**
   * The folder as it is left by a process that is killed: the journal ends in the middle of a line,
   * of the image of that line some files are there, another is half written under another name, and
   * there is no table.
   */
  private void kill() throws IOException {
    List<String> lines = journal();
    String cut = lines.get(3);
    assertTrue(cut.contains("\"image\":\"c\""), cut);
    Files.writeString(
        output.resolve(JOURNAL),
        String.join("\n", lines.subList(0, 3)) + "\n" + cut.substring(0, cut.length() / 2));
    Files.delete(output.resolve("results.csv"));
    for (String name : List.of("d", "e")) {
      for (String ending : List.of("_labels.tif", "_rois.zip", "_overlay.png")) {
        Files.delete(output.resolve(name + ending));
      }
    }
    Files.move(
        output.resolve("c_overlay.png"),
        output.resolve(".c_overlay.png.0f8fad5b-d9cb-469f-a165-70867728950e.tmp"));
  }

  @Test
  void afterAKillAllIsAsIfNothingHadHappened() throws IOException {
    assertEquals(0, segment(images).code());
    Map<String, byte[]> whole = contents(output);
    kill();
    FileTime before = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(output.resolve("a_labels.tif"), before);
    Shell refused = segment("--existing", "refuse", images);
    assertEquals(1, refused.code());
    assertTrue(refused.problem().contains("--resume"), refused.err());

    Shell resumed = segment(images);
    assertEquals(0, resumed.code(), resumed.err());
    assertSame(whole, contents(output));
    assertEquals(before, Files.getLastModifiedTime(output.resolve("a_labels.tif")));
    assertTrue(resumed.err().contains("2 of 5 images finished already."), resumed.err());
    assertTrue(resumed.out().startsWith("5 images (2 of them before), 11 objects"), resumed.out());
    assertEquals(6, journal().size());
    Shell idle = segment("--resume", images);
    assertTrue(idle.err().contains("5 of 5 images finished already."), idle.err());
  }

  @Test
  void whatIsMissingFailedOrChangedIsDoneAgain() throws IOException {
    Path bad = Files.writeString(images.resolve("bad.tif"), "no image");
    assertEquals(1, segment(images).code());
    assertTrue(Files.readString(output.resolve(JOURNAL)).contains("\"failed\""));
    Map<String, byte[]> first = contents(output);

    Files.delete(output.resolve("b_rois.zip"));
    Discs.two(bad);
    Discs.stack(images.resolve("e.tif"));
    Shell resumed = segment("--resume", images);
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains("3 of 6 images finished already."), resumed.err());

    Map<String, byte[]> second = contents(output);
    assertArrayEquals(first.get("b_rois.zip"), second.get("b_rois.zip"));
    Path anew = folder.resolve("anew");
    assertEquals(0, Shell.run("segment", "--model", model, "--output", anew, images).code());
    assertSame(contents(anew), second);
    Shell idle = segment("--resume", images);
    assertEquals(0, idle.code(), idle.err());
    assertSame(second, contents(output));
  }

  @Test
  void moreImagesAreAdded() throws IOException {
    assertEquals(0, segment(images.resolve("a.tif"), images.resolve("b.tif")).code());
    Shell added = segment("--resume", images.resolve("c.tif"));
    assertEquals(0, added.code(), added.err());
    List<String> rows = Files.readAllLines(output.resolve("results.csv"));
    assertEquals(
        List.of("c", "c", "c", "a", "a", "b", "b"),
        rows.stream().skip(1).map(r -> r.substring(0, 1)).toList());
  }

  @Test
  void aFileOfTheUserIsNotReplaced() throws IOException {
    assertEquals(0, segment(images.resolve("a.tif")).code());
    Path mine = Files.writeString(output.resolve("c_rois.zip"), "mine");
    Map<String, byte[]> before = contents(output);
    for (int i = 0; i < 2; i++) {
      Shell shell = segment(images.resolve("b.tif"), images.resolve("c.tif"));
      assertEquals(1, shell.code(), shell.err());
      assertTrue(shell.problem().contains("c_rois.zip exists already"), shell.err());
      assertSame(before, contents(output));
    }
    assertEquals("mine", Files.readString(mine));
    assertEquals(0, segment("--force", images.resolve("c.tif")).code());
    assertTrue(Files.size(mine) > 4);
  }

  /** An image that lies elsewhere is the same if its content is, else its results are kept. */
  @Test
  void resultsOfAnotherImageOfTheSameNameAreKept() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other")).resolve("a.tif");
    Discs.stack(other);
    assertEquals(0, segment(images.resolve("a.tif")).code());
    Map<String, byte[]> before = contents(output);
    Shell shell = segment(other);
    assertEquals(1, shell.code(), shell.err());
    assertTrue(shell.problem().contains("holds the results of"), shell.err());
    assertSame(before, contents(output));
    Path away = Files.move(images.resolve("a.tif"), folder.resolve("away.tif"));
    assertEquals(1, segment(other).code(), "nothing tells that it was moved");
    Files.copy(away, other, StandardCopyOption.REPLACE_EXISTING);
    Shell same = segment(other);
    assertTrue(same.err().contains("1 of 1 image finished already."), same.err());
    assertEquals(0, segment("--force", other).code());
  }

  /** Files of an image that was added later and never finished are those of the run. */
  @Test
  void anAddedImageThatWasCutOffIsDone() throws IOException {
    assertEquals(0, segment(images.resolve("a.tif")).code());
    assertEquals(0, segment(images.resolve("b.tif")).code());
    Map<String, byte[]> whole = contents(output);
    List<String> lines = journal();
    Files.writeString(
        output.resolve(JOURNAL), String.join("\n", lines.subList(0, lines.size() - 1)) + "\n");
    assertEquals(0, segment(images.resolve("b.tif")).code());
    assertSame(whole, contents(output));
  }

  /** A second image of the same name gives both longer names; the first is not told of twice. */
  @Test
  void imagesThatAreCalledOtherwiseAreToldOfOnce() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path one = Files.createDirectories(images.resolve("one")).resolve("x.tif");
    Path two = Files.createDirectories(images.resolve("two")).resolve("x.tif");
    Discs.two(one);
    Discs.stack(two);
    assertEquals(0, segment(here.relativize(one)).code());
    Shell both = segment("--resume", here.relativize(one), here.relativize(two));
    assertEquals(0, both.code(), both.err());
    List<String> rows = Files.readAllLines(output.resolve("results.csv"));
    assertEquals(
        List.of("one/x.tif", "one/x.tif", "two/x.tif", "two/x.tif", "two/x.tif"),
        rows.stream().skip(1).map(r -> r.substring(0, r.indexOf(','))).toList());
  }

  @Test
  void anotherModelOrOtherSettingsAreRefused() throws IOException {
    assertEquals(0, segment(images).code());
    byte[] before = Files.readAllBytes(output.resolve(JOURNAL));
    Shell channel = segment("--resume", "--channel", 1, images);
    assertEquals(1, channel.code());
    assertTrue(channel.problem().contains("had channel auto, received 1"), channel.err());
    model = Path.of("nuclei");
    Shell other = segment("--resume", images);
    assertEquals(1, other.code());
    assertTrue(other.problem().contains("had model "), other.err());
    Shell job =
        Shell.run(
            "pipeline", "run", "--pipeline", "whales", "--output", output, "--resume", images);
    assertTrue(job.problem().contains("had job segment, received pipeline"), job.err());
    assertArrayEquals(before, Files.readAllBytes(output.resolve(JOURNAL)));
    assertEquals(2, segment("--resume", "--force", images).code());
  }

  @Test
  void withoutARecordThereIsNothingToResume() throws IOException {
    assertEquals(0, segment("--resume", images).code(), "an empty folder is a fresh start");
    Files.delete(output.resolve(JOURNAL));
    Shell shell = segment("--resume", images);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("no batch.jsonl"), shell.err());
    assertEquals(0, segment("--force", images).code());
  }

  @Test
  void recordsOfStrangersAreData() throws IOException {
    assertEquals(0, segment(images).code());
    List<String> good = journal();
    for (String bad :
        List.of(
            "rubbish\n",
            "[]\n",
            "{\"spyhop_batch\":2}\n",
            good.get(0) + "\nrubbish\n",
            good.get(0) + "\n{\"image\":7}\n",
            good.get(0) + "\n{\"file\":\"x\"}\n",
            "{\"spyhop_batch\":1,\"settings\":[]}\n")) {
      Files.writeString(output.resolve(JOURNAL), bad);
      Shell shell = segment("--resume", images);
      assertEquals(1, shell.code(), bad);
      assertTrue(shell.problem().contains(JOURNAL) || shell.problem().contains("had job"), bad);
      assertEquals(bad, Files.readString(output.resolve(JOURNAL)), "left as it was");
    }
    // an image that escapes names no file, and rows of other columns make no table
    String row = good.get(1).replace("\"image\":\"a\"", "\"image\":\"../../a\"");
    Files.writeString(output.resolve(JOURNAL), good.get(0) + "\n" + row + "\n");
    assertEquals(0, segment("--resume", images).code());
    String shorter = good.get(1).replaceAll("\"rows\":.*", "\"rows\":[[\"a\"]]}");
    Files.writeString(output.resolve(JOURNAL), good.get(0) + "\n" + shorter + "\n");
    Shell shell = segment("--resume", images);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("1 columns in batch.jsonl, expected 33"), shell.err());
  }

  @Test
  void twoRunsDoNotShareAFolder() throws IOException {
    assertEquals(0, segment(images).code());
    try (FileChannel channel = FileChannel.open(output.resolve(JOURNAL), StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertTrue(lock.isValid());
      for (String way : List.of("--resume", "--force")) {
        Shell shell = segment(way, images);
        assertEquals(1, shell.code());
        assertTrue(shell.problem().contains("another run is writing"), shell.err());
      }
    }
    assertEquals(0, segment("--resume", images).code());
  }

  static Stream<Arguments> jobs() {
    return Stream.of(
        arguments("classify", List.of("classify", "--model", "who", "--top", 2)),
        arguments("maps", List.of("classify", "--model", "who", "--window", 16, "--stride", 8)),
        arguments("regress", List.of("regress", "--model", "length")),
        arguments("localize", List.of("localize", "--model", "heads", "--score", 0)),
        arguments("keypoints", List.of("keypoints", "--model", "points", "--score", 0)),
        arguments("pipeline", List.of("pipeline", "run", "--pipeline", "whole")),
        arguments("explain", List.of("explain", "occlusion", "--model", "who", "--window", 20)));
  }

  /** Every other job: cut off after its second image. */
  @ParameterizedTest
  @MethodSource("jobs")
  void everyJobIsResumed(String name, List<Object> command) throws IOException {
    Files.delete(images.resolve("c.tif")); // a model of one channel and slice is enough here
    TestPipelines.MODELS.forEach((n, m) -> ModelFile.write(m, folder.resolve(n + ".spyhop")));
    ModelFile.write(TestPipelines.regressor(), folder.resolve("length.spyhop"));
    PipelineFile.write(TestPipelines.whole(), folder.resolve("whole.spyhop"));
    List<Object> line = new ArrayList<>(command);
    line.replaceAll(
        w -> Files.exists(folder.resolve(w + ".spyhop")) ? folder.resolve(w + ".spyhop") : w);
    line.addAll(List.of("--output", output, images));
    Shell first = Shell.run(line.toArray());
    assertEquals(0, first.code(), first.err());
    Map<String, byte[]> whole = contents(output);
    assertTrue(whole.size() > 0);

    List<String> lines = journal();
    assertEquals(5, lines.size());
    Files.writeString(
        output.resolve(JOURNAL), String.join("\n", lines.subList(0, 3)) + "\n" + lines.get(3));
    for (String file : whole.keySet()) {
      if (!file.startsWith("a") && !file.startsWith("b_")) Files.delete(output.resolve(file));
    }
    line.add("--resume");
    Shell resumed = Shell.run(line.toArray());
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains("2 of 4 images finished already."), resumed.err());
    assertSame(whole, contents(output));
  }

  /** The real thing: a process killed at no moment in particular. */
  @Test
  void aKilledProcessIsGoneOnWith() throws Exception {
    for (int i = 0; i < 295; i++) Discs.two(images.resolve("i" + i + ".tif"));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                Spyhop.class.getName(),
                "segment",
                "--model",
                model.toString(),
                "--output",
                output.toString(),
                images.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    while (process.isAlive() && !Files.readString(log).contains("\n5/300 ")) Thread.sleep(2);
    process.destroyForcibly().waitFor();
    assertFalse(Files.exists(output.resolve("results.csv")), Files.readString(log));
    int before = journal().size() - 1;
    assertTrue(before >= 5 && before < 300, Files.readString(log));

    Shell resumed = segment("--resume", images);
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains(" of 300 images finished already."), resumed.err());
    Path anew = folder.resolve("anew");
    assertEquals(0, Shell.run("segment", "--model", model, "--output", anew, images).code());
    assertSame(contents(anew), contents(output));
  }

  @Test
  void goesOnInAMovedFolderWhereContentIsTheSame() throws IOException {
    assertEquals(0, segment(images).code());
    Path elsewhere = Files.createDirectories(folder.resolve("other machine"));
    Path moved = Files.move(images, elsewhere.resolve("images"));
    output = Files.move(output, elsewhere.resolve("output"));
    try (Stream<Path> all = Files.list(moved)) {
      for (Path f : all.toList()) Files.setLastModifiedTime(f, FileTime.fromMillis(1));
    }
    Discs.stack(moved.resolve("b.tif"));
    Shell resumed = segment("--resume", moved);
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains("4 of 5 images finished already."), resumed.err());
  }

  @Test
  void whatAPowerCutLeavesAtTheEndOfTheRecordIsDoneAgain() throws IOException {
    assertEquals(0, segment(images).code());
    Path journal = output.resolve(JOURNAL);
    List<String> lines = journal();
    lines.set(lines.size() - 1, "\0".repeat(50));
    Files.writeString(journal, String.join("\n", lines) + "\n");
    Shell resumed = segment("--resume", images);
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains("4 of 5 images finished already."), resumed.err());
  }

  @Test
  void aNameThatIsTooLongEndsItsImageAlone() throws IOException {
    Path bad = images.resolve("l".repeat(250) + ".tif");
    Discs.two(bad);
    Shell shell = segment(images);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("255"), shell.err());
    assertTrue(shell.out().startsWith("5 images"), shell.out());
  }
}
