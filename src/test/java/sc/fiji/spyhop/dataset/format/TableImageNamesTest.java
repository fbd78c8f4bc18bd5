package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.ImageFiles;

/**
 * Images whose names hold what a terminal or a spreadsheet acts on, and those called so without.
 */
class TableImageNamesTest {

  private static final Map<String, Double> WIDTHS =
      Map.of(
          "red.png", 3.0,
          "\u001bred.png", 4.0,
          "new\nline.png", 5.0,
          "\nblue.png", 6.0,
          "=red.png", 7.0,
          "'=red.png", 8.0,
          "a\"b,c.png", 9.0);

  @TempDir Path folder;

  @BeforeEach
  void images() throws IOException {
    assumeTrue(File.separatorChar == '/', "names that Windows does not take");
    for (String name : WIDTHS.keySet()) {
      ImageIO.write(new BufferedImage(40, 20, 10), "png", folder.resolve(name).toFile());
    }
  }

  private Map<String, Double> read() {
    AnnotatedSet set = new AnnotationFiles(new ImageFiles()).open(folder);
    return set.images().stream()
        .collect(
            Collectors.toMap(
                i -> i.file().getFileName().toString(),
                i -> i.annotation().objects().get(0).box().width()));
  }

  /** As Python's csv module writes these names, but for the apostrophe. */
  @Test
  void aTableOfBoxesFindsThemAll() throws IOException {
    Files.writeString(
        folder.resolve("boxes.csv"),
        """
        image,class,x,y,width,height
        red.png,cell,1,1,3,2
        \u001bred.png,cell,1,1,4,2
        "new
        line.png",cell,1,1,5,2
        "
        blue.png",cell,1,1,6,2
        '=red.png,cell,1,1,7,2
        ''=red.png,cell,1,1,8,2
        "a""b,c.png",cell,1,1,9,2
        """);
    assertEquals(WIDTHS, read());
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    aTableOfBoxesFindsThemAll();
    AnnotatedSet set = new AnnotationFiles(new ImageFiles()).open(folder);
    BoxCsv.write(folder.resolve("boxes.csv"), set.images());
    assertEquals(WIDTHS, read());
  }
}
