package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class PathIndexTest {

  @Test
  void moreOrFewerFolders() {
    PathIndex index = new PathIndex(List.of("images/day1/a", "images/day2/a", "b"));
    assertEquals(Optional.of("images/day1/a"), index.find("day1/a"));
    assertEquals(Optional.of("images/day2/a"), index.find("/data/images/day2/A"));
    assertEquals(Optional.of("b"), index.find("x/y/b"));
    assertEquals(Optional.empty(), index.find("day3/a"));
    assertEquals(Optional.empty(), index.find("c"));
    assertThrows(SpyhopException.class, () -> index.find("a"));
  }

  @Test
  void pairs() {
    assertEquals(
        Map.of("images/day1/a", "day1/a", "images/day2/a", "day2/a", "images/c", "results/c"),
        PathIndex.pair(
            Set.of("images/day1/a", "images/day2/a", "images/c", "images/e"),
            Set.of("day1/a", "day2/a", "results/c", "d")));
    assertThrows(
        SpyhopException.class, () -> PathIndex.pair(Set.of("day1/a", "day2/a"), Set.of("a")));
    assertThrows(
        SpyhopException.class, () -> PathIndex.pair(Set.of("a"), Set.of("day1/a", "day2/a")));
  }

  /** The one that is left when all others have their own belongs to the one that is left. */
  @Test
  void whatIsLeftIsPaired() {
    Set<String> named = Set.of("images/b", "images/sub/b");
    Set<String> shorter = Set.of("b", "sub/b");
    assertEquals(Map.of("images/b", "b", "images/sub/b", "sub/b"), PathIndex.pair(named, shorter));
    assertEquals(Map.of("b", "images/b", "sub/b", "images/sub/b"), PathIndex.pair(shorter, named));
    assertEquals(Map.of("sub/b", "images/sub/b"), PathIndex.pair(shorter, Set.of("images/sub/b")));
    assertThrows(SpyhopException.class, () -> PathIndex.pair(named, Set.of("b")));
  }
}
