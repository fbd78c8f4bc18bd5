package sc.fiji.spyhop.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.Clipping.Edge;

/**
 * By hand, in a plane of 10 x 4 pixels of which the columns 0 to 4 are looked at: one object in
 * columns 1 and 2, one in 3 to 6, one in 4 to 8, one in 8 and 9, each two pixels high.
 */
class ClippingTest {

  private static BitSet left() {
    BitSet inside = new BitSet();
    for (int y = 0; y < 4; y++) inside.set(10 * y, 10 * y + 5);
    return inside;
  }

  private static Segment segment(LabelMap labels, int label, int top, int from, int to) {
    for (int y = top; y < top + 2; y++) {
      for (int x = from; x <= to; x++) labels.set(x, y, label);
    }
    int width = to - from + 1;
    return new Segment(label, 2L * width, from + width / 2.0, top + 1, 0.9, from, top, width, 2);
  }

  private static Segmentation objects() {
    LabelMap labels = new LabelMap(10, 4);
    return new Segmentation(
        labels,
        List.of(
            segment(labels, 1, 0, 1, 2),
            segment(labels, 2, 0, 3, 6),
            segment(labels, 3, 2, 4, 8),
            segment(labels, 4, 0, 8, 9)));
  }

  private static List<Long> areas(Segmentation s) {
    return s.segments().stream().map(Segment::area).toList();
  }

  @Test
  void keptWhole() {
    Segmentation kept = new Clipping(left(), Edge.KEEP).of(objects(), false);
    assertEquals(List.of(4L, 8L), areas(kept), "half of the second is inside");
    assertEquals(2, kept.labels().get(6, 1), "its other half stays");
    assertEquals(0, kept.labels().get(4, 2));
    assertEquals(2, kept.labels().max());
  }

  @Test
  void cutOff() {
    Segmentation cut = new Clipping(left(), Edge.CUT).of(objects(), false);
    assertEquals(List.of(4L, 4L, 2L), areas(cut));
    assertEquals(0, cut.labels().get(5, 0));
    assertEquals(
        new Segment(3, 2, 4.5, 3, 0.9, 4, 2, 1, 2), cut.segments().get(2), "one column of five");
  }

  @Test
  void leftOut() {
    Segmentation inside = new Clipping(left(), Edge.DROP).of(objects(), false);
    assertEquals(List.of(4L), areas(inside));
    assertEquals(0, inside.labels().get(3, 0));
  }

  /** Classes are not things: what lies outside is cut off, and they keep their number. */
  @Test
  void classes() {
    Segmentation cut = new Clipping(left(), Edge.DROP).of(objects(), true);
    assertEquals(List.of(1, 2, 3), cut.segments().stream().map(Segment::label).toList());
    assertEquals(List.of(4L, 4L, 2L), areas(cut));
    assertEquals(3, cut.labels().get(4, 3));
  }

  @Test
  void boxesAndPoints() {
    LocalizedObject across = new LocalizedObject(new Box(3, 0, 4, 2), "cell", 0.5);
    LocalizedObject beyond = new LocalizedObject(new Box(6, 0, 3, 2), "cell", 0.5);
    Pose pose = new Pose("", Optional.of(across), List.of(Keypoint.at("top", 6, 1)));
    Pose free = new Pose(List.of(Keypoint.at("a", 4.9, 0.5), Keypoint.at("b", 5, 0.5)));
    Annotation all =
        new Annotation(new ImageSize(10, 4), List.of(across, beyond), List.of(pose, free));
    Annotation kept = new Clipping(left(), Edge.KEEP).of(all);
    assertEquals(List.of(across), kept.objects());
    assertEquals(pose, kept.poses().get(0));
    assertEquals(1, kept.poses().get(1).located().size(), "pixel 5 is outside");
    Annotation cut = new Clipping(left(), Edge.CUT).of(all);
    assertEquals(new Box(3, 0, 2, 2), cut.objects().get(0).box());
    assertFalse(new Clipping(left(), Edge.DROP).of(all).objects().contains(across));
  }
}
