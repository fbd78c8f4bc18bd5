package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.gui.Roi;
import ij.io.RoiEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;

class RoiNamesTest {

  @TempDir Path folder;

  private static Roi roi(String name) {
    Roi roi = new Roi(1, 2, 10, 5);
    roi.setName(name);
    return roi;
  }

  private static List<String> classes(String... names) {
    List<Roi> rois = Arrays.stream(names).map(RoiNamesTest::roi).toList();
    RoiNames all = RoiNames.of(rois);
    return rois.stream().map(all::className).toList();
  }

  @Test
  void namesStayWhatTheyAre() {
    List<String> names =
        List.of(
            "grade_1", "grade_2", "CD-4", "CD-8", "Ki-67", "leg_1", "leg_6", "p53", "H2B 0.5",
            "a#1");
    assertEquals(names, classes(names.toArray(String[]::new)));
    assertEquals(
        List.of("\u062f\u0631\u062c\u0629_\u0661", "\u06f1-\u0646"),
        classes("\u062f\u0631\u062c\u0629_\u0661", "\u06f1-\u0646"));
  }

  @Test
  void numbersOfImageJAreTakenAway() {
    assertEquals(
        List.of("object", "object", "object", "object"),
        classes("0001-0045-0123", "0045-0123", "0045-0123-1", "\u0660\u0661-\u0662"));
    assertEquals(List.of("RBC", "RBC", "RBC"), classes("RBC", "RBC-1", "RBC-12"));
    assertEquals(List.of("RBC-1", "RBC-2"), classes("RBC-1", "RBC-2"));
    assertEquals(List.of("object", "object"), classes("", "0012-label_z2"));
  }

  @Test
  void whatWasJoinedIsSaid() {
    RoiNames names = RoiNames.of(List.of(roi("RBC"), roi("RBC-1"), roi("CD-4")));
    names.className(roi("RBC-1"));
    names.className(roi("CD-4"));
    names.className(roi("0001-0002"));
    assertEquals(List.of("RBC-1 read as RBC", "0001-0002 read as object"), names.joined());
  }

  @Test
  void aLongNameIsAName() {
    String name = "a_1-".repeat(20_000) + "b";
    assertEquals(List.of(name), classes(name));
  }

  private Path zip(byte[] entry) throws IOException {
    Path file = folder.resolve("a.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("one.roi"));
      zip.write(entry);
      zip.closeEntry();
    }
    return file;
  }

  @Test
  void aZipIsReadByItsDirectory() throws IOException {
    Path file = zip(RoiEncoder.saveAsByteArray(roi("cell")));
    assertEquals("cell", RoiFormat.zip(file).get(0).getName());
    byte[] all = Files.readAllBytes(file);
    for (int length = 0; length < all.length; length++) {
      Files.write(file, Arrays.copyOf(all, length));
      String said = assertThrows(SpyhopException.class, () -> RoiFormat.zip(file)).getMessage();
      assertTrue(said.contains("a.zip") && !said.contains("null"), said);
    }
    byte[] damaged = all.clone();
    damaged[50] ^= 1;
    Files.write(file, damaged);
    assertThrows(SpyhopException.class, () -> RoiFormat.zip(file));
  }

  /** Places of numbers of coordinates, of a shape, and of a name. */
  @ParameterizedTest
  @ValueSource(ints = {18, 36, 20})
  void aRegionThatSaysItIsHuge(int at) throws IOException {
    Roi polygon = new ij.gui.PolygonRoi(new int[] {1, 5, 5}, new int[] {1, 1, 5}, 3, Roi.POLYGON);
    polygon.setName("x");
    ByteBuffer bytes = ByteBuffer.wrap(RoiEncoder.saveAsByteArray(polygon));
    if (at == 18) bytes.putShort(16, (short) 0);
    bytes.putInt(at == 20 ? bytes.getInt(60) + at : at, Integer.MAX_VALUE);
    Path file = zip(bytes.array());
    String said = assertThrows(SpyhopException.class, () -> RoiFormat.zip(file)).getMessage();
    assertTrue(said.contains("2147483647 values"), said);
  }

  /** The number in the label image stands before "label", or before the class of an object. */
  @Test
  void labelsOfOutlinedObjects() {
    Roi dead = roi("0012-dead_z2");
    assertEquals(Optional.empty(), RoiNames.label(dead));
    dead.setProperty("class", "dead");
    assertEquals(Optional.of("12"), RoiNames.label(dead));
    assertEquals(Optional.of("7"), RoiNames.label(roi("0007-label")));
    assertEquals(Optional.empty(), RoiNames.label(roi("0001-0045-0123")));
  }
}
