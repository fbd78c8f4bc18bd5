package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;

/** Objects with classes through the shell: what a model tells of them, and how good that is. */
class ClassedObjectsTest {

  private static final int[] DIM = {20, 20, 140};
  private static final int[] BRIGHT = {50, 30, 200};
  private static final int[] OTHER = {80, 20, 200};

  @TempDir Path folder;
  private Path images;
  private Path output;

  @BeforeEach
  void prepare() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
    output = folder.resolve("output");
    save(images.resolve("a.tif"), new ImagePlus("a", Discs.flat(100, 50, DIM, BRIGHT, OTHER)));
    save(images.resolve("b.tif"), new ImagePlus("b", Discs.flat(100, 50, DIM)));
  }

  private static void save(Path file, ImagePlus image) {
    LabelImages.save(image, file);
  }

  private void segment(Object... more) {
    Object[] start = {"segment", "--model", Discs.classed(folder), "--output", output};
    Shell shell = Shell.run(with(start, more));
    assertEquals(0, shell.code(), shell.err());
  }

  private List<CSVRecord> table(String name) throws IOException {
    try (CSVParser csv =
        CSVParser.parse(
            Files.readString(output.resolve(name)),
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return csv.getRecords();
    }
  }

  private static List<String> column(List<CSVRecord> rows, String name) {
    return rows.stream().map(r -> r.get(name)).toList();
  }

  @Test
  void tablesRegionsAndCountsTellClasses() throws IOException {
    segment(images);
    List<CSVRecord> rows = table("results.csv");
    assertEquals(List.of("dim", "bright", "bright", "dim"), sorted(rows));
    for (CSVRecord row : rows) {
      // the logistic of 3
      assertEquals(0.952574, Double.parseDouble(row.get("class_probability")), 1e-4);
    }
    List<CSVRecord> counts = table("images.csv");
    assertEquals(List.of("1", "1"), column(counts, "count_dim"));
    assertEquals(List.of("2", "0"), column(counts, "count_bright"));
    assertEquals(List.of("3", "1"), column(counts, "count"));
    try (ZipFile zip = new ZipFile(output.resolve("a_rois.zip").toFile())) {
      assertEquals(
          3, zip.stream().filter(e -> e.getName().matches("000\\d-(dim|bright)\\.roi")).count());
    }
    assertFalse(Files.exists(output.resolve("classes.csv")), "that is of classes of pixels");
  }

  @Test
  void someClassesAreKept() throws IOException {
    segment(images, "--classes", "bright", "--probabilities");
    assertEquals(List.of("bright", "bright"), sorted(table("results.csv")));
    assertEquals(List.of("1", "2"), column(table("results.csv"), "label"), "numbered anew");
    assertEquals(List.of("2", "0"), column(table("images.csv"), "count"));
    assertEquals(List.of("2", "0"), column(table("images.csv"), "count_bright"));
    assertFalse(Files.readString(output.resolve("images.csv")).contains("count_dim"));
    Shell resumed =
        Shell.run("segment", "--model", Discs.classed(folder), "--output", output, images);
    assertTrue(resumed.problem().contains("had classes bright, received none"), resumed.problem());

    Shell evaluated = Shell.run("evaluate", "segment", "--predicted", output, "--truth", output);
    assertTrue(evaluated.err().contains("classes bright alone were kept"), evaluated.err());

    Path again = folder.resolve("again");
    Shell dim = Shell.run("segment", "--adjust", output, "--classes", "dim", "--output", again);
    assertEquals(0, dim.code(), dim.err());
    output = again;
    assertEquals(List.of("dim", "dim"), sorted(table("results.csv")));
    Path all = folder.resolve("all");
    Shell batch =
        Shell.run(
            "batch", "--model", Discs.classed(folder), "--classes", "dim", "--output", all, images);
    assertEquals(0, batch.code(), batch.err());
    output = all;
    assertEquals(List.of("dim", "dim"), sorted(table("results.csv")));
  }

  @Test
  void classesThatThereAreNotAreRefused() {
    Object[] start = {"segment", "--output", output, images, "--classes", "bright,green"};
    String other = Shell.run(with(start, "--model", Discs.classed(folder))).problem();
    assertTrue(other.contains("--classes: expected some of dim, bright"), other);
    assertTrue(other.contains("received \"green\""), other);
    String none = Shell.run(with(start, "--model", Discs.model(folder))).problem();
    assertTrue(none.contains("--classes: expected nothing"), none);
    assertFalse(Files.exists(output.resolve("results.csv")));
  }

  private static Object[] with(Object[] start, Object... more) {
    return Stream.concat(Arrays.stream(start), Arrays.stream(more)).toArray();
  }

  /** By image, then from left to right. */
  private static List<String> sorted(List<CSVRecord> rows) {
    return rows.stream()
        .sorted(
            java.util.Comparator.comparing((CSVRecord r) -> r.get("image"))
                .thenComparing(r -> Double.parseDouble(r.get("x"))))
        .map(r -> r.get("class"))
        .toList();
  }

  /** Truth: one of the bright discs is said to be dim, and b has one that is not there. */
  private void truth() throws IOException {
    Files.createDirectory(folder.resolve("labels"));
    ImagePlus a = new ImagePlus("a", Discs.flat(100, 50, disc(20, 1), disc(50, 2), disc(80, 3)));
    save(folder.resolve("labels/a.tif"), a);
    save(
        folder.resolve("labels/b.tif"),
        new ImagePlus("b", Discs.flat(100, 50, disc(20, 1), disc(80, 7))));
    Files.write(
        folder.resolve("labels.csv"),
        List.of("image,label,class", "a,1,dim", "a,2,bright", "a,3,dim", "b,1,dim", "b,7,bright"));
  }

  private static int[] disc(int x, int label) {
    return new int[] {x, x == 50 ? 30 : 20, label};
  }

  private JsonNode evaluated() throws IOException {
    Path json = folder.resolve("figures.json");
    Shell shell =
        Shell.run(
            "evaluate",
            "segment",
            "--predicted",
            output,
            "--truth",
            folder.resolve("labels"),
            "--json",
            json,
            "--force");
    assertEquals(0, shell.code(), shell.err());
    return new ObjectMapper().readTree(json.toFile());
  }

  /** Alone trained, the new head leaves everything else as it is. */
  @Test
  void aModelLearnsTheClassesOfItsObjects() throws IOException {
    truth();
    Path learned = folder.resolve("learned.spyhop");
    Path base = Discs.model(folder);
    Object[] tune = {
      "finetune",
      "--model",
      base,
      "--data",
      folder,
      "--output",
      learned,
      "--validation",
      0,
      "--epochs",
      1,
      "--steps",
      2,
      "--batch",
      2,
      "--head-only"
    };
    Shell shell = Shell.run(with(tune, "--object", "dim,bright"));
    assertEquals(0, shell.code(), shell.err());
    Model tuned = ModelFile.read(learned);
    assertEquals(List.of("dim", "bright"), tuned.spec().names());
    assertEquals(List.of("object", "depth", "class"), tuned.network().outputs());
    for (String name : ModelFile.read(base).weights().tensors().keySet()) {
      assertArrayEquals(
          ModelFile.read(base).weights().get(name).data(), tuned.weights().get(name).data(), name);
    }
    output = folder.resolve("tuned");
    shell = Shell.run("segment", "--model", learned, "--output", output, images);
    assertEquals(0, shell.code(), shell.err());
    assertEquals(List.of("3", "1"), column(table("images.csv"), "count"), "as many as before");
    assertTrue(table("images.csv").get(0).isMapped("count_bright"));

    String one = Shell.run(with(tune, "--object", "bright", "--force")).problem();
    assertTrue(one.contains("at least two names"), one);
    String both =
        Shell.run(with(tune, "--object", "dim,bright", "--classes", "a,b", "--force")).problem();
    assertTrue(both.contains("--object: it and classes exclude each other"), both);
  }

  /** The table says the class of an object that is in no label image. */
  @Test
  void aClassThatNoImageShowsIsRefused() throws IOException {
    truth();
    Files.writeString(
        folder.resolve("labels.csv"),
        Files.readString(folder.resolve("labels.csv")) + "a.tif,900,zombie\n");
    Path never = folder.resolve("never.spyhop");
    Shell shell =
        Shell.run(
            "train",
            "segment",
            "--data",
            folder,
            "--output",
            never,
            "--object",
            "dim,zombie",
            "--crop",
            32,
            "--epochs",
            1,
            "--validation",
            0);
    assertEquals(1, shell.code(), shell.err());
    assertTrue(shell.problem().contains("No image shows an object of class zombie"), shell.err());
    assertFalse(Files.exists(never));
  }

  @Test
  void evaluationIsByClass() throws IOException {
    segment(images);
    truth();
    JsonNode all = evaluated();
    assertEquals(8.0 / 9, all.get("at").get("0.50").get("F1").asDouble(), 1e-9);
    JsonNode classes = all.get("classes");
    // dim: 2 found, 1 taken for bright; bright: 1 found, 1 too many, 1 missed
    assertEquals(0.8, classes.get("dim").get("at").get("0.50").get("F1").asDouble(), 1e-9);
    assertEquals(0.5, classes.get("bright").get("at").get("0.50").get("F1").asDouble(), 1e-9);
    assertEquals(0.65, all.get("class_F1").asDouble(), 1e-9);
    assertEquals("[[1,0],[1,2]]", all.get("confusion").toString());
    Files.delete(folder.resolve("labels.csv"));
    assertFalse(evaluated().has("classes"), "the truth tells none");
  }

  @Test
  void slicesOfStacksHaveTheirOwn() throws IOException {
    ImageStack stack = new ImageStack(100, 50);
    stack.addSlice(Discs.flat(100, 50, DIM));
    stack.addSlice(Discs.flat(100, 50, new int[] {20, 20, 200}));
    ImagePlus image = new ImagePlus("s", stack);
    image.setDimensions(1, 2, 1);
    Path file = folder.resolve("s.tif");
    save(file, image);
    segment(file, "--probabilities");
    assertEquals(List.of("dim", "bright"), column(table("results.csv"), "class"));
    Path again = folder.resolve("again");
    Shell shell = Shell.run("segment", "--adjust", output, "--threshold", 0.5, "--output", again);
    assertEquals(0, shell.code(), shell.err());
    output = again;
    assertEquals(List.of("dim", "bright"), column(table("results.csv"), "class"));
    assertTrue(column(table("images.csv"), "count_bright").equals(List.of("1")));
  }

  /** The logit of the class is 20 times what a pixel is shown as, the mean that over the object. */
  @Test
  void whyThisClass() throws IOException {
    for (String more : List.of("bright", "dim")) {
      Path why = folder.resolve(more);
      Shell shell =
          Shell.run(
              "explain",
              "gradient",
              "--model",
              Discs.classed(folder),
              "--output",
              why,
              "--at",
              "80,20",
              "--class",
              more,
              images.resolve("a.tif"));
      assertEquals(0, shell.code(), shell.err());
      ImageProcessor map = ImageFiles.open(why.resolve("a_saliency.tif")).getProcessor();
      ImageProcessor disc = Discs.flat(100, 50, new int[] {80, 20, 1});
      double n = 0;
      for (int i = 0; i < disc.getPixelCount(); i++) n += disc.get(i);
      for (int i = 0; i < disc.getPixelCount(); i++) {
        double expected = more.equals("bright") && disc.get(i) == 1 ? 20 / n : 0;
        assertEquals(expected, map.getf(i), 1e-5, more + " " + i);
      }
    }
  }

  @Test
  void paintedNucleiOfTwoKinds() throws IOException {
    Path data = folder.resolve("kinds");
    Shell shell =
        Shell.run(
            "sample", "nuclei", "--kinds", 2, "--count", 2, "--size", "200x160", "--output", data);
    assertEquals(0, shell.code(), shell.err());
    Shell checked = Shell.run("annotations", "--data", data);
    assertTrue(checked.out().contains("live") && checked.out().contains("dead"), checked.out());
    assertFalse(Shell.run("sample", "nuclei", "--kinds", 3, "--output", data).code() == 0);
  }
}
