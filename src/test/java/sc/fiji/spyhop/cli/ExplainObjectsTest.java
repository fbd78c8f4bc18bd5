package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.process.ImageProcessor;
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
import sc.fiji.spyhop.ij.ImageFiles;

/**
 * Why this object? Models made by hand look at one pixel for each that they say something about, so
 * that a gradient is there alone and known: 8 or 20 times what a pixel is shown as, 1 for 200.
 */
class ExplainObjectsTest {

  @TempDir Path folder;
  private Path image;

  @BeforeEach
  void prepare() {
    image = Discs.two(folder.resolve("two.tif"));
  }

  private record Explained(CSVRecord row, ImageProcessor map, String said) {

    double at(int x, int y) {
      return map.getf(x, y);
    }

    int pixels() {
      int n = 0;
      for (int i = 0; i < map.getPixelCount(); i++) if (map.getf(i) != 0) n++;
      return n;
    }
  }

  private Explained explain(String method, Path model, Object... more) throws IOException {
    Path output = folder.resolve("why");
    Object[] fixed = {"explain", method, "--model", model, "--output", output, "--force", image};
    Shell shell = Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
    assertEquals(0, shell.code(), shell.err());
    try (CSVParser csv =
        CSVParser.parse(
            Files.readString(output.resolve("results.csv")),
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      List<CSVRecord> rows = csv.getRecords();
      return new Explained(
          rows.get(0),
          ImageFiles.open(output.resolve("two_saliency.tif")).getProcessor(),
          shell.err());
    }
  }

  @Test
  void ofALocalizerTheCentre() throws IOException {
    Path model = Discs.localizer(folder);
    Explained second = explain("gradient", model, "--at", "53,28");
    assertEquals(8, second.at(50, 30), 1e-4);
    assertEquals(1, second.pixels());
    assertEquals("disc", second.row().get("class"));
    assertEquals(0.982, Double.parseDouble(second.row().get("probability")), 1e-3);
    assertEquals("gradient", second.row().get("method"));
    assertEquals(25.25, Double.parseDouble(second.row().get("x")), 1e-6);
    assertEquals(8, explain("guided", model, "--at", "20,20").at(20, 20), 1e-4);
    assertEquals(1, explain("gradient", model).pixels());
    // where no object is, the place itself: why is there none?
    Explained none = explain("gradient", model, "--at", "5,45");
    assertEquals(8, none.at(5, 45), 1e-4);
    assertEquals(0.018, Double.parseDouble(none.row().get("probability")), 1e-3);
    assertTrue(none.said().contains("the model does not say disc here"), none.said());
    assertFalse(second.said().contains("does not say"), second.said());
  }

  @Test
  void ofAKeypointItsPlace() throws IOException {
    Path model = Discs.finder(folder);
    Explained top = explain("gradient", model, "--at", "50,30", "--class", "top");
    assertEquals(8, top.at(50, 30), 1e-4);
    assertEquals("top", top.row().get("class"));
  }

  /** The mean over n pixels changes with each of them by 20 / n. */
  @Test
  void ofASegmenterAllPixelsOfTheObject() throws IOException {
    Path model = Discs.model(folder);
    Explained first = explain("gradient", model, "--at", "21,22");
    int pixels = first.pixels();
    assertTrue(pixels > 50 && pixels < 450, pixels + " pixels");
    assertEquals(20.0 / pixels, first.at(20, 20), 1e-4);
    assertEquals(0, first.at(50, 30));
    Explained both = explain("integrated", Discs.pixels(folder), "--class", "disc");
    assertTrue(both.at(20, 20) > 0 && both.at(50, 30) > 0);
    assertEquals(0, Double.parseDouble(both.row().get("residual")), 1e-3);
    double sum = Double.parseDouble(both.row().get("sum"));
    double difference = Double.parseDouble(both.row().get("difference"));
    assertEquals(difference, sum, 0.01 * Math.abs(difference));
  }

  /** Cut out of the image at its own size: nothing but the top of the disc in the box. */
  @Test
  void ofAPointInTheBoxOfAnObject() throws IOException {
    Path model = Discs.finderInBoxes(folder);
    Explained top = explain("gradient", model, "--at", "12,12,16,16", "--class", "top");
    assertEquals(8, top.at(20, 20), 1e-4);
    assertEquals(1, top.pixels());
    assertEquals(0.982, Double.parseDouble(top.row().get("probability")), 1e-3);
    Explained hidden = explain("occlusion", model, "--at", "42,22,16,16", "--class", "top");
    assertEquals("3", hidden.row().get("window"), "a sixth of the 16 pixels that are shown");
    assertTrue(hidden.at(50, 30) > 0.1, "" + hidden.at(50, 30));
    assertEquals(0, hidden.at(20, 20));
    Explained edge = explain("integrated", model, "--at", "0,10,20,20", "--class", "top");
    assertEquals(
        Double.parseDouble(edge.row().get("difference")),
        Double.parseDouble(edge.row().get("sum")),
        0.05);
    for (String at : new String[] {"", "20,20"}) {
      Path none = folder.resolve("none");
      Shell shell =
          Shell.run("explain", "gradient", "--model", model, "--at", at, "--output", none, image);
      assertEquals(1, shell.code());
      assertTrue(shell.problem().contains("expected the box of one"), shell.err());
      assertFalse(Files.exists(none));
    }
  }

  /** Hiding the other disc does not change this one. */
  @Test
  void byOcclusionToo() throws IOException {
    Explained second =
        explain("occlusion", Discs.localizer(folder), "--at", "50,30", "--window", "6");
    assertTrue(second.at(50, 30) > 0.5, "" + second.at(50, 30));
    assertEquals(0, second.at(20, 20), 1e-6);
  }

  /** None of these networks has maps before the answer. */
  @Test
  void gradCamNeedsALayer() {
    Shell shell =
        Shell.run(
            "explain",
            "gradcam",
            "--model",
            Discs.localizer(folder),
            "--output",
            folder.resolve("why"),
            image);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("no layer of feature maps"), shell.err());
  }
}
