package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import ij.io.RoiDecoder;
import java.awt.Color;
import java.awt.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.LabelMap;

class RoisTest {

  private static LabelMap map(String... rows) {
    LabelMap map = new LabelMap(rows[0].length(), rows.length);
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < rows[0].length(); x++) {
        if (rows[y].charAt(x) != '.') map.set(x, y, rows[y].charAt(x) - '0');
      }
    }
    return map;
  }

  /** Pixels of a region, by ImageJ's own rule. */
  private static Set<Point> pixels(Roi roi) {
    return new HashSet<>(List.of(roi.getContainedPoints()));
  }

  private static Set<Point> pixels(LabelMap map, int label) {
    Set<Point> points = new HashSet<>();
    for (int i = 0; i < map.size(); i++) {
      if (map.get(i) == label) points.add(new Point(i % map.width(), i / map.width()));
    }
    return points;
  }

  private static void assertSamePixels(LabelMap map) {
    Map<Integer, Roi> rois = Rois.trace(map);
    Set<Integer> labels = new HashSet<>();
    for (int i = 0; i < map.size(); i++) if (map.get(i) > 0) labels.add(map.get(i));
    assertEquals(labels, rois.keySet());
    rois.forEach((label, roi) -> assertEquals(pixels(map, label), pixels(roi), "label " + label));
  }

  @Test
  void aSquareIsItsFourCorners() {
    Roi roi = Rois.trace(map(".....", "..11.", "..11.", ".....")).get(1);
    assertEquals(Roi.TRACED_ROI, roi.getType());
    var p = roi.getPolygon();
    assertEquals(4, p.npoints);
    assertArrayEquals(new int[] {4, 4, 2, 2}, java.util.Arrays.copyOf(p.xpoints, 4));
    assertArrayEquals(new int[] {1, 3, 3, 1}, java.util.Arrays.copyOf(p.ypoints, 4));
  }

  @Test
  void onePixelAndTheBorderOfTheImage() {
    assertSamePixels(map("1"));
    assertSamePixels(map("1122", "1122"));
    assertSamePixels(map("111", "1.1"));
    assertSamePixels(map("1.2", ".3.", "4.5"));
  }

  @Test
  void pixelsThatTouchAtACornerAreOnePolygon() {
    LabelMap map = map("1....", ".1.1.", "..1..", ".....");
    assertTrue(Rois.trace(map).get(1) instanceof PolygonRoi);
    assertSamePixels(map);
  }

  @Test
  void holesAndPartsMakeAComposite() {
    LabelMap ring = map(".....", ".111.", ".1.1.", ".111.", ".....");
    assertTrue(Rois.trace(ring).get(1) instanceof ShapeRoi);
    assertSamePixels(ring);
    LabelMap filled = map(".....", ".111.", ".121.", ".111.", ".....");
    assertSamePixels(filled);
    LabelMap parts = map("11..11", "11..11", "......", "..11..");
    assertTrue(Rois.trace(parts).get(1) instanceof ShapeRoi);
    assertSamePixels(parts);
    assertSamePixels(
        map("1111111", "1.....1", "1.111.1", "1.1.1.1", "1.111.1", "1.....1", "1111111"));
    assertSamePixels(map("11111", "1.1.1", "11.11", "1.1.1", "11111"));
  }

  @Test
  void randomLabels() {
    Random random = new Random(3);
    for (int n = 0; n < 60; n++) {
      LabelMap map = new LabelMap(1 + random.nextInt(12), 1 + random.nextInt(12));
      for (int i = 0; i < map.size(); i++) map.set(i, random.nextInt(4));
      assertSamePixels(map);
    }
  }

  /** A million one-pixel labels on every second pixel, and one label that winds around them all. */
  @Test
  void manyLabelsTakeLinearTime() {
    LabelMap map = new LabelMap(2000, 1000);
    for (int i = 0; i < map.size(); i++) {
      int x = i % 2000;
      int y = i / 2000;
      map.set(i, x % 4 == 0 && y % 4 == 0 ? 2 + y / 4 * 500 + x / 4 : 1);
    }
    assertTimeout(Duration.ofSeconds(20), () -> assertEquals(125_001, Rois.trace(map).size()));
  }

  @Test
  void zipIsReadByImageJ(@TempDir Path folder) throws Exception {
    List<Roi> rois =
        new ArrayList<>(Rois.trace(map(".11..", ".11.2", "....2", "3.3..", "333..")).values());
    rois.addAll(Rois.trace(map("222", "2.2", "222")).values());
    for (Roi roi : rois) {
      roi.setName("0001-label");
      roi.setStrokeColor(Color.ORANGE);
      roi.setPosition(0, 3, 2);
    }
    rois.get(1).setPosition(7);
    Path file = folder.resolve("rois.zip");
    Rois.writeZip(file, rois);
    Set<String> names = new HashSet<>();
    int n = 0;
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        assertTrue(e.getName().endsWith(".roi"));
        assertTrue(names.add(e.getName()));
        Roi read = RoiDecoder.openFromByteArray(zip.readAllBytes());
        assertEquals(pixels(rois.get(n)), pixels(read));
        assertEquals("0001-label", read.getName());
        assertEquals(Color.ORANGE, read.getStrokeColor());
        assertEquals(n == 1 ? 7 : 0, read.getPosition());
        assertEquals(n == 1 ? 7 : 3, read.getZPosition());
        assertEquals(n == 1 ? 0 : 2, read.getTPosition());
        n++;
      }
    }
    assertEquals(rois.size(), n);
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void aMissingFolderIsNamed(@TempDir Path folder) {
    Path file = folder.resolve("nowhere").resolve("rois.zip");
    String message =
        assertThrows(SpyhopException.class, () -> Rois.writeZip(file, List.of())).getMessage();
    assertTrue(message.contains("nowhere"), message);
    assertTrue(message.contains("no such folder"), message);
  }

  @Test
  void withoutAGuiTheManagerIsLeftAlone() {
    Rois.appendToManager(List.of(new Roi(0, 0, 2, 2)));
  }
}
