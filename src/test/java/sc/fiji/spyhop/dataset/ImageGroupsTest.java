package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;

class ImageGroupsTest {

  @TempDir Path folder;

  @Test
  void patternsOfNames() {
    ImageGroups groups = ImageGroups.parse("{plate}_{well}_s{site}");
    assertEquals(List.of("plate", "well", "site"), groups.names());
    assertEquals(Optional.of(List.of("P1", "B02", "3")), groups.of("/data/run/P1_B02_s3.tif"));
    assertEquals(Optional.empty(), groups.of("/data/run/P1-B02-3.tif"));
    assertEquals(
        Optional.of(List.of("day2", "7")),
        ImageGroups.parse("{day}/cell{n}").of("x/day2/cell7.png"));
  }

  @Test
  void regularExpressions() {
    ImageGroups groups = ImageGroups.parse("(?<row>[A-H])(?<column>\\d\\d)_(s(?<site>\\d+))?");
    assertEquals(List.of("row", "column", "site"), groups.names());
    assertEquals(Optional.of(List.of("C", "11", "")), groups.of("/B07/plate_C11_dapi.tif"));
    assertEquals(
        Optional.of(List.of("B07")), ImageGroups.parse("(?<run>B\\d+)/").of("/B07/C11_dapi.tif"));
    assertEquals(Optional.empty(), groups.of("/p/plate_dapi.tif"));
  }

  @Test
  void tables() throws IOException {
    Path table =
        Files.writeString(
            folder.resolve("layout.csv"),
            "image;drug;dose\nP1_A01.tif;none;0\nday2/P1_A02.tif;aspirin;0,5\n");
    ImageGroups groups = ImageGroups.parse(table.toString());
    assertEquals(List.of("drug", "dose"), groups.names());
    assertEquals(Optional.of(List.of("none", "0")), groups.of("/data/day1/P1_A01.png"));
    assertEquals("aspirin", groups.of("/data/day2/P1_A02.tif").orElseThrow().get(0));
    assertEquals(Optional.empty(), groups.of("/data/day1/P1_A02.tif"));
  }

  /** What Excel calls Unicode text is read; what older ones save, whose letters differ, is not. */
  @Test
  void encodingsOfTables() throws IOException {
    Path table = folder.resolve("layout.csv");
    String text = "image,drug\na.tif,Größe\n";
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      Files.write(table, ("\uFEFF" + text).getBytes(charset));
      assertEquals(Optional.of(List.of("Größe")), ImageGroups.parse(table.toString()).of("a.tif"));
    }
    Files.write(table, text.getBytes(StandardCharsets.ISO_8859_1));
    String message =
        assertThrows(SpyhopException.class, () -> ImageGroups.parse(table.toString())).getMessage();
    assertTrue(message.contains("expected text in UTF-8"), message);
    assertTrue(message.contains("found another encoding"), message);
  }

  /** A brace that is not closed and none at all are the same mistake. */
  @Test
  void theSameIsExpectedWhateverIsMissing() {
    for (String text : List.of("{plate", "state", "plate}_{well}", "{}_x")) {
      assertEquals(
          "expected a pattern of names in which braces mark what tells the group, such as {plate}_*,"
              + " a regular expression with named groups, or a CSV file with a column image,"
              + " received \""
              + text
              + "\".",
          assertThrows(SpyhopException.class, () -> ImageGroups.parse(text)).getMessage());
    }
  }

  @Test
  void rowsThatContradictEachOtherAreRefused() throws IOException {
    Path table =
        Files.writeString(folder.resolve("t.csv"), "image,drug,\na.tif,x,\na.tif,y,\nb.tif,x,\n");
    ImageGroups groups = ImageGroups.parse(table.toString());
    assertEquals(List.of("drug"), groups.names(), "a column without a name is none");
    assertEquals(Optional.of(List.of("x")), groups.of("b.tif"));
    String why = assertThrows(SpyhopException.class, () -> groups.of("a.tif")).getMessage();
    assertTrue(why.contains("one row about a.tif"), why);
  }

  @Test
  void whatMakesNoSenseIsRefused() throws IOException {
    Path bare = Files.writeString(folder.resolve("bare.csv"), "image\na.tif\n");
    for (String wrong :
        List.of("plate", "{plate_*", "{a}_{A}", "(?<a>[", bare.toString(), folder + "/none.csv")) {
      String why = assertThrows(SpyhopException.class, () -> ImageGroups.parse(wrong)).getMessage();
      assertTrue(why.contains("expected") || why.contains("Expected"), why);
    }
    assertEquals(List.of(), ImageGroups.parse(" ").names());
  }
}
