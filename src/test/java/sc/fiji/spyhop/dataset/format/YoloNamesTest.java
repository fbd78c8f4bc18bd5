package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.ij.ImageFiles;

/** A class number that has no name is no class, and moves no other. */
class YoloNamesTest {

  @TempDir Path folder;

  private void image(String name, String labels) throws IOException {
    BufferedImage image = new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY);
    ImageIO.write(image, "png", folder.resolve(name + ".png").toFile());
    Files.writeString(folder.resolve(name + ".txt"), labels);
  }

  @ParameterizedTest
  @CsvSource({
    "data.yaml, 'names: {1: cell, 2: dead}', 0",
    "data.yaml, 'names: {0: cell, 2: dead}', 1",
    "data.yaml, 'names: [cell, \"\", dead]', 1",
    "data.yaml, 'names: [cell, null, dead]', 1",
    "classes.txt, 'cell||dead||', 1",
    "classes.txt, '|cell|dead', 0",
    "obj.names, 'cell| |dead| ', 1",
  })
  void aNumberWithoutAName(String file, String names, int nameless) throws IOException {
    Files.writeString(folder.resolve(file), names.replace('|', '\n'));
    image("a", "2 0.5 0.5 0.25 0.5\n");
    image("b", "2 0.5 0.5 0.25 0.5\n" + nameless + " 0.5 0.5 0.5 0.5\n");
    AnnotatedSet set = new AnnotationFiles(new ImageFiles()).open(folder);
    assertEquals(List.of("cell", "dead"), set.classes());
    assertEquals(List.of("a.png"), set.images().stream().map(AnnotatedImage::name).toList());
    assertEquals("dead", set.images().get(0).annotation().objects().get(0).type());
    String said = String.join("\n", set.problems().summary());
    assertTrue(said.contains("b.txt, line 2: class " + nameless + ", which has no name"), said);
  }

  @Test
  void aPointWithoutANameHasItsNumber() throws IOException {
    Files.writeString(
        folder.resolve("data.yaml"), "names: [mouse]\nkpt_shape: [3, 2]\nkpt_names: {1: nose}\n");
    image("a", "0 0.5 0.5 0.5 0.5 0.5 0.5 0.6 0.6 0.7 0.7\n");
    AnnotatedSet set = new AnnotationFiles(new ImageFiles()).open(folder);
    assertEquals(List.of("point1", "nose", "point3"), set.keypoints().names());
  }
}
