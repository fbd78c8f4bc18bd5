package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Frame;

class SampleWhalesTest {

  @TempDir Path folder;

  private static Shell make(Path to, Object... more) {
    Stream<Object> first =
        Stream.of("sample", "whales", "--count", 3, "--size", "128x96", "--output", to);
    return Shell.run(Stream.concat(first, Stream.of(more)).toArray());
  }

  @Test
  void photographsComeWithTruthInPlainTables() throws IOException {
    Path a = folder.resolve("a");
    Path b = folder.resolve("b");
    assertEquals(0, make(a).code());
    assertEquals(0, make(b, "--seed", 1).code());
    assertEquals(
        List.of(
            "image,class",
            "photo_0000.png,whale_00",
            "photo_0001.png,whale_01",
            "photo_0002.png,whale_02"),
        Files.readAllLines(a.resolve("index.csv")));
    List<String> boxes = Files.readAllLines(a.resolve("boxes.csv"));
    assertEquals("image,class,x,y,width,height", boxes.get(0));
    assertTrue(boxes.get(1).matches("photo_0000\\.png,head(,\\d+\\.\\d+){4}"), boxes.get(1));
    List<String> keypoints = Files.readAllLines(a.resolve("keypoints.csv"));
    assertEquals("image,keypoint,x,y", keypoints.get(0));
    assertEquals(7, keypoints.size());
    Path photo = Path.of("images", "photo_0002.png");
    assertArrayEquals(Files.readAllBytes(a.resolve(photo)), Files.readAllBytes(b.resolve(photo)));
    Frame frame = new ImageFiles().readFrame(a.resolve(photo));
    assertEquals(List.of(128, 96, 3), List.of(frame.width(), frame.height(), frame.channels()));
  }

  @Test
  void headsAreUprightAndOfOneSize() throws IOException {
    Path a = folder.resolve("heads");
    assertEquals(0, make(a, "--heads", 48).code());
    assertEquals(4, Files.readAllLines(a.resolve("index.csv")).size());
    assertTrue(Files.notExists(a.resolve("boxes.csv")));
    Frame head = new ImageFiles().readFrame(a.resolve("images/photo_0001.png"));
    assertEquals(List.of(48, 48, 3), List.of(head.width(), head.height(), head.channels()));
    assertEquals(2, make(folder.resolve("c"), "--heads", 4).code());
  }

  @Test
  void refusesWhatIsThereOrMakesNoSense() {
    assertEquals(0, make(folder).code());
    assertEquals(1, make(folder).code());
    assertEquals(0, make(folder, "--force").code());
    assertEquals(2, make(folder.resolve("c"), "--own-sea", "1.5").code());
    assertEquals(2, make(folder.resolve("c"), "--individuals", "0").code());
  }
}
