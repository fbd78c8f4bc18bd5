package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuggestTest {

  @TempDir Path folder;

  private void lamp(String name, double level) {
    ByteProcessor plane = Lamp.plane(20, 20, 10, 10);
    plane.multiply(level);
    IJ.saveAsTiff(new ImagePlus(name, plane), folder.resolve(name + ".tif").toString());
  }

  /** The lamp's logits are 8 times the brightest pixel, less 4: it is least sure at a half. */
  @Test
  void theLeastSureComesFirstAndLabelledFilesAndBadOnesAreLeftOut() throws IOException {
    Path model = Lamp.model(folder);
    lamp("off", 0);
    lamp("half", 0.5);
    lamp("third", 0.35);
    lamp("labelled", 0.5);
    lamp("labelled_labels", 0);
    Files.writeString(folder.resolve("damaged.tif"), "not a TIFF");
    Path table = folder.resolve("next.csv");
    Shell result =
        Shell.run(
            "suggest",
            "--model",
            model.toString(),
            "--output",
            table.toString(),
            "--measure",
            "margin",
            "--alike",
            "--count",
            "2",
            folder.toString());
    assertEquals(Spyhop.FAILED, result.code());
    assertTrue(result.err().contains("damaged.tif"), result.err());
    List<String> rows = Files.readAllLines(table);
    assertEquals("rank,image,slice,frame,score", rows.get(0));
    assertEquals(3, rows.size());
    assertTrue(
        rows.get(1).startsWith("1," + folder.resolve("half.tif") + ",1,1,0.99"), rows.get(1));
    assertTrue(
        rows.get(2).startsWith("2," + folder.resolve("third.tif") + ",1,1,0.4"), rows.get(2));
    assertTrue(
        Shell.run(
                "suggest",
                "--model",
                model.toString(),
                "--output",
                table.toString(),
                folder.toString())
            .err()
            .contains("--force"));
  }
}
