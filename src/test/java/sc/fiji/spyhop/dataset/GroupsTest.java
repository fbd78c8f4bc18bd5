package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;

class GroupsTest {

  @Test
  void partsOfOneThingByTheirNames() {
    assertEquals(
        List.of("cell7", "cell7", "a/cell7", "x", "x", "img", "well A1", "p\u0663"),
        Groups.of(
            List.of(
                "cell7_z01.tif",
                "cell7_t002_z12.tif",
                "a/cell7z01.tif",
                "x.tif slice 2 frame 1",
                "x.tif slice 3",
                "img-C=2.tif",
                "well A1 slice 07.png",
                "p\u0663_z\u0660\u0661.tif")));
    List<String> own =
        List.of("grade_1.tif", "a-1.png", "z12.tif", "nuclei_000.tif", "image 12", "mouse c.tif");
    assertEquals(own.size(), new HashSet<>(Groups.of(own)).size());
  }

  @Test
  void copiesThatImageJMakes() {
    List<String> groups =
        Groups.of(List.of("cell.tif", "cell-1.tif", "DUP_cell.tif", "cell-a.tif"));
    assertEquals(List.of("cell", "cell", "cell", "cell-a"), groups);
  }

  /** As in folders of classes; what has the same part in both is another thing. */
  @Test
  void aStackMayBeSortedIntoFolders() {
    assertEquals(
        List.of("cell1", "cell1", "cell1", "a/cell2", "b/cell2", "a/cell3", "b/cell3"),
        Groups.of(
            List.of(
                "a/cell1_z01.png",
                "b/cell1_z02.png",
                "b/cell1_z10.png",
                "a/cell2_z01.png",
                "b/cell2_z1.png",
                "a/cell3.png",
                "b/cell3_z2.png")));
  }

  @Test
  void partsOfNamesTellGroups() {
    assertEquals(
        List.of("P1/A02", "P1/A02", "P2/A02"),
        Grouping.of("{plate}_{well}_s*", Path.of("none"))
            .of(List.of("x/P1_A02_s1.tif", "P1_A02_s12.tif slice 3", "P2_A02_s1.tif")));
    assertEquals(
        List.of("mouse 1", "mouse.2"),
        Grouping.of("{folder}/*", Path.of("none"))
            .of(List.of("c/mouse 1/a.png", "mouse.2/b_1.png")));
    SpyhopException other =
        assertThrows(
            SpyhopException.class,
            () -> Grouping.of("{plate}_*", Path.of("none")).of(List.of("a_1.png", "b.png")));
    assertTrue(other.getMessage().contains("b.png is not called like {plate}_*"));
    for (String wrong : List.of("*_s1", "{plate_*", "{}_*", "plate}_{*}")) {
      assertThrows(SpyhopException.class, () -> Grouping.of(wrong, Path.of("none")), wrong);
    }
  }

  @Test
  void aColumnTellsGroups(@TempDir Path folder) throws IOException {
    Path table = folder.resolve("index.csv");
    Files.writeString(
        table, "image,Specimen\nimages/a.tif,S1\nB,S2\nx/c.png,S1\ny/c.png,S2\nd.png,\n");
    Grouping specimens = Grouping.of("specimen", table);
    assertEquals(
        List.of("S1", "S1", "S2", "S2"),
        specimens.of(List.of("a", "a.tif slice 2", "images/b.png", "y/c.png")));
    for (String unknown : List.of("c.png", "d.png", "e.png")) {
      String message =
          assertThrows(SpyhopException.class, () -> specimens.of(List.of(unknown))).getMessage();
      assertTrue(message.contains(unknown), message);
    }
    String none =
        assertThrows(SpyhopException.class, () -> Grouping.of("mouse", table).of(List.of("a")))
            .getMessage();
    assertTrue(none.contains("expected one named mouse"), none);
  }
}
