package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.task.Classification;

/**
 * What a network has learnt, of one whose four kernels are written down: brighter to the right,
 * brighter below, twice the first, and darkness, which is never above 0.
 */
class NetworkLearnedTest {

  @TempDir Path folder;
  private Path model;
  private Path output;

  @BeforeEach
  void prepare() {
    Network network =
        NetworkBuilder.image(1)
            .padding(Padding.VALID)
            .convolution("c1", 4, 3)
            .relu()
            .globalPool("brightest", Layer.PoolingKind.MAX)
            .dense("classes_logits", 2)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    model =
        Handmade.write(
            folder,
            "edges",
            Classification.of(List.of("none", "some")),
            network,
            new Resize.AnySize(),
            200,
            Map.of(
                "c1.weight",
                new float[] {
                  -1, 0, 1, -1, 0, 1, -1, 0, 1, //
                  -1, -1, -1, 0, 0, 0, 1, 1, 1, //
                  -2, 0, 2, -2, 0, 2, -2, 0, 2, //
                  0, 0, 0, 0, -1, 0, 0, 0, 0
                },
                "c1.bias",
                new float[4],
                "classes_logits.weight",
                new float[8],
                "classes_logits.bias",
                new float[2]));
    output = folder.resolve("made/for/it");
  }

  private List<CSVRecord> rows(String file) throws IOException {
    try (CSVParser csv =
        CSVParser.parse(
            Files.readString(output.resolve(file)),
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return csv.getRecords();
    }
  }

  private static double number(CSVRecord row, String column) {
    return Double.parseDouble(row.get(column));
  }

  /** 20 x 20 pixels, dark, and 200 from a column or row on. */
  private void edge(String name, int column, int row) {
    ByteProcessor plane = new ByteProcessor(20, 20);
    for (int y = row; y < 20; y++) for (int x = column; x < 20; x++) plane.set(x, y, 200);
    LabelImages.save(new ImagePlus(name, plane), folder.resolve("images").resolve(name));
  }

  @Test
  void kernelsAreWritten() throws IOException {
    Shell shell = Shell.run("network", "kernels", model, "--output", output);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.out().contains("c1: 4 kernels of 3 x 3"), shell.out());
    assertTrue(shell.out().contains("dead or alike: 3 (like 1)"), shell.out());
    assertTrue(shell.out().contains("Written to " + output), shell.out());
    assertTrue(ImageIO.read(output.resolve("kernels.png").toFile()).getWidth() > 50);
    List<CSVRecord> rows = rows("kernels.csv");
    assertEquals(4, rows.size());
    assertEquals(Math.sqrt(6), number(rows.get(0), "norm"), 1e-5);
    assertEquals(90, number(rows.get(0), "orientation"), 1);
    assertEquals(0, number(rows.get(1), "orientation"), 1);
    assertEquals(Math.sqrt(24), number(rows.get(2), "norm"), 1e-5);
    assertEquals("like 1", rows.get(2).get("fault"));
    assertEquals(1, number(rows.get(3), "norm"), 1e-6);
    Shell again = Shell.run("network", "kernels", model, "--output", output);
    assertEquals(1, again.code());
    assertTrue(again.problem().contains("kernels.png exists already"), again.err());
    assertTrue(again.problem().contains("--force"), again.err());
    assertEquals(0, Shell.run("network", "kernels", model, "--output", output, "--force").code());
  }

  /** Of an edge of height 1, three rows of a kernel give 3 on both sides of it. */
  @Test
  void patchesAreWritten() throws IOException {
    Files.createDirectory(folder.resolve("images"));
    edge("right.tif", 10, 0);
    edge("below.tif", 0, 12);
    Files.writeString(folder.resolve("images/bad.tif"), "no image");
    Shell shell =
        Shell.run(
            "network",
            "patches",
            model,
            "--data",
            folder.resolve("images"),
            "--maps",
            2,
            "--output",
            output);
    assertEquals(1, shell.code(), "one is bad");
    assertTrue(shell.err().contains("bad.tif"), shell.err());
    assertTrue(shell.out().contains("4 maps over 2 images"), shell.out());
    List<CSVRecord> maps = rows("maps.csv");
    assertEquals(4, maps.size());
    for (int m = 0; m < 4; m++) {
      assertEquals(new double[] {3, 3, 6, 0}[m], number(maps.get(m), "max"), 1e-5);
      assertEquals(m < 3 ? "1" : "0", maps.get(m).get("images"));
      assertEquals(List.of("", "", "like 1", "dead").get(m), maps.get(m).get("fault"));
    }
    List<CSVRecord> patches = rows("patches.csv");
    assertEquals(2, patches.size());
    assertEquals("right.tif", patches.get(0).get("image"));
    assertEquals(3, number(patches.get(0), "activation"), 1e-5);
    assertEquals(9.5, number(patches.get(0), "x"), 1e-6);
    assertEquals("below.tif", patches.get(1).get("image"));
    assertEquals(11.5, number(patches.get(1), "y"), 1e-6);
    assertEquals(2, ImageFiles.open(output.resolve("patches.tif")).getStackSize());
    assertTrue(ImageIO.read(output.resolve("patches.png").toFile()).getHeight() > 20);
  }

  @Test
  void whatFailsLeavesNothing() {
    Shell kernels = Shell.run("network", "kernels", model, "--layer", "c9", "--output", output);
    assertEquals(1, kernels.code());
    assertTrue(kernels.problem().contains("expected a convolution, such as c1"), kernels.err());
    Shell patches =
        Shell.run("network", "patches", model, "--data", folder.resolve("no"), "--output", output);
    assertEquals(2, patches.code(), patches.err());
    assertFalse(Files.exists(folder.resolve("made")));
  }
}
