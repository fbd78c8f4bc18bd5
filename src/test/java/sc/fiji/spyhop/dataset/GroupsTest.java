package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

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
    assertEquals(List.of(), Groups.numbers(own));
  }

  @Test
  void copiesThatImageJMakes() {
    List<String> groups =
        Groups.of(List.of("cell.tif", "cell-1.tif", "DUP_cell.tif", "cell-a.tif"));
    assertEquals(List.of("cell", "cell", "cell", "cell-a"), groups);
  }

  private static Dataset<Integer> named(List<String> names) {
    return Dataset.of(names.stream().map(n -> new Dataset.Entry<Integer>(n, () -> null)).toList());
  }

  private static Set<String> cells(Dataset<?> part) {
    return part.names().stream().map(n -> n.replaceAll("_z.*", "")).collect(Collectors.toSet());
  }

  @Test
  void aThingIsOnOneSideOfASplit() {
    List<String> names = new ArrayList<>();
    for (int cell = 0; cell < 6; cell++) {
      for (int z = 0; z < 5; z++) names.add("cell" + cell + "_z0" + z + ".tif");
    }
    for (int seed = 0; seed < 20; seed++) {
      Split<Integer> split = Split.byImage(named(names), 0.3, seed);
      Set<String> both = cells(split.train());
      both.retainAll(cells(split.validation()));
      assertEquals(Set.of(), both);
      assertEquals(10, split.validation().size());
      assertEquals(20, split.train().size());
    }
    assertTrue(Split.caution(named(names)).isEmpty());
  }

  @Test
  void slicesOfOneStackAreDrawnOneByOneAndSaidSo() {
    Dataset<Integer> stack = named(List.of("s_z1.tif", "s_z2.tif", "s_z3.tif", "s_z4.tif"));
    assertEquals(1, Split.byImage(stack, 0.25, 1).validation().size());
    assertTrue(Split.caution(stack).orElseThrow().contains("too good"));
    assertFalse(Split.caution(named(List.of("a.tif", "b.tif"))).isPresent());
  }
}
