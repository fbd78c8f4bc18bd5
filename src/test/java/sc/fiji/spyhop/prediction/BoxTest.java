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
  void whatIsNoBoxIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Box(0, 0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Box(0, 0, 1, -1));
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
  void aPoseBelongsToAnObjectOfItsImage() {
    LocalizedObject there = new LocalizedObject(new Box(0, 0, 1, 1), "a");
    Pose pose = new Pose("", Optional.of(there), List.of());
    ImageSize size = new ImageSize(4, 4);
    assertEquals(pose, new Annotation(size, List.of(there), List.of(pose)).poses().get(0));
    assertThrows(
        IllegalArgumentException.class, () -> new Annotation(size, List.of(), List.of(pose)));
  }
}
