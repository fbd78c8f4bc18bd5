package sc.fiji.spyhop.active;

import java.util.Optional;
import java.util.function.Function;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;

/**
 * How unsure a network is that always says one box and never how sure it is: how much the box moves
 * over the object when the image is shifted a little. 1 less the mean intersection over union of
 * the box with those in eight shifted images, moved back; the localization stability of Kao et al.
 * 2018 (Localization-Aware Active Learning for Object Detection), with shifts in place of noise,
 * since every network is trained on shifted images.
 */
final class BoxStability {

  /** Of each side of the image. */
  private static final double SHIFT = 1 / 16.0;

  private BoxStability() {}

  /**
   * Looks at an image nine times.
   *
   * @param localizer gives at most one box, cut off at the edges
   * @return described by the box: centre, width and height as shares of the image; without a box as
   *     unsure as can be
   */
  static Candidate of(Frame frame, Function<Frame, Annotation> localizer) {
    Optional<Box> found = box(localizer.apply(frame));
    if (found.isEmpty()) return new Candidate(1, new float[4]);
    Box box = found.get();
    int right = shift(frame.width());
    int down = shift(frame.height());
    double sum = 0;
    int n = 0;
    for (int v = -1; v <= 1; v++) {
      for (int u = -1; u <= 1; u++) {
        if (u == 0 && v == 0) continue;
        int dx = u * right;
        int dy = v * down;
        // what can be seen in both images
        Box seen =
            new Box(
                Math.max(0, -dx),
                Math.max(0, -dy),
                frame.width() - Math.abs(dx),
                frame.height() - Math.abs(dy));
        Optional<Box> expected = box.intersection(seen);
        if (expected.isEmpty()) continue;
        n++;
        sum +=
            box(localizer.apply(frame.shifted(dx, dy)))
                .flatMap(b -> b.shifted(-dx, -dy).intersection(seen))
                .map(b -> b.iou(expected.get()))
                .orElse(0.0);
      }
    }
    return new Candidate(n == 0 ? 1 : 1 - sum / n, description(box, frame));
  }

  private static int shift(int side) {
    return (int) Math.min(side - 1, Math.max(1, Math.round(SHIFT * side)));
  }

  private static Optional<Box> box(Annotation found) {
    return found.objects().stream().findFirst().map(o -> o.box());
  }

  private static float[] description(Box box, Frame frame) {
    return new float[] {
      (float) (box.centerX() / frame.width()),
      (float) (box.centerY() / frame.height()),
      (float) (box.width() / frame.width()),
      (float) (box.height() / frame.height())
    };
  }
}
