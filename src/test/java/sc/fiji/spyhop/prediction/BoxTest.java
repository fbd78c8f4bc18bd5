package sc.fiji.spyhop.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoxTest {

  @Test
  void overlapsAreThoseReckonedByHand() {
    Box a = new Box(0, 0, 10, 10);
    assertEquals(50 / 150.0, a.iou(new Box(5, 0, 10, 10)), 1e-15);
    assertEquals(0.8, a.iou(new Box(0, 0, 8, 10)), 1e-15);
    assertEquals(0, a.iou(new Box(10, 0, 10, 10)));
    assertEquals(Optional.of(new Box(5, 2, 5, 8)), a.intersection(new Box(5, 2, 10, 10)));
    assertEquals(Optional.empty(), a.intersection(new Box(10, 0, 1, 1)));
    assertEquals(new Box(-1, 0, 11, 12), Box.around(List.of(a, new Box(-1, 3, 2, 9))));
    assertTrue(a.contains(0, 9.99));
    assertFalse(a.contains(10, 5));
  }

  @Test
  void theLeftAndTheUpperEdgeBelongToABox() {
    Box box = new Box(2, 3, 4, 5);
    assertTrue(box.contains(2, 3));
    assertTrue(box.contains(5.9, 7.9));
    assertFalse(box.contains(1.9, 4));
    assertFalse(box.contains(4, 2.9));
    assertFalse(box.contains(6, 4));
    assertFalse(box.contains(4, 8));
  }

  @Test
  void boxesThatTouchShareNothing() {
    Box box = new Box(0, 0, 10, 10);
    for (Box other : List.of(new Box(0, 10, 10, 10), new Box(-5, 0, 5, 5), new Box(3, -4, 2, 4))) {
      assertEquals(Optional.empty(), box.intersection(other));
      assertEquals(0, box.iou(other));
    }
    assertEquals(1 / 199.0, box.iou(new Box(9, 9, 10, 10)), 1e-15);
  }

  @Test
  void aBoxHasAMiddleAndCanBeMoved() {
    Box box = new Box(2, 3, 5, 8);
    assertEquals(4.5, box.centerX());
    assertEquals(7, box.centerY());
    assertEquals(new Box(12, 1, 5, 8), box.shifted(10, -2));
  }

  @Test
  void cornersComeInAnyOrder() {
    assertEquals(new Box(1, 2, 3, 5), Box.between(4, 2, 1, 7));
    assertEquals(new Box(1, 2, 3, 5), Box.between(1, 7, 4, 2));
  }

  @Test
  void aWholeImageIsABox() {
    assertEquals(new Box(0, 0, 4, 3), new ImageSize(4, 3).box());
    assertEquals(1, new ImageSize(1, 1).width());
    assertThrows(IllegalArgumentException.class, () -> new ImageSize(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new ImageSize(1, 0));
  }

  @Test
  void anObjectIsAsSureAsItIsWhereverItGoes() {
    LocalizedObject sure = new LocalizedObject(new Box(0, 0, 1, 1), "a", 1);
    LocalizedObject unsure = new LocalizedObject(new Box(0, 0, 1, 1), "a", 0);
    assertEquals(1, sure.score());
    assertEquals(
        new LocalizedObject(new Box(2, 2, 1, 1), "a", 0), unsure.withBox(new Box(2, 2, 1, 1)));
    assertEquals(0, new Keypoint("eye", 1, 2, 0, Keypoint.Visibility.OCCLUDED).confidence());
    Keypoint moved = new Keypoint("eye", 1, 2, 0.5, Keypoint.Visibility.VISIBLE).movedTo(3, 4);
    assertEquals(new Keypoint("eye", 3, 4, 0.5, Keypoint.Visibility.VISIBLE), moved);
  }

  @Test
  void whatIsNoBoxIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Box(0, 0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Box(0, 0, 1, -1));
    assertThrows(IllegalArgumentException.class, () -> new Box(0, 0, 1, 0));
    double far = Double.MAX_VALUE;
    assertThrows(IllegalArgumentException.class, () -> new Box(far, 0, far, 1));
    assertThrows(IllegalArgumentException.class, () -> new Box(0, far, 1, far));
    assertThrows(IllegalArgumentException.class, () -> new Box(Double.NaN, 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Box(0, 0, Double.POSITIVE_INFINITY, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new LocalizedObject(new Box(0, 0, 1, 1), " "));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LocalizedObject(new Box(0, 0, 1, 1), "a", Double.NaN));
  }

  @Test
  void anAbsentPointHasNoPlace() {
    assertFalse(Keypoint.absent("eye").isLocated());
    assertThrows(IllegalArgumentException.class, () -> Keypoint.absent("eye").movedTo(1, 1));
    assertThrows(IllegalArgumentException.class, () -> Keypoint.at("eye", Double.NaN, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Pose(List.of(Keypoint.at("eye", 1, 1), Keypoint.at("eye", 2, 2))));
  }

  @Test
  void pointsAreFoundByName() {
    Keypoint eye = Keypoint.at("eye", 1, 2);
    Keypoint tail = Keypoint.absent("tail");
    Pose pose = new Pose(List.of(eye, tail));
    assertEquals(Optional.of(eye), pose.keypoint("eye"));
    assertEquals(Optional.of(tail), pose.keypoint("tail"));
    assertEquals(Optional.empty(), pose.keypoint("ear"));
    assertEquals(List.of(eye), pose.located());
  }

  @Test
  void aPoseBelongsToAnObjectOfItsImage() {
    LocalizedObject there = new LocalizedObject(new Box(0, 0, 1, 1), "a");
    Pose pose = new Pose("", Optional.of(there), List.of());
    ImageSize size = new ImageSize(4, 4);
    assertEquals(pose, new Annotation(size, List.of(there), List.of(pose)).poses().get(0));
    assertTrue(Annotation.empty(size).isEmpty());
    assertFalse(new Annotation(size, List.of(there), List.of()).isEmpty());
    Pose free = new Pose(List.of(Keypoint.at("eye", 1, 1)));
    assertFalse(new Annotation(size, List.of(), List.of(free)).isEmpty());
    assertThrows(
        IllegalArgumentException.class, () -> new Annotation(size, List.of(), List.of(pose)));
  }
}
