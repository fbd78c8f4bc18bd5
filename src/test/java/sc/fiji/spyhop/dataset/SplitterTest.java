package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class SplitterTest {

  private final List<String> notes = new ArrayList<>();

  private static Dataset<Integer> named(List<String> names) {
    return Dataset.of(names.stream().map(n -> new Dataset.Entry<Integer>(n, () -> null)).toList());
  }

  private static Splitter by(String group, double fraction, long seed) {
    return new Splitter(Grouping.of(group, Path.of("none")), fraction, seed);
  }

  private static void assertApart(Split<?> split, UnaryOperator<String> thing) {
    Set<String> both = things(split.train(), thing);
    both.retainAll(things(split.validation(), thing));
    assertEquals(Set.of(), both);
  }

  private static Set<String> things(Dataset<?> part, UnaryOperator<String> thing) {
    return part.names().stream().map(thing).collect(Collectors.toCollection(HashSet::new));
  }

  @Test
  void aStackIsOnOneSide() {
    List<String> names = new ArrayList<>();
    for (int cell = 0; cell < 6; cell++) {
      for (int z = 0; z < 5; z++) names.add("cell" + cell + "_z0" + z + ".tif");
    }
    for (int seed = 0; seed < 20; seed++) {
      Split<Integer> split = by("", 0.3, seed).split(named(names), notes::add);
      assertApart(split, n -> n.substring(0, 5));
      assertEquals(10, split.validation().size());
      assertEquals(20, split.train().size());
    }
    assertEquals(
        "Images that belong together stay on one side: 4 groups (20 images) to train on, 2 (10) to"
            + " validate on.",
        notes.get(0));
  }

  @Test
  void slicesOfOneStackAreDrawnOneByOneAndSaidSo() {
    Dataset<Integer> stack = named(List.of("s_z1.tif", "s_z2.tif", "s_z3.tif", "s_z4.tif"));
    assertEquals(1, by("", 0.25, 1).split(stack, notes::add).validation().size());
    assertTrue(notes.get(0).contains("too good"), notes.toString());
    notes.clear();
    assertEquals(0, by("", 0, 1).split(stack, notes::add).validation().size());
    by("", 0.25, 1).split(named(List.of("a.tif", "b.tif")), notes::add);
    assertEquals(List.of(), notes);
  }

  /** Twelve specimens, each with three images of one or two of three classes. */
  @Test
  void aSpecimenIsOnOneSideAndEachClassOnBoth() {
    List<String> names = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    for (int specimen = 0; specimen < 12; specimen++) {
      for (int k = 0; k < 3; k++) {
        int type = (specimen + k / 2) % 3;
        names.add("class" + type + "/S" + specimen + "_" + k + ".png");
        classes.add(type);
      }
    }
    for (int seed = 0; seed < 20; seed++) {
      Split<Integer> split = by("{specimen}_*", 0.2, seed).split(named(names), classes, notes::add);
      assertApart(split, n -> n.replaceAll(".*/|_.*", ""));
      for (Dataset<?> part : List.of(split.train(), split.validation())) {
        assertEquals(Set.of("class0", "class1", "class2"), things(part, n -> n.substring(0, 6)));
      }
      assertEquals(36, split.train().size() + split.validation().size());
      assertTrue(split.validation().size() <= 15, "images: " + split.validation().size());
    }
  }

  /** One specimen of 80 images and ten of two; a tenth of 100 are five of the ten. */
  @Test
  void aLargeGroupIsNotValidatedOnWhereSmallOnesWillDo() {
    List<String> names = new ArrayList<>();
    for (int k = 0; k < 80; k++) names.add("big_" + k + ".png");
    for (int k = 0; k < 20; k++) names.add("S" + k / 2 + "_" + k + ".png");
    for (int seed = 0; seed < 20; seed++) {
      Split<Integer> split = by("{specimen}_*", 0.1, seed).split(named(names), notes::add);
      assertEquals(10, split.validation().size(), "seed " + seed);
      assertApart(split, n -> n.replaceAll("_.*", ""));
    }
  }

  @Test
  void groupsThatAreAskedForAreNeverTakenApart() {
    Dataset<Integer> one = named(List.of("P1_a.tif", "P1_b.tif"));
    String message =
        assertThrows(SpyhopException.class, () -> by("{plate}_*", 0.5, 1).split(one, notes::add))
            .getMessage();
    assertTrue(message.contains("all are of the group P1"), message);
    Dataset<Integer> two = named(List.of("P1_a.tif", "P1_b.tif", "P2_a.tif", "P2_b.tif"));
    String classes =
        assertThrows(
                SpyhopException.class,
                () -> by("{plate}_*", 0.5, 1).split(two, List.of(0, 0, 1, 1), notes::add))
            .getMessage();
    assertTrue(classes.contains("each holds all images of some class"), classes);
    assertEquals(2, by("{plate}_*", 0.1, 1).split(two, notes::add).validation().size());
  }

  @Test
  void subsetsThatShareAGroup() {
    Split<Integer> shared =
        new Split<>(
            named(List.of("train/s1_z1.tif", "train/s2_z1.tif")), named(List.of("test/s1_z2.tif")));
    by("", 0.1, 1).check(shared, notes::add);
    assertTrue(notes.get(0).contains("of s1,"), notes.toString());
    assertThrows(SpyhopException.class, () -> by("{stack}_*", 0.1, 1).check(shared, notes::add));
    notes.clear();
    by("{stack}_*", 0.1, 1)
        .check(new Split<>(shared.train(), named(List.of("test/s3_z1.tif"))), notes::add);
    List<String> numbers = List.of("image 1", "image 2");
    by("", 0.1, 1).check(new Split<>(named(numbers), named(numbers)), notes::add);
    assertEquals(List.of(), notes);
  }
}
