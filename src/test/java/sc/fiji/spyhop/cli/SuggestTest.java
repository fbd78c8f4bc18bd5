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
import java.util.stream.Stream;
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
    Path output = folder.resolve("next");
    Object[] line = {
      "suggest", "--model", model, "--output", output, "--measure", "margin", "--alike", folder
    };
    Shell result = Shell.run(with(line, "--count", 2));
    assertEquals(ExitCode.FAILED, result.code());
    assertTrue(result.err().contains("damaged.tif"), result.err());
    assertTrue(result.out().startsWith("3 images, 2 suggested"), result.out());
    List<String> rows = Files.readAllLines(output.resolve("suggestions.csv"));
    assertEquals("rank,image,slice,frame,score", rows.get(0));
    assertEquals(3, rows.size());
    assertTrue(
        rows.get(1).startsWith("1," + folder.resolve("half.tif") + ",1,1,0.99"), rows.get(1));
    assertTrue(
        rows.get(2).startsWith("2," + folder.resolve("third.tif") + ",1,1,0.4"), rows.get(2));
    assertTrue(Shell.run(with(line, "--existing", "refuse")).err().contains("--force"));

    Files.delete(folder.resolve("damaged.tif"));
    Shell more = Shell.run(with(line, "--count", 9, "--resume"));
    assertEquals(ExitCode.OK, more.code(), more.err());
    assertTrue(more.err().contains("3 of 3 images finished already."), more.err());
    List<String> longer = Files.readAllLines(output.resolve("suggestions.csv"));
    assertEquals(rows, longer.subList(0, 3));
    assertTrue(longer.get(3).startsWith("3," + folder.resolve("off.tif")), longer.get(3));
  }

  /** What was labelled since is not suggested again. */
  @Test
  void labelledSince() throws IOException {
    lamp("off", 0);
    lamp("half", 0.5);
    Path output = folder.resolve("next");
    Object[] line = {"suggest", "--model", Lamp.model(folder), "--output", output, folder};
    assertEquals(ExitCode.OK, Shell.run(line).code());
    lamp("half_labels", 0);
    Shell shell = Shell.run(with(line, "--resume"));
    assertEquals(ExitCode.OK, shell.code(), shell.err());
    List<String> rows = Files.readAllLines(output.resolve("suggestions.csv"));
    assertEquals(2, rows.size());
    assertTrue(rows.get(1).contains("off.tif"), rows.get(1));
  }

  private static Object[] with(Object[] line, Object... more) {
    return Stream.concat(Stream.of(line), Stream.of(more)).toArray();
  }

  @Test
  void whereAllIsLabelledThereIsNothingToSuggest() throws IOException {
    lamp("labelled", 0.5);
    lamp("labelled_labels", 0);
    Path output = folder.resolve("next");
    Shell shell = Shell.run("suggest", "--model", Lamp.model(folder), "--output", output, folder);
    assertEquals(ExitCode.FAILED, shell.code());
    assertTrue(
        shell.problem().contains("None of the files is to be looked at: 1 labelled already."),
        shell.err());
  }
}
