package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class AnnotationTransformTest {

  private static final KeypointLayout EARS =
      new KeypointLayout(List.of("leftear", "rightear", "nose"), List.of(), List.of())
          .withMirroredByName();

  private static final ImageSize SIZE = new ImageSize(40, 20);

  private static Annotation annotation(LocalizedObject object, Keypoint... points) {
    return new Annotation(
        SIZE, List.of(object), List.of(new Pose("", Optional.of(object), List.of(points))));
  }

  private static LocalizedObject object(double x, double y, double w, double h) {
    return new LocalizedObject(new Box(x, y, w, h), "mouse");
  }

  private static void assertBox(double x, double y, double w, double h, Box b) {
    assertEquals(x, b.x(), 1e-9);
    assertEquals(y, b.y(), 1e-9);
    assertEquals(w, b.width(), 1e-9);
    assertEquals(h, b.height(), 1e-9);
  }

  @Test
  void aFlipMovesTheBoxAndExchangesTheEars() {
    // column 39 first: a point at x comes to 40 - x
    Cutout flip = new Cutout(39, -1, 0, 0, 0, 1, true);
    Annotation moved =
        new AnnotationTransform(EARS, false, o -> 0.3)
            .apply(
                annotation(
                    object(2, 3, 10, 5),
                    Keypoint.at("leftear", 4, 5),
                    Keypoint.at("nose", 6, 7),
                    Keypoint.absent("rightear")),
                flip,
                SIZE);
    assertBox(28, 3, 10, 5, moved.objects().get(0).box());
    assertEquals(
        List.of(
            Keypoint.at("rightear", 36, 5), Keypoint.at("nose", 34, 7), Keypoint.absent("leftear")),
        moved.poses().get(0).keypoints());
    assertEquals(Optional.of(moved.objects().get(0)), moved.poses().get(0).object());
  }

  @Test
  void aBoxTurnedByAnEighthHasTheHullOfItsCornersOrOfItsEllipse() {
    double r = Math.sqrt(0.5);
    // about the middle of a square of 40 pixels, which stays at (20, 20)
    double x0 = 19.5 - (r - r) * 19.5;
    double y0 = 19.5 - (r + r) * 19.5;
    Cutout turn = new Cutout(x0, r, -r, y0, r, r, false);
    ImageSize square = new ImageSize(40, 40);
    Annotation one = annotation(object(14, 18, 12, 4));
    double hull = (12 + 4) * r;
    assertBox(
        20 - hull / 2,
        20 - hull / 2,
        hull,
        hull,
        new AnnotationTransform(EARS, false, o -> 0.3)
            .apply(one, turn, square)
            .objects()
            .get(0)
            .box());
    double ellipse = 2 * Math.sqrt(0.5 * (36 + 4));
    assertBox(
        20 - ellipse / 2,
        20 - ellipse / 2,
        ellipse,
        ellipse,
        new AnnotationTransform(EARS, true, o -> 0.3)
            .apply(one, turn, square)
            .objects()
            .get(0)
            .box());
  }

  @Test
  void whatIsMostlyOutsideIsDroppedAndPointsAreAbsent() {
    // the picture begins at column 10
    Cutout crop = new Cutout(10, 1, 0, 0, 0, 1, true);
    Annotation before =
        annotation(object(2, 3, 10, 5), Keypoint.at("nose", 9, 5), Keypoint.at("leftear", 11, 5));
    AnnotationTransform third = new AnnotationTransform(EARS, false, o -> 0.3);
    Annotation after = third.apply(before, crop, new ImageSize(20, 20));
    assertTrue(after.objects().isEmpty());
    assertEquals(
        List.of(Keypoint.absent("nose"), Keypoint.at("leftear", 1, 5)),
        after.poses().get(0).keypoints());
    assertEquals(Optional.empty(), after.poses().get(0).object());
    Annotation cut =
        new AnnotationTransform(EARS, false, o -> 0.2).apply(before, crop, new ImageSize(20, 20));
    assertBox(0, 3, 2, 5, cut.objects().get(0).box());
  }

  /** The brightest spot of the picture has to be where the point is said to be. */
  @Test
  void pointsStayOnTheirPixelsWhateverIsDrawn() {
    Tensor image = new Tensor(Axes.NCHW, new int[] {1, 1, 64, 96}, new float[64 * 96]);
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 96; x++) {
        double d = Math.pow(x + 0.5 - 52.3, 2) + Math.pow(y + 0.5 - 30.8, 2);
        image.data()[y * 96 + x] = (float) Math.exp(-d / 18);
      }
    }
    Augmentation all =
        Augmentation.DEFAULT
            .withAffine(0.8, 180, new Range(0.7, 1.4), 20)
            .withIntensity(new Range(1, 1), new Range(0, 0), new Range(1, 1));
    Augmenter augmenter = new Augmenter(all, 80, 60);
    Random random = new Random(3);
    AnnotationTransform transform = new AnnotationTransform(EARS, false, o -> 0.3);
    Annotation truth = annotation(object(46, 25, 12, 12), Keypoint.at("nose", 52.3, 30.8));
    for (int n = 0; n < 40; n++) {
      Cutout map = augmenter.draw(50, 31, random);
      Tensor picture = augmenter.cut(image, map, Border.REPEAT);
      double sum = 0;
      double sx = 0;
      double sy = 0;
      for (int i = 0; i < 80 * 60; i++) {
        float v = picture.data()[i];
        sum += v;
        sx += v * (i % 80 + 0.5);
        sy += v * (i / 80 + 0.5);
      }
      Keypoint nose =
          transform.apply(truth, map, new ImageSize(80, 60)).poses().get(0).keypoints().get(0);
      assertEquals(sx / sum, nose.x(), 0.05);
      assertEquals(sy / sum, nose.y(), 0.05);
      double[] back = map.toImage(nose.x(), nose.y());
      assertEquals(52.3, back[0], 1e-9);
      assertEquals(30.8, back[1], 1e-9);
    }
  }

  @Test
  void resizingKeepsCornersOnCorners() {
    Cutout half = Cutout.resize(40, 20, 20, 10);
    assertEquals(0, half.toPicture(0, 0)[0], 1e-12);
    assertEquals(20, half.toPicture(40, 20)[0], 1e-12);
    assertEquals(10, half.toPicture(40, 20)[1], 1e-12);
    assertEquals(5.5, half.toPicture(11, 3)[0], 1e-12);
  }
}
