package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ImageProcessor;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.Pipeline;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.model.TestPipelines;
import sc.fiji.spyhop.util.Strings;

class PipelineTest {

  @TempDir private Path folder;

  private Path model(String name) {
    Path file = folder.resolve(name + ".spyhop");
    ModelFile.write(TestPipelines.MODELS.get(name), file);
    return file;
  }

  private Path image(String name) {
    ImagePlus image = IJ.createImage(name, "8-bit ramp", 64, 48, 1);
    Path file = folder.resolve("images").resolve(name);
    file.getParent().toFile().mkdirs();
    IJ.save(image, file.toString());
    return file;
  }

  @Test
  void buildsChecksAndRuns() throws IOException {
    Path chain = folder.resolve("chain.spyhop");
    Shell built =
        Shell.run(
            "pipeline", "build", "--classifier", model("who"), "--output", chain, "--author", "me");
    assertEquals(ExitCode.OK, built.code(), built.err());
    assertEquals(
        List.of(new PipelineStep.Classify("classifier")), PipelineFile.readSpec(chain).steps());
    Shell checked = Shell.run("pipeline", "check", chain);
    assertEquals(ExitCode.OK, checked.code(), checked.err());
    assertTrue(checked.out().contains("chain: sound"), checked.out());
    image("a.tif");
    image("b.tif");
    Files.writeString(folder.resolve("images").resolve("bad.tif"), "no image");
    Path output = folder.resolve("results");
    Object[] run = {
      "pipeline",
      "run",
      "--pipeline",
      chain,
      "--top",
      2,
      "--output",
      output,
      folder.resolve("images")
    };
    Shell ran = Shell.run(run);
    assertEquals(ExitCode.FAILED, ran.code(), "one file is bad");
    assertTrue(ran.err().contains("bad.tif"), ran.err());
    List<String> rows = Files.readAllLines(output.resolve("results.csv"));
    assertTrue(rows.get(0).startsWith("image,object,rank,class,probability,x,y,width,height"));
    assertEquals(5, rows.size());
    assertTrue(rows.get(1).matches("a\\.tif,1,1,(anna|bela),0\\.\\d+,.*"), rows.get(1));
    assertTrue(rows.get(2).startsWith("a.tif,1,2,"));
    assertTrue(rows.get(4).startsWith("b.tif,1,2,"));
    assertTrue(Files.exists(output.resolve("a_overlay.png")));
    assertTrue(Files.exists(output.resolve("b_rois.zip")));
    Object[] refusing = Arrays.copyOf(run, run.length + 2);
    refusing[run.length] = "--existing";
    refusing[run.length + 1] = "refuse";
    Shell again = Shell.run(refusing);
    assertTrue(again.problem().contains("--force"), again.err());
  }

  @Test
  void theUsualChainHasItsStepsInOrder() {
    Path file = folder.resolve("whole.spyhop");
    Shell built =
        Shell.run(
            "pipeline",
            "build",
            "--localizer",
            model("heads"),
            "--keypoints",
            model("points"),
            "--anchor",
            "snout:16:6",
            "--anchor",
            "tail:16:26",
            "--classifier",
            model("who"),
            "--size",
            "32x32",
            "--output",
            file);
    assertEquals(ExitCode.OK, built.code(), built.err());
    Pipeline whole = PipelineFile.read(file);
    assertEquals(
        List.of("localize", "crop", "keypoints", "align", "classify"),
        whole.spec().steps().stream().map(PipelineStep::label).toList());
    assertEquals(TestPipelines.ALIGN, whole.spec().steps().get(3));
  }

  @Test
  void aChainThatDoesNotFitIsRefusedAndNothingWritten() throws IOException {
    Path file = folder.resolve("bad.spyhop");
    Shell built =
        Shell.run(
            "pipeline",
            "build",
            "--anchor",
            "snout:16:6",
            "--anchor",
            "tail:16:26",
            "--classifier",
            model("who"),
            "--output",
            file);
    assertEquals(ExitCode.FAILED, built.code());
    assertTrue(
        built.problem().contains("between the image and step 1 (align): expected poses"),
        built.err());
    assertFalse(Files.exists(file));
    Path json = folder.resolve("pipeline.json");
    Files.writeString(json, PipelineFile.json(TestPipelines.spec(TestPipelines.CLASSIFY)));
    Shell written =
        Shell.run(
            "pipeline",
            "build",
            "--spec",
            json,
            "--model",
            "who=" + model("heads"),
            "--output",
            file);
    assertTrue(written.problem().contains("step 1 (classify)"), written.err());
    assertFalse(Files.exists(file));
  }

  /** The truth is the generator's. */
  @Test
  void theShippedPipelineKnowsTheWhalesOfTheTestImages() throws IOException {
    Path whales = Path.of("test-images", "whales");
    Shell ran =
        Shell.run(
            "pipeline", "run", "--pipeline", "whales", "--top", 1, "--output", folder, whales);
    assertEquals(ExitCode.OK, ran.code(), ran.err());
    List<String> expected =
        Files.readAllLines(whales.resolve("index.csv")).stream().skip(1).toList();
    List<String> told =
        Files.readAllLines(folder.resolve("results.csv")).stream()
            .skip(1)
            .map(row -> row.split(","))
            .map(cells -> cells[0] + "," + cells[3])
            .toList();
    assertEquals(expected, told);
  }

  /** Runs a command line that is told to stop as soon as it says something. */
  private static Shell stopped(String when, Object... arguments) {
    StringWriter said = new StringWriter();
    Console[] console = new Console[1];
    Writer listening =
        new FilterWriter(said) {
          @Override
          public void write(String text, int from, int length) throws IOException {
            super.write(text, from, length);
            if (said.toString().contains(when)) console[0].requestStop();
          }
        };
    console[0] =
        new Console(new PrintWriter(new StringWriter()), new PrintWriter(listening), false);
    String[] texts = Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new);
    int code = Spyhop.run(console[0], texts);
    return new Shell(code, "", said.toString());
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  void whatWasFinishedBeforeAStopStaysAndNothingIsHalfWritten() throws IOException {
    Path chain = folder.resolve("chain.spyhop");
    PipelineFile.write(TestPipelines.whole(), chain);
    int many = 20 + 4 * Runtime.getRuntime().availableProcessors(); // more than are under way
    for (int i = 0; i < many; i++) image(Strings.format("i%04d.tif", i));
    Path output = folder.resolve("results");
    Object[] run = {
      "pipeline", "run", "--pipeline", chain, "--output", output, folder.resolve("images")
    };
    Shell shell = stopped("1/" + many + " ", run);
    assertEquals(ExitCode.STOPPED, shell.code(), shell.err());
    Set<String> expected = new TreeSet<>(Set.of("images.csv", "results.csv", "batch.jsonl"));
    for (String row : Files.readAllLines(output.resolve("results.csv"))) {
      if (!row.matches("i\\d+\\.tif,.*")) continue;
      expected.add(row.substring(0, 5) + "_overlay.png");
      expected.add(row.substring(0, 5) + "_rois.zip");
      expected.add(row.substring(0, 5) + "_objects.geojson");
    }
    assertEquals(expected, new TreeSet<>(names(output)));
    int done = (expected.size() - 3) / 3;
    assertTrue(done > 0 && done < many, expected.toString());
    assertTrue(shell.err().contains("Stopped after " + done + " of " + many), shell.err());
  }

  @Test
  void aStoppedTrainingGoesOnWithTheNetworksThatAreFinished() throws IOException {
    Object[] train = training();
    Path file = folder.resolve("mine.spyhop");
    Path kept = folder.resolve("mine-training");
    Shell shell = stopped("Training the keypoints", train);
    assertEquals(ExitCode.STOPPED, shell.code(), shell.err());
    assertFalse(Files.exists(file));
    assertEquals(Set.of("localizer.spyhop"), names(kept));
    byte[] localizer = Files.readAllBytes(kept.resolve("localizer.spyhop"));
    assertTrue(Shell.run(train).problem().contains("--resume"));
    Object[] more = Arrays.copyOf(train, train.length + 1);
    more[train.length] = "--resume";
    Shell resumed = Shell.run(more);
    assertEquals(ExitCode.OK, resumed.code(), resumed.err());
    assertEquals(1, resumed.err().lines().filter(l -> l.startsWith("Taking over ")).count());
    assertFalse(resumed.err().contains("Training the localizer"), resumed.err());
    assertArrayEquals(localizer, Files.readAllBytes(kept.resolve("localizer.spyhop")));
    assertEquals(
        ModelFile.read(kept.resolve("localizer.spyhop")).sha256(),
        PipelineFile.read(file).model("mine-localizer").sha256());
  }

  @Test
  void trainsAllThreeNetworksInOneGo() throws IOException {
    Object[] train = training();
    Path file = folder.resolve("mine.spyhop");
    Shell trained = Shell.run(train);
    assertEquals(ExitCode.OK, trained.code(), trained.err());
    Pipeline whole = PipelineFile.read(file);
    assertEquals(5, whole.spec().steps().size());
    assertEquals(List.of("whale_00", "whale_01"), whole.model("mine-classifier").spec().names());
    assertTrue(whole.spec().training().command().startsWith("spyhop pipeline train --data "));
    assertTrue(whole.spec().training().figures().containsKey("held-out accuracy of the chain"));
    assertTrue(Shell.run(train).problem().contains("exists already"));
    Files.delete(file);
    assertTrue(Shell.run(train).problem().contains("--resume"), "networks are kept");
  }

  /** As in other trainings, whatever their headers say. */
  @Test
  void photographsThatCannotBeReadAreLeftOutByName() throws IOException {
    Object[] train = training();
    Path images = folder.resolve("data").resolve("images");
    String bad = names(images).iterator().next();
    byte[] whole = Files.readAllBytes(images.resolve(bad));
    Files.write(images.resolve(bad), Arrays.copyOf(whole, whole.length / 2));
    Shell shell = stopped("Training the localizer", train);
    assertEquals(ExitCode.STOPPED, shell.code(), shell.err());
    assertTrue(shell.err().contains("cannot be used, 1 of 8 images: "), shell.err());
    assertTrue(shell.err().contains(bad), shell.err());
    assertTrue(shell.err().contains("Training on 5 images"), shell.err());
  }

  /** A command line that trains small networks on eight whales. */
  private Object[] training() {
    Path data = folder.resolve("data");
    Shell made =
        Shell.run(
            "sample",
            "whales",
            "--seed",
            3,
            "--count",
            8,
            "--individuals",
            2,
            "--size",
            "96x96",
            "--output",
            data);
    assertEquals(ExitCode.OK, made.code(), made.err());
    return new Object[] {
      "pipeline",
      "train",
      "--data",
      data,
      "--output",
      folder.resolve("mine.spyhop"),
      "--side",
      32,
      "--widths",
      "4,8,8",
      "--network",
      "4C3 MP2 GAP",
      "--copies",
      2,
      "--rounds",
      "1,1,1",
      "--batch",
      4,
      "--held-out",
      0.25
    };
  }

  /** Two discs of which the bright pixels are a class: in all of the image, and in their boxes. */
  @Test
  void areasOfClassesAreTold() throws IOException {
    Path disc = Discs.two(Files.createDirectory(folder.resolve("images")).resolve("disc.tif"));
    Path empty = folder.resolve("images/empty.tif");
    IJ.save(IJ.createImage("empty", "8-bit black", 70, 50, 1), empty.toString());
    ImageProcessor plane = IJ.openImage(disc.toString()).getProcessor();
    long bright = IntStream.range(0, 70 * 50).filter(i -> plane.get(i) >= 69).count();
    Map<String, Model> models =
        Map.of(
            "boxes",
            ModelFile.read(Discs.localizer(folder)),
            "pixels",
            ModelFile.read(Discs.pixels(folder)));
    PipelineStep.Segment segment = new PipelineStep.Segment("pixels");
    Pipeline whole =
        new Pipeline(TestPipelines.spec(segment), Map.of("pixels", models.get("pixels")));
    List<CSVRecord> rows = areas(whole, "whole");
    assertEquals(
        List.of("disc.tif ground", "disc.tif disc", "empty.tif ground", "empty.tif disc"),
        rows.stream().map(r -> r.get("image") + " " + r.get("class")).toList());
    assertEquals(3500 - bright, Long.parseLong(rows.get(0).get("pixels")));
    assertEquals(bright, Long.parseLong(rows.get(1).get("pixels")));
    assertEquals(bright * 0.25, Double.parseDouble(rows.get(1).get("area")), 1e-9);
    assertEquals(bright / 3500.0, Double.parseDouble(rows.get(1).get("share")), 1e-9);
    assertEquals("3500", rows.get(2).get("pixels"));
    assertEquals("1", rows.get(2).get("share"));

    // boxes of about 24 x 24 pixels, of which pictures are shown that are sampled anew
    PipelineStep localize = new PipelineStep.Localize("boxes", List.of("disc"), 0.25, 10);
    Pipeline boxes =
        new Pipeline(
            TestPipelines.spec(localize, new PipelineStep.Crop(0, 24, 24), segment), models);
    rows = areas(boxes, "boxes");
    long inside = Long.parseLong(rows.get(1).get("pixels"));
    long looked = inside + Long.parseLong(rows.get(0).get("pixels"));
    assertEquals(bright, inside, 0.2 * bright);
    assertEquals(2 * 24 * 24, looked, 0.2 * 2 * 24 * 24);
    assertEquals((double) inside / looked, Double.parseDouble(rows.get(1).get("share")), 1e-9);
    assertEquals("0", rows.get(2).get("pixels"), "nothing is looked at");
    assertEquals("", rows.get(2).get("share"));
  }

  /** Discs of two classes in one image: regions are named, counted and chosen by class. */
  @Test
  void regionsHaveClasses() throws IOException {
    Path images = Files.createDirectories(folder.resolve("classed"));
    LabelImages.save(
        new ImagePlus(
            "a",
            Discs.flat(
                100,
                50,
                new int[] {20, 20, 140},
                new int[] {50, 30, 200},
                new int[] {80, 20, 200})),
        images.resolve("a.tif"));
    Path file = folder.resolve("kinds.spyhop");
    PipelineFile.write(
        new Pipeline(
            TestPipelines.spec(new PipelineStep.Segment("discs")),
            Map.of("discs", ModelFile.read(Discs.classed(folder)))),
        file);
    Path all = folder.resolve("all");
    Object[] run = {"pipeline", "run", "--pipeline", file, images, "--output"};
    assertEquals(ExitCode.OK, Shell.run(with(run, all)).code());
    CSVRecord row = rows(all.resolve("results.csv")).get(0);
    assertEquals("3 1 2", told(row, "regions", "regions_dim", "regions_bright"));
    CSVRecord image = rows(all.resolve("images.csv")).get(0);
    assertEquals("1 2", told(image, "count_dim", "count_bright"));
    List<String> names;
    try (ZipFile zip = new ZipFile(all.resolve("a_rois.zip").toFile())) {
      names = zip.stream().map(e -> e.getName()).toList();
    }
    assertEquals(2, names.stream().filter(n -> n.endsWith("-bright.roi")).count(), names + "");
    assertEquals(1, names.stream().filter(n -> n.endsWith("-dim.roi")).count(), names + "");

    Path some = folder.resolve("some");
    assertEquals(ExitCode.OK, Shell.run(with(run, some, "--classes", "bright")).code());
    row = rows(some.resolve("results.csv")).get(0);
    assertEquals("2 2", told(row, "regions", "regions_bright"));
    assertFalse(row.isMapped("regions_dim"), row.toString());
    String other = Shell.run(with(run, folder.resolve("o"), "--classes", "green")).problem();
    assertTrue(other.contains("--classes: expected some of dim, bright"), other);
  }

  private static Object[] with(Object[] start, Object... more) {
    return Stream.concat(Arrays.stream(start), Arrays.stream(more)).toArray();
  }

  private static String told(CSVRecord row, String... columns) {
    return Arrays.stream(columns).map(row::get).collect(Collectors.joining(" "));
  }

  private static List<CSVRecord> rows(Path table) throws IOException {
    try (CSVParser csv =
        CSVParser.parse(
            Files.readString(table),
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return csv.getRecords();
    }
  }

  private List<CSVRecord> areas(Pipeline pipeline, String name) throws IOException {
    Path file = folder.resolve(name + ".spyhop");
    PipelineFile.write(pipeline, file);
    Path output = folder.resolve(name);
    Shell shell =
        Shell.run(
            "pipeline", "run", "--pipeline", file, "--output", output, folder.resolve("images"));
    assertEquals(ExitCode.OK, shell.code(), shell.err());
    assertTrue(shell.out().contains("2 objects"), "they are counted all the same: " + shell.out());
    return rows(output.resolve("classes.csv"));
  }
}
