package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.util.Strings;

class PlacementTest {

  @TempDir Path folder;

  /** A picture of 40 x 20 stored pixels whose EXIF says an orientation. */
  private Path photograph(int orientation) throws IOException {
    return photograph(orientation, 40, 20);
  }

  private Path photograph(int orientation, int width, int height) throws IOException {
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "jpg", jpeg);
    byte[] plain = jpeg.toByteArray();
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    turned.write(plain, 0, 2);
    turned.write(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0});
    turned.write(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1});
    turned.write(new byte[] {0, (byte) orientation, 0, 0, 0, 0, 0, 0});
    turned.write(plain, 2, plain.length - 2);
    return Files.write(folder.resolve("photo.jpg"), turned.toByteArray());
  }

  @Test
  void readsWhatAPhotographSays() throws IOException {
    assertEquals(
        Optional.of(new JpegHeader(new ImageSize(40, 20), 6)), JpegHeader.read(photograph(6)));
    Path text = Files.writeString(folder.resolve("no.jpg"), "text");
    assertEquals(Optional.empty(), JpegHeader.read(text));
  }

  /**
   * The stored pixels 30 to 34 of the rows 2 to 5 of 40 x 20, shown as each orientation has it:
   * where EXIF 2.3 says that row 0 and column 0 are.
   */
  @ParameterizedTest
  @CsvSource({
    "5, 2, 30, 3, 4", // row 0 left, column 0 top
    "6, 15, 30, 3, 4", // row 0 right, column 0 top
    "7, 15, 6, 3, 4", // row 0 right, column 0 bottom
    "8, 2, 6, 3, 4" // row 0 left, column 0 bottom
  })
  void turns(int orientation, double x, double y, double width, double height) throws IOException {
    Path photo = photograph(orientation);
    ImageSize stored = new ImageSize(40, 20);
    ImageSize shown = new ImageSize(20, 40);
    // the annotation was made on stored pixels, the reader turns
    Placement turn = Placement.of(stored, shown, photo).orElseThrow();
    assertArrayEquals(new double[] {x, y, width, height}, turn.box(30, 2, 4, 3), 1e-9);
    // the annotation was made on the picture that is shown, the reader does not turn
    Placement back = Placement.of(shown, stored, photo).orElseThrow();
    assertArrayEquals(new double[] {30, 2, 4, 3}, back.box(x, y, width, height), 1e-9);
    assertTrue(back.isTurned());
    Mask mask = new Mask.Builder(shown).column((int) x, y, y + 2).build();
    Mask placed = back.mask(mask).orElseThrow();
    assertEquals(2, placed.area());
    double[] b = back.box(x, y, 1, 2);
    assertEquals(new Box(b[0], b[1], b[2], b[3]), placed.box());
  }

  @Test
  void scalesWhereTheRatioIsExact() throws IOException {
    Path none = folder.resolve("none.png");
    ImageSize half = new ImageSize(1000, 500);
    Placement scale = Placement.of(new ImageSize(2000, 1000), half, none).orElseThrow();
    assertArrayEquals(new double[] {5, 10, 20, 30}, scale.box(10, 20, 40, 60), 1e-9);
    assertEquals("from 2000 x 1000 to 1000 x 500 pixels", scale.toString());
    Mask mask = new Mask.Builder(new ImageSize(2000, 1000)).column(4, 6, 8).column(5, 6, 8).build();
    assertEquals(new Box(2, 3, 1, 1), scale.mask(mask).orElseThrow().box());
    assertEquals(Optional.empty(), Placement.of(new ImageSize(2000, 1001), half, none));
    assertEquals(Optional.empty(), Placement.of(new ImageSize(500, 1000), half, none));
    assertTrue(Placement.of(half, half, none).orElseThrow().isSame());
  }

  private AnnotatedSet coco(int width, int height) throws IOException {
    Path image = folder.resolve("a.png");
    ImageIO.write(new BufferedImage(50, 50, BufferedImage.TYPE_BYTE_GRAY), "png", image.toFile());
    Files.copy(image, folder.resolve("b.png"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(
        folder.resolve("coco.json"),
        Strings.format(
            """
        {"images": [{"id": 1, "file_name": "a.png", "width": %d, "height": %d},
                    {"id": 2, "file_name": "b.png"}],
         "categories": [{"id": 1, "name": "cell"}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [40, 20, 80, 60],
                          "segmentation": [[40, 20, 120, 20, 120, 80, 40, 80]]}]}
        """,
            width, height));
    return new AnnotationFiles(new ImageFiles()).open(folder);
  }

  @Test
  void annotationsOfALargerImage() throws IOException {
    AnnotatedSet set = coco(500, 500);
    LocalizedObject object = set.images().get(0).annotation().objects().get(0);
    assertEquals(new Box(4, 2, 8, 6), object.box());
    assertEquals(48, object.mask().orElseThrow().area());
    assertEquals(1, set.problems().count(Problem.Kind.SCALED));
    assertTrue(
        set.problems().summary().toString().contains("from 500 x 500 to 50 x 50 pixels"),
        set.problems().summary().toString());
  }

  @Test
  void annotationsOfAnotherImage() throws IOException {
    AnnotatedSet set = coco(500, 400);
    assertEquals(List.of("b.png"), set.images().stream().map(AnnotatedImage::name).toList());
    assertEquals(1, set.problems().count(Problem.Kind.OTHER_SIZE));
  }

  /**
   * The size tells which way round only where turning changes it: not of a square, not of a turn by
   * half, and not where no size is said.
   */
  @ParameterizedTest
  @CsvSource({
    "6, 40, 20, true, 0",
    "6, 40, 20, false, 1",
    "6, 30, 30, true, 1",
    "3, 40, 20, true, 1",
    "1, 30, 30, true, 0"
  })
  void whatTheSizeDoesNotTellIsSaid(
      int orientation, int width, int height, boolean said, int expected) throws IOException {
    photograph(orientation, width, height);
    Files.writeString(
        folder.resolve("coco.json"),
        Strings.format(
            "{\"images\": [{\"id\": 1, \"file_name\": \"photo.jpg\" %s}],"
                + " \"categories\": [{\"id\": 1, \"name\": \"cell\"}], \"annotations\": [{\"id\":"
                + " 1, \"image_id\": 1, \"category_id\": 1, \"bbox\": [4, 3, 8, 6]}]}",
            said ? Strings.format(", \"width\": %d, \"height\": %d", width, height) : ""));
    AnnotatedSet set = new AnnotationFiles(new ImageFiles()).open(folder);
    assertEquals(expected, set.problems().count(Problem.Kind.TURNED_OR_NOT));
    assertEquals(1, set.images().size());
  }
}
