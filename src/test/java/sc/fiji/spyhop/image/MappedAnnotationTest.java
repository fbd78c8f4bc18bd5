package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

class MappedAnnotationTest {

  /** x' = 2 (x + 1), y' = 3 (y + 2). */
  private static final Affine MAP = Affine.translation(1, 2).then(Affine.scale(2, 3));

  @Test
  void boxesAndPointsGoWhereTheMapLeads() {
    LocalizedObject cell = new LocalizedObject(new Box(5, 5, 1, 1), "cell", 0.5);
    LocalizedObject whale = new LocalizedObject(new Box(1, 1, 2, 2), "whale", 0.75);
    Pose pose =
        new Pose(
            "Ahab", Optional.of(whale), List.of(Keypoint.at("eye", 3, 4), Keypoint.absent("tail")));
    Annotation mapped =
        MappedAnnotation.of(
            new Annotation(new ImageSize(8, 8), List.of(cell, whale), List.of(pose)),
            MAP,
            new ImageSize(18, 30));

    LocalizedObject there = new LocalizedObject(new Box(4, 9, 4, 6), "whale", 0.75);
    assertEquals(new ImageSize(18, 30), mapped.size());
    assertEquals(
        List.of(new LocalizedObject(new Box(12, 21, 2, 3), "cell", 0.5), there), mapped.objects());
    assertEquals(
        List.of(
            new Pose(
                "Ahab",
                Optional.of(there),
                List.of(Keypoint.at("eye", 8, 18), Keypoint.absent("tail")))),
        mapped.poses());
  }

  @Test
  void aMirroredBoxIsABox() {
    Annotation one =
        new Annotation(
            new ImageSize(8, 8),
            List.of(new LocalizedObject(new Box(1, 1, 2, 4), "cell")),
            List.of());
    Annotation mirrored = MappedAnnotation.of(one, Affine.scale(-1, 1), one.size());
    assertEquals(new Box(-3, 1, 2, 4), mirrored.objects().get(0).box());
  }

  /** By a quarter turn (x, y) comes to (-y, x). */
  @Test
  void aPoseMayBeTurned() {
    Pose pose = new Pose("Ahab", Optional.empty(), List.of(Keypoint.at("eye", 3, 4)));
    Pose turned = MappedAnnotation.pose(pose, new Affine(0, -1, 0, 1, 0, 0));
    assertEquals(new Pose("Ahab", Optional.empty(), List.of(Keypoint.at("eye", -4, 3))), turned);
  }

  private static void assertLeads(Affine map, double x, double y, double toX, double toY) {
    assertEquals(toX, map.x(x, y), 1e-12);
    assertEquals(toY, map.y(x, y), 1e-12);
  }

  /** A tenth of 40 around 40 x 10 are 48 x 18; 48 on 20 pixels are 2.4 each. */
  @Test
  void thePictureOfABoxShowsItWithItsMargin() {
    Affine wide = new BoxPicture(0.1, 20, 10).toImage(new Box(10, 20, 40, 10));
    assertLeads(wide, 10, 5, 30, 25);
    assertLeads(wide, 0, 0, 6, 13);
    assertLeads(wide, 20, 10, 54, 37);
    Affine tall = new BoxPicture(0.1, 20, 10).toImage(new Box(0, 0, 10, 40));
    assertLeads(tall, 0, 0, -43, -4);
    assertLeads(tall, 20, 10, 53, 44);
  }
}
