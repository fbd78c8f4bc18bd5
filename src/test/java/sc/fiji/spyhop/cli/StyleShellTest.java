package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Style transfer from a shell, with the model that is always there. */
class StyleShellTest {

  @TempDir static Path folder;

  private static Path photo;
  private static Path painting;

  @BeforeAll
  static void paint() throws IOException {
    photo = picture("photo.png", 64, 40, 3, 0);
    painting = picture("painting.png", 40, 48, 0, 5);
  }

  private static Path picture(String name, int width, int height, int x, int y) throws IOException {
    ColorProcessor picture = new ColorProcessor(width, height);
    for (int i = 0; i < width * height; i++) {
      int wave = (i % width * x * 7 + i / width * y * 5) % 200;
      picture.set(i, wave << 16 | 40 + wave / 2 << 8 | 220 - wave);
    }
    Path file = folder.resolve(name);
    ImageIO.write(picture.getBufferedImage(), "png", file.toFile());
    return file;
  }

  private static Shell style(Path output, Object... more) {
    Object[] line = {
      "style", "--style", painting, "--output", output, "--iterations", 2, "--size", 48, photo
    };
    Object[] all = new Object[line.length + more.length];
    System.arraycopy(line, 0, all, 0, line.length);
    System.arraycopy(more, 0, all, line.length, more.length);
    return Shell.run(all);
  }

  @Test
  void imagesAreWrittenWithTheirStepsAndATable() throws IOException {
    Path output = folder.resolve("painted");
    Shell shell = style(output, "--steps", 1, "--colors", "match");
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("nuclei-tissue") || shell.err().contains("vgg19"));
    ImagePlus found = IJ.openImage(output.resolve("photo_style.tif").toString());
    assertEquals(48, found.getWidth());
    assertEquals(30, found.getHeight());
    ImagePlus steps = IJ.openImage(output.resolve("photo_steps.tif").toString());
    assertEquals(3, steps.getStackSize());
    assertEquals("iteration 2", steps.getStack().getSliceLabel(3));
    assertArrayEquals(
        (int[]) found.getProcessor().getPixels(), (int[]) steps.getStack().getPixels(3));
    List<String> rows = Files.readAllLines(output.resolve("results.csv"));
    assertEquals("image,slice,frame,iterations,loss,content,style", rows.get(0));
    assertTrue(rows.get(1).startsWith("photo.png,1,1,2,"), rows.get(1));
    assertEquals(48, ImageIO.read(output.resolve("photo_style.png").toFile()).getWidth());
  }

  @Test
  void whatIsPaintedAlreadyIsPassedOver() {
    Path output = folder.resolve("twice");
    assertEquals(0, style(output).code());
    Shell again = style(output);
    assertTrue((again.out() + again.err()).contains("1 of them before"), again.toString());
    Shell other = style(output, "--strength", 3);
    assertTrue(other.code() != 0, "another strength is another run");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    Path output = folder.resolve("none");
    assertTrue(
        Shell.run("style", "--style", folder.resolve("no.png"), "--output", output, photo)
            .problem()
            .contains("no.png"));
    assertTrue(style(output, "--stylelayers", "nothing").problem().contains("nothing"));
    assertTrue(style(output, "--stylelayers", "down1_conv1:-2").problem().contains("weight"));
    assertTrue(style(output, "--strength", -1).problem().contains("strength"));
  }
}
