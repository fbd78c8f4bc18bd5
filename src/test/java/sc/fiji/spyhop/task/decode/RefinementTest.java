package sc.fiji.spyhop.task.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;

/** By hand: digits are labels, a point is background. */
class RefinementTest {

  private static final String[] PLANE = {
    "..........",
    ".1111.22..",
    ".1..1.22..",
    ".1111.....",
    "....333...",
    "44..3.3455",
    "44..33.455",
  };

  private static Segmentation plane() {
    LabelMap labels = new LabelMap(10, 7);
    TreeMap<Integer, Segment> segments = new TreeMap<>();
    for (int label = 1; label <= 5; label++) {
      int area = 0;
      int left = 10;
      int top = 7;
      int right = 0;
      int bottom = 0;
      for (int y = 0; y < 7; y++) {
        for (int x = 0; x < 10; x++) {
          if (PLANE[y].charAt(x) != '0' + label) continue;
          labels.set(x, y, label);
          area++;
          left = Math.min(left, x);
          top = Math.min(top, y);
          right = Math.max(right, x + 1);
          bottom = Math.max(bottom, y + 1);
        }
      }
      segments.put(
          label, new Segment(label, area, 0, 0, 0.8, left, top, right - left, bottom - top));
    }
    return new Segmentation(labels, List.copyOf(segments.values()));
  }

  private static List<Long> areas(Refinement by) {
    return by.of(plane(), RegionNames.OBJECTS).segments().stream().map(Segment::area).toList();
  }

  @Test
  void nothingToDo() {
    Segmentation plane = plane();
    assertSame(plane, Refinement.NONE.of(plane, RegionNames.OBJECTS));
  }

  @Test
  void holesOfOneObjectAreFilled() {
    Segmentation filled = new Refinement(0, 1e9, true, false).of(plane(), RegionNames.OBJECTS);
    assertEquals(12, filled.segments().get(0).area());
    assertEquals(3, filled.segments().get(0).x(), 1e-12);
    assertEquals(1, filled.labels().get(2, 2));
    assertEquals(3, filled.labels().get(5, 5), "enclosed by 3 alone");
    assertEquals(0, filled.labels().get(6, 6), "at the border of the image");
  }

  @Test
  void sizes() {
    assertEquals(List.of(10L, 7L, 6L), areas(new Refinement(5, 1e9, false, false)));
    assertEquals(List.of(4L, 4L), areas(new Refinement(0, 4, false, false)));
    Segmentation large = new Refinement(7, 7, false, false).of(plane(), RegionNames.OBJECTS);
    assertEquals(1, large.labels().get(4, 4), "numbered anew");
    assertEquals(1, large.labels().max());
  }

  @Test
  void classesKeepTheirNumbers() {
    Segmentation large =
        new Refinement(7, 1e9, false, false)
            .of(plane(), RegionNames.ofClasses(List.of("ground", "a", "b", "c", "d")));
    assertEquals(List.of(1, 3), large.segments().stream().map(Segment::label).toList());
    assertEquals(3, large.labels().get(4, 4));
  }

  @Test
  void objectsAtTheBorder() {
    assertEquals(List.of(10L, 4L), areas(new Refinement(0, 1e9, false, true)));
  }
}
