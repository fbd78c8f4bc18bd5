package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.LabelImages;

/** A part of images that is looked at. Discs are at (20, 20) and (50, 30) of 70 x 50 pixels. */
class LookWithinTest {

  @TempDir Path folder;
  private Path images;
  private Path masks;
  private Path output;

  @BeforeEach
  void paint() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
    masks = Files.createDirectory(folder.resolve("masks"));
    output = folder.resolve("output");
  }

  private Shell segment(Object... more) {
    Object[] fixed = {"segment", "--model", Discs.model(folder), "--output", output, "--recursive"};
    return Shell.run(
        Stream.of(Stream.of(fixed), Stream.of(more), Stream.of(images)).flatMap(s -> s).toArray());
  }

  private List<CSVRecord> rows() throws IOException {
    try (CSVParser csv =
        CSVParser.parse(
            Files.readString(output.resolve("images.csv")),
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return csv.getRecords();
    }
  }

  private static ByteProcessor half(boolean left) {
    ByteProcessor half = new ByteProcessor(70, 50);
    half.setValue(255);
    half.fill(new Roi(left ? 0 : 35, 0, 35, 50));
    return half;
  }

  private static Path save(Path file, ByteProcessor... planes) throws IOException {
    Files.createDirectories(file.getParent());
    ImageStack stack = new ImageStack(planes[0].getWidth(), planes[0].getHeight());
    for (ByteProcessor plane : planes) stack.addSlice(plane);
    LabelImages.save(new ImagePlus("mask", stack), file);
    return file;
  }

  private void image(String name) throws IOException {
    Path file = images.resolve(name);
    Files.createDirectories(file.getParent());
    Discs.two(file);
  }

  /** The disc of the left half is the first that is found, at a fifth of the image. */
  @Test
  void masksLieAsTheirImagesDo() throws IOException {
    image("a/same.tif");
    image("b/same.tif");
    image("b/deep/same.tif");
    save(masks.resolve("a/same.png.tif"), half(true)); // another name
    save(masks.resolve("a/same.tif"), half(true));
    save(masks.resolve("b/same.tif"), half(false));
    save(masks.resolve("images/b/deep/same.tif"), half(true), new ByteProcessor(70, 50));
    Shell shell = segment("--within", masks);
    assertEquals(1, shell.code());
    assertTrue(shell.err().contains("Looked at within " + masks + "."), shell.err());
    assertEquals(
        List.of("done 1", "failed ", "done 1"),
        rows().stream().map(r -> r.get("state") + " " + r.get("count")).toList());
    assertTrue(
        shell.problem().contains("expected a mask of one plane and one channel"), shell.problem());
    assertTrue(shell.problem().contains("received 2 planes"), shell.problem());
  }

  @Test
  void aMaskIsOfOneImage() throws IOException {
    image("a/same.tif");
    image("b/same.tif");
    Path mask = save(masks.resolve("same.tif"), half(true));
    Shell shell = segment("--within", masks);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains(mask + " would be the mask of both "), shell.problem());
    assertFalse(Files.exists(output.resolve("images.csv")), "nothing was looked at");
    // the same file for all is what was asked for
    assertEquals(0, segment("--within", mask).code());
    assertEquals(List.of("1", "1"), rows().stream().map(r -> r.get("count")).toList());
  }

  @Test
  void stacksHaveOneMaskOrOneForEachPlane() throws IOException {
    Discs.stack(images.resolve("stack.tif"));
    Path mask = folder.resolve("mask.tif");
    save(mask, half(true));
    assertEquals(0, segment("--within", mask).code());
    assertEquals("2", rows().get(0).get("count"), "the left disc of two slices");
    save(mask, half(true), half(false), half(true));
    Shell each = segment("--within", mask, "--force");
    assertEquals(0, each.code(), each.err());
    assertEquals("2", rows().get(0).get("count"), "one on the left, one on the right");
    save(mask, half(true), half(false));
    Shell two = segment("--within", mask, "--force");
    assertTrue(two.problem().contains("one plane or 3 and one channel"), two.problem());
  }

  @Test
  void anEmptyMaskIsTold() throws IOException {
    image("a.tif");
    Path mask = save(folder.resolve("mask.tif"), new ByteProcessor(70, 50));
    Shell shell = segment("--within", mask);
    assertEquals(0, shell.code(), shell.err());
    String told = "Nothing of it is looked at: no pixel is within " + mask + ".";
    assertTrue(shell.err().contains("0 objects"), shell.err());
    assertTrue(shell.err().contains(told), shell.err());
    assertEquals(told, rows().get(0).get("warning"));
    Shell classes =
        Shell.run(
            "segment",
            "--model",
            Discs.pixels(folder),
            "--within",
            mask,
            "--output",
            folder.resolve("classes"),
            images);
    assertTrue(classes.err().contains("a.tif: no pixel looked at"), classes.err());
    assertFalse(classes.err().contains("NaN"), classes.err());
  }

  @Test
  void anotherPartIsAnotherRun() throws IOException {
    image("a.tif");
    Path mask = save(folder.resolve("mask.tif"), half(true));
    assertEquals(0, segment("--within", mask).code());
    Shell all = segment();
    assertTrue(all.problem().contains("had within " + mask + ", received all."), all.problem());
    Shell cut = segment("--within", mask, "--edge", "cut");
    assertTrue(cut.problem().contains("had within edge keep, received cut."), cut.problem());
  }

  /** A bright patch far from where is looked changes nothing there, if it is not to. */
  @Test
  void whatIsOutsidePlaysNoPart() throws IOException {
    Path mask = folder.resolve("mask.tif");
    ByteProcessor corner = new ByteProcessor(192, 192);
    corner.setValue(255);
    corner.fill(new Roi(0, 0, 60, 60));
    save(mask, corner);
    ImagePlus image = IJ.openImage("test-images/nuclei/images/nuclei_000.tif");
    LabelImages.save(image, images.resolve("a.tif"));
    image.getProcessor().setValue(255);
    image.getProcessor().fill(new Roi(152, 152, 40, 40));
    LabelImages.save(image, images.resolve("b.tif"));
    assertNotEquals(areas(mask, "image", "a.tif"), areas(mask, "image", "b.tif"));
    assertEquals(areas(mask, "area", "a.tif"), areas(mask, "area", "b.tif"));
  }

  private String areas(Path mask, String normalize, String image) throws IOException {
    Shell shell =
        Shell.run(
            "segment",
            "--model",
            "nuclei",
            "--precision",
            "float32",
            "--scale",
            "1",
            "--force",
            "--within",
            mask,
            "--normalize",
            normalize,
            "--output",
            output,
            images.resolve(image));
    assertEquals(0, shell.code(), shell.err());
    CSVRecord row = rows().get(0);
    return row.get("count") + " " + row.get("area_share") + " " + row.get("mean_probability");
  }

  @Test
  void whatLooksAtAllRefusesAPart() throws IOException {
    image("a.tif");
    save(folder.resolve("mask.tif"), half(true));
    for (Path model : List.of(Path.of("whales"), Lamp.model(folder))) {
      Shell shell =
          Shell.run(
              "batch",
              "--model",
              model,
              "--output",
              output,
              "--within",
              folder.resolve("mask.tif"),
              images);
      assertEquals(2, shell.code(), shell.err());
      assertTrue(shell.problem().contains("--within: "), shell.problem());
      assertTrue(shell.problem().contains("all of an image"), shell.problem());
    }
  }

  @Test
  void whatBoxesAndPointsCannotHaveIsRefused() throws IOException {
    image("a.tif");
    for (String job : List.of("localize", "batch")) {
      Shell boxes = localize(job, "perimeter");
      assertEquals(2, boxes.code(), boxes.err());
      assertEquals(
          "spyhop: --measure: boxes have no perimeter; expected all, none, or of border, mean, sd,"
              + " min, max, median, integrated, background.",
          boxes.problem());
    }
    assertTrue(localize("localize", "mean,feret").problem().contains("no feret"));
    assertEquals(0, localize("localize", "shape").code(), "of which boxes have the border");
    Shell points =
        Shell.run(
            "keypoints",
            "--model",
            Discs.finder(folder),
            "--output",
            output,
            "--measure",
            "shape",
            images);
    assertEquals(
        "spyhop: --measure: keypoints have no shape; expected all, none, or of mean.",
        points.problem());
  }

  private Shell localize(String job, String measure) {
    return Shell.run(
        job, "--model", Discs.localizer(folder), "--output", output, "--measure", measure, images);
  }

  /** Boxes of an image without a calibration are in pixels. */
  @Test
  void unitsOfBoxesAreTold() throws IOException {
    image("a.tif");
    LabelImages.save(
        new ImagePlus("x", Discs.plane(70, 50, new int[] {20, 20})), images.resolve("b.tif"));
    assertEquals(0, localize("localize", "all").code());
    assertEquals(List.of("µm", "pixel"), rows().stream().map(r -> r.get("unit")).toList());
  }

  @Test
  void numbersThatAreNoneAreRefusedInWords() throws IOException {
    image("a.tif");
    assertTrue(
        segment("--smallest", "abc")
            .problem()
            .contains("'--smallest': expected a number, received \"abc\""));
    assertTrue(
        Shell.run("train", "segment", "--data", images, "--output", "x", "--epochs", "1.5")
            .problem()
            .contains("expected a whole number, received \"1.5\""));
    for (String threshold : List.of("1", "1.5", "0", "-1")) {
      assertEquals(
          "spyhop: --threshold: expected a number of more than 0 and less than 1, received "
              + threshold
              + ".",
          segment("--threshold", threshold).problem());
    }
    assertEquals(
        "spyhop: --split: expected a number of more than 0 and at most 1, received 1.5.",
        segment("--split", "1.5").problem());
  }
}
