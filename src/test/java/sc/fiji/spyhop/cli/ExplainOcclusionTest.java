package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;

class ExplainOcclusionTest {

  @TempDir Path folder;
  private Path model;
  private Path output;

  @BeforeEach
  void prepare() {
    model = Lamp.model(folder);
    output = folder.resolve("why");
  }

  private Shell explain(Object... more) {
    Object[] fixed = {"explain", "occlusion", "--model", model, "--output", output};
    return Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
  }

  private Path image(String name) {
    ImagePlus image = new ImagePlus(name, Lamp.plane(40, 30, 25, 10));
    image.getCalibration().pixelWidth = 0.5;
    image.getCalibration().pixelHeight = 0.5;
    image.getCalibration().setUnit("um");
    Path file = folder.resolve(name);
    LabelImages.save(image, file);
    return file;
  }

  private List<CSVRecord> rows() throws IOException {
    try (CSVParser csv =
        CSVParser.parse(
            Files.readString(output.resolve("results.csv")),
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return csv.getRecords();
    }
  }

  @Test
  void writesMapPictureAndTable() throws IOException {
    Shell shell = explain("--window", 4, "--stride", 2, image("lamp.tif"));
    assertEquals(0, shell.code(), shell.err());
    assertEquals("1 image, written to " + output + System.lineSeparator(), shell.out());
    ImagePlus map = ImageFiles.open(output.resolve("lamp_saliency.tif"));
    assertEquals(32, map.getBitDepth());
    assertEquals(40, map.getWidth());
    assertEquals(0.5, map.getCalibration().pixelWidth);
    ImageProcessor values = map.getProcessor();
    float most = 0;
    for (int i = 0; i < 1200; i++) {
      if (Math.hypot(i % 40 - 25, i / 40 - 10) > 8) assertEquals(0, values.getf(i), 0.02, "" + i);
      most = Math.max(most, values.getf(i));
    }
    assertTrue(most > 0.1, "" + most);
    assertEquals(160, ImageIO.read(output.resolve("lamp_saliency.png").toFile()).getWidth());
    CSVRecord row = rows().get(0);
    assertEquals("lamp.tif", row.get("image"));
    assertEquals("on", row.get("class"));
    assertEquals("µm", row.get("unit"));
    assertEquals(most, Double.parseDouble(row.get("largest_drop")), 1e-5);
    assertEquals(12.5, Double.parseDouble(row.get("x")), 2);
    assertEquals(5, Double.parseDouble(row.get("y")), 2);
    assertEquals("4", row.get("window"));
    assertEquals("mean", row.get("fill"));
  }

  @Test
  void explainsTheClassAskedFor() throws IOException {
    Shell shell = explain("--class", "off", "--fill", "grey", image("lamp.tif"));
    assertEquals(0, shell.code(), shell.err());
    assertEquals("off", rows().get(0).get("class"));
    double off = Double.parseDouble(rows().get(0).get("probability"));
    assertTrue(off < 0.5, "" + off);
    assertTrue(shell.err().contains("the model does not say off here"), shell.err());
  }

  @Test
  void whatFailsAtTheDoorLeavesNoFolder() {
    Shell shell = explain("--class", "dim", image("lamp.tif"));
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("knows no \"dim\"; it knows off, on."), shell.err());
    assertFalse(Files.exists(output));
    assertEquals(2, explain("--at", "3,4", image("lamp.tif")).code());
    assertFalse(Files.exists(output));
  }

  @Test
  void explainsOneSliceOfAStack() throws IOException {
    ImageStack stack = new ImageStack(40, 30);
    stack.addSlice(new ByteProcessor(40, 30));
    stack.addSlice(Lamp.plane(40, 30, 10, 20));
    ImagePlus image = new ImagePlus("stack", stack);
    image.setDimensions(1, 2, 1);
    Path file = folder.resolve("stack.tif");
    LabelImages.save(image, file);
    assertEquals(0, explain("--slice", 2, file).code());
    assertEquals("2", rows().get(0).get("slice"));
    assertEquals(1, ImageFiles.open(output.resolve("stack_saliency.tif")).getStackSize());
    Shell shell = explain("--force", "--slice", 3, file);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("expected a number up to 2"), shell.err());
  }

  @Test
  void aBadFileDoesNotStopOthersAndResultsAreKept() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.tif"), "no image");
    Shell shell = explain(bad, image("lamp.tif"));
    assertEquals(1, shell.code());
    assertEquals(1, rows().size());
    shell = explain("--existing", "refuse", image("lamp.tif"));
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("--force"), shell.err());
  }

  @Test
  void misuseIsRefused() {
    assertEquals(2, Shell.run("explain").code());
    assertEquals(2, explain("--slice", -1, image("lamp.tif")).code());
    assertEquals(2, explain("--fill", "white", image("lamp.tif")).code());
    assertEquals(1, explain("--window", 31, image("lamp.tif")).code());
    assertFalse(Files.exists(output.resolve("results.csv")));
    assertEquals(2, explain("--at", "3", image("lamp.tif")).code());
    Shell shell = explain("--at", "3,4", image("lamp.tif"));
    assertTrue(shell.problem().contains("says something about an image as a whole"), shell.err());
  }
}
