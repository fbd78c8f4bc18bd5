package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.prediction.RealValues;

class ValueImagesTest {

  @TempDir Path folder;

  @BeforeEach
  void images() throws IOException {
    for (String name : List.of("1,5.png", "b.png")) {
      BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
      ImageIO.write(image, "png", folder.resolve(name).toFile());
    }
  }

  private ValueImages read(String index) throws IOException {
    return read(index, Grouping.BY_NAME);
  }

  private ValueImages read(String index, Grouping grouping) throws IOException {
    Path file = folder.resolve("index.csv");
    Files.writeString(file, index);
    return ValueImages.read(
        folder, Optional.empty(), Optional.empty(), List.of(), grouping, new ImageFiles());
  }

  @Test
  void theColumnOfGroupsIsNotLearnt() throws IOException {
    Grouping plates = Grouping.of("Plate", folder.resolve("index.csv"));
    String index = "image,plate,length\nb.png,P2,4\n";
    assertEquals(List.of("length"), read(index, plates).names());
    assertThrows(SpyhopException.class, () -> read(index, Grouping.BY_NAME));
  }

  /** Spreadsheets that write decimal commas separate columns by semicolons. */
  @Test
  void decimalCommas() throws IOException {
    ValueImages read = read("image;length (mm);area\n1,5.png;0,25;-3\nb.png;1.5;2,5e1\n");
    assertEquals(new RealValues(List.of(0.25, -3.0)), read.samples().get(0).truth());
    assertEquals(new RealValues(List.of(1.5, 25.0)), read.samples().get(1).truth());
  }

  /** 1.000 is a thousand in German, and one in English. */
  @Test
  void aThousandThatMayBeOneIsNamed() {
    String index = "image;length\n1,5.png;10,5\nb.png;1.000\n";
    SpyhopException e = assertThrows(SpyhopException.class, () -> read(index));
    assertTrue(e.getMessage().contains("b.png has \"1.000\" for length"), e.getMessage());
  }

  /** A network calculates with 32 bits: 1e200 is infinite there. */
  @ParameterizedTest
  @ValueSource(strings = {"1e200", "-4e38", "Infinity", "NaN", "x"})
  void whatANetworkCannotCalculateWithIsNamed(String number) {
    String index = "image;length\n1,5.png;3\nb.png;" + number + "\n";
    SpyhopException e = assertThrows(SpyhopException.class, () -> read(index));
    assertTrue(e.getMessage().contains("index.csv"), e.getMessage());
    assertTrue(e.getMessage().contains("b.png has \"" + number + "\" for length"), e.getMessage());
  }
}
