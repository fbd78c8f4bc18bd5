package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.util.Strings;

/** Tables of all images and of groups of images. */
class ImageTablesTest {

  @TempDir Path folder;
  private Path images;
  private Path output;

  @BeforeEach
  void paint() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
    output = folder.resolve("output");
    Discs.two(images.resolve("P1_A01_s1.tif"));
    Discs.two(images.resolve("P1_A01_s2.tif"));
    LabelImages.save(
        new ImagePlus("none", new ByteProcessor(70, 50)), images.resolve("P1_A02_s1.tif"));
    Files.writeString(images.resolve("P1_A02_s2.tif"), "no image");
  }

  private Shell segment(Object... more) {
    Object[] fixed = {
      "segment", "--model", Discs.model(folder), "--output", output, "--resume", images
    };
    return Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
  }

  private Map<String, CSVRecord> rows(String table, Function<CSVRecord, String> key)
      throws IOException {
    try (CSVParser csv =
        CSVParser.parse(
            Files.readString(output.resolve(table)),
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return csv.getRecords().stream().collect(Collectors.toMap(key, r -> r));
    }
  }

  @Test
  void everyImageHasARow() throws IOException {
    assertEquals(1, segment().code());
    Map<String, CSVRecord> rows = rows("images.csv", r -> r.get("image"));
    assertEquals(4, rows.size());
    CSVRecord two = rows.get("P1_A01_s1.tif");
    assertEquals("done", two.get("state"));
    assertEquals("2", two.get("count"));
    assertEquals("discs", two.get("model"));
    assertEquals("CPU", two.get("device"));
    List<CSVRecord> objects =
        rows("results.csv", r -> r.get("image") + r.get("label")).values().stream()
            .filter(r -> r.get("image").equals("P1_A01_s1.tif"))
            .toList();
    double area = objects.stream().mapToDouble(r -> number(r, "area")).sum();
    assertEquals(area / 2, number(two, "mean_area"), 1e-6);
    // half a micrometre a pixel
    assertEquals(area * 4 / (70 * 50), number(two, "area_share"), 1e-6);
    double mean = objects.stream().mapToDouble(r -> number(r, "mean")).average().orElseThrow();
    assertEquals(mean, number(two, "mean_intensity"), 1e-6);
    CSVRecord none = rows.get("P1_A02_s1.tif");
    assertEquals("0", none.get("count"));
    assertEquals("0", none.get("area_share"));
    assertEquals("", none.get("mean_area"));
    CSVRecord bad = rows.get("P1_A02_s2.tif");
    assertEquals("failed", bad.get("state"));
    assertEquals("", bad.get("count"));
    assertTrue(bad.get("warning").contains("is not an image"), bad.get("warning"));
    assertFalse(Files.exists(output.resolve("groups.csv")));
  }

  /** Groups change no result, so that a finished run can be summed up again. */
  @Test
  void groupsAreSummedUpWithoutRunningAgain() throws IOException {
    segment();
    Files.delete(images.resolve("P1_A02_s2.tif"));
    Shell again = segment("--group", "{plate}_{well}_s*");
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("P1_A01_s1.tif is plate P1, well A01;"), again.err());
    Map<String, CSVRecord> groups = rows("groups.csv", r -> r.get("well"));
    assertEquals(2, groups.size());
    assertEquals("2", groups.get("A01").get("images"));
    assertEquals("4", groups.get("A01").get("count"));
    assertEquals("2", groups.get("A01").get("count_per_image"));
    assertEquals("0", groups.get("A02").get("count"));
    assertEquals("", groups.get("A02").get("mean_area"));
    assertTrue(
        rows("results.csv", r -> r.get("image") + r.get("label")).values().stream()
            .allMatch(r -> r.get("well").equals("A01")));
    // an image without a pixel size and without objects has no part in their mean area
    assertEquals(0, segment("--group", "{plate}_*").code());
    CSVRecord all = rows("groups.csv", r -> r.get("plate")).get("P1");
    assertEquals("3", all.get("images"));
    assertEquals(groups.get("A01").get("mean_area"), all.get("mean_area"));
    assertEquals("µm", all.get("unit"));
    segment();
    assertFalse(Files.exists(output.resolve("groups.csv")), "they were asked for no more");
  }

  @Test
  void groupsThatMakeNoSenseAreRefused() {
    Shell none = segment("--group", "{day}-{night}");
    assertEquals(2, none.code(), none.err());
    assertTrue(none.err().contains("none of the images, such as P1_A01_s1.tif"), none.err());
    Shell taken = segment("--group", "{label}_{well}_s*");
    assertTrue(taken.err().contains("\"label\" is a column of the results"), taken.err());
    assertFalse(Files.exists(output.resolve("results.csv")));
  }

  /** A folder of masks; an image without one fails alone. */
  @Test
  void masksAreLookedWithin() throws IOException {
    Path masks = Files.createDirectory(folder.resolve("masks"));
    ByteProcessor left = new ByteProcessor(70, 50);
    left.setValue(255);
    left.fill(new Roi(0, 0, 35, 50));
    LabelImages.save(new ImagePlus("left", left), masks.resolve("P1_A01_s1.png.tif"));
    LabelImages.save(new ImagePlus("left", left), masks.resolve("P1_A01_s2.tif"));
    LabelImages.save(new ImagePlus("small", left.crop()), masks.resolve("P1_A02_s1.tif"));
    Files.delete(images.resolve("P1_A02_s2.tif"));
    Shell shell = segment("--within", masks);
    assertEquals(1, shell.code());
    assertTrue(
        shell.err().contains("no mask in " + masks + " that is called P1_A01_s1"), shell.err());
    Map<String, CSVRecord> rows = rows("images.csv", r -> r.get("image"));
    assertEquals("1", rows.get("P1_A01_s2.tif").get("count"));
    double area = number(rows.get("P1_A01_s2.tif"), "mean_area") * 4;
    assertEquals(area / (35 * 50), number(rows.get("P1_A01_s2.tif"), "area_share"), 1e-6);
  }

  /** The left half is looked at, however the mask says so; another mask is another run. */
  @Test
  void masksOfAllKinds() throws IOException {
    Path mask = folder.resolve("mask.tif");
    ColorProcessor colours = new ColorProcessor(70, 50);
    colours.setValue(0x00FF00);
    colours.fill(new Roi(0, 0, 35, 50));
    FloatProcessor numbers = new FloatProcessor(70, 50);
    for (int i = 0; i < 3500; i++) numbers.setf(i, i % 70 < 35 ? 1 : Float.NaN);
    ShortProcessor signed = new ShortProcessor(70, 50);
    for (int i = 0; i < 3500; i++) signed.set(i, 32768 - (i % 70 < 35 ? 1 : 0));
    for (ImageProcessor pixels : List.of(colours, numbers, signed)) {
      ImagePlus image = new ImagePlus("mask", pixels);
      if (pixels == signed) image.getCalibration().setSigned16BitCalibration();
      Files.deleteIfExists(mask);
      LabelImages.save(image, mask);
      Shell shell =
          Shell.run(
              "segment",
              "--model",
              Discs.model(folder),
              "--output",
              output,
              "--force",
              "--within",
              mask,
              images.resolve("P1_A01_s1.tif"));
      assertEquals(0, shell.code(), shell.err());
      CSVRecord row = rows("images.csv", r -> r.get("image")).get("P1_A01_s1.tif");
      assertEquals("1", row.get("count"), pixels.toString());
    }
    LabelImages.save(new ImagePlus("other", new ByteProcessor(70, 50)), mask);
    Shell resumed = segment("--within", mask);
    assertTrue(resumed.err().contains("had within masks"), resumed.err());
  }

  private static double number(CSVRecord row, String column) {
    return Double.parseDouble(row.get(column));
  }

  private Shell classes(Object... more) {
    Object[] fixed = {"segment", "--model", Discs.pixels(folder), "--output", output, images};
    return Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
  }

  /** Discs of which the pixels above the ground are a class: areas by image and by group. */
  @Test
  void areasOfClassesAreTold() throws IOException {
    Files.delete(images.resolve("P1_A02_s2.tif"));
    Shell shell = classes("--group", "{plate}_{well}_s*");
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.out().startsWith("3 images, written to"), shell.out());
    ImageProcessor plane = ImageFiles.open(images.resolve("P1_A01_s1.tif")).getProcessor();
    long disc = IntStream.range(0, 70 * 50).filter(i -> plane.get(i) >= 69).count();
    assertTrue(
        shell.err().contains(Strings.format("disc %.1f %%", 100 * disc / 3500.0)), shell.err());
    Map<String, CSVRecord> rows = rows("classes.csv", r -> r.get("image") + " " + r.get("class"));
    assertEquals(6, rows.size());
    CSVRecord of = rows.get("P1_A01_s2.tif disc");
    assertEquals("A01", of.get("well"));
    assertEquals(String.valueOf(disc), of.get("pixels"));
    assertEquals(disc * 0.25, number(of, "area"), 1e-9, "half a micrometre a pixel");
    assertEquals(disc / 3500.0, number(of, "share"), 1e-9);
    assertEquals(String.valueOf(3500 - disc), rows.get("P1_A01_s2.tif ground").get("pixels"));
    CSVRecord none = rows.get("P1_A02_s1.tif disc");
    assertEquals("0", none.get("pixels"));
    assertEquals("0", none.get("share"));
    Map<String, CSVRecord> groups = rows("groups.csv", r -> r.get("well"));
    assertEquals(2 * disc * 0.25, number(groups.get("A01"), "area_of_disc"), 1e-6);
    assertEquals(disc / 3500.0, number(groups.get("A01"), "share_of_disc"), 1e-9);
    assertEquals(1, number(groups.get("A02"), "share_of_ground"));
    // a selection of the left half is what shares are of
    Path mask = folder.resolve("mask.tif");
    ByteProcessor left = new ByteProcessor(70, 50);
    left.setValue(255);
    left.fill(new Roi(0, 0, 35, 50));
    LabelImages.save(new ImagePlus("left", left), mask);
    assertEquals(0, classes("--force", "--within", mask).code());
    long half = IntStream.range(0, 70 * 50).filter(i -> i % 70 < 35 && plane.get(i) >= 69).count();
    rows = rows("classes.csv", r -> r.get("image") + " " + r.get("class"));
    assertEquals(half / 1750.0, number(rows.get("P1_A01_s2.tif disc"), "share"), 1e-9);
    // objects have no such table, and that of another run goes
    Shell objects =
        Shell.run("segment", "--model", Discs.model(folder), "--output", output, "--force", images);
    assertEquals(0, objects.code(), objects.err());
    assertFalse(Files.exists(output.resolve("classes.csv")));
  }
}
