package sc.fiji.spyhop.inference;

import java.util.List;
import java.util.OptionalDouble;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.inference.ShownScale.Origin;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.ObjectSizes;
import sc.fiji.spyhop.task.Task;

/**
 * Finds the scale in which the objects of an image are as large as those that a model knows.
 *
 * @param driver shows images to the model in any scale
 */
record ScaleFinder(ModelSpec.Input input, Task<?, ?> task, ImageDriver<?> driver) {

  /** Scales are within these. */
  private static final double MIN = 1.0 / 64;

  private static final double MAX = 16;

  /** Parts of an image, and their side, that are looked at. */
  private static final int PARTS = 4;

  private static final int SIDE = 512;

  /**
   * @param frames planes of one image
   */
  ShownScale find(Scaling scaling, List<Frame> frames, Progress progress) {
    if (scaling instanceof Scaling.Factor f) {
      return f.factor() == 1
          ? ShownScale.SAME
          : new ShownScale(f.factor(), OptionalDouble.empty(), Origin.GIVEN);
    }
    Frame first = frames.get(0);
    if (scaling instanceof Scaling.Diameter d) {
      double pixels = d.pixels(first.name(), first.pixelSize());
      return shown(pixels, Origin.GIVEN);
    }
    OptionalDouble calibrated = byCalibration(first.pixelSize());
    if (calibrated.isPresent()) {
      return new ShownScale(
          clamped(calibrated.getAsDouble()), OptionalDouble.empty(), Origin.CALIBRATION);
    }
    return ShownScale.SAME;
  }

  private OptionalDouble byCalibration(PixelSize size) {
    PixelSize known = input.pixelSize();
    OptionalDouble ratio = size.unlike(known);
    return ratio;
  }

  private ShownScale shown(double diameter, Origin origin) {
    ObjectSizes known = input.objects();
    double factor = known.isKnown() ? known.median() / diameter : 1;
    return new ShownScale(clamped(factor), OptionalDouble.of(diameter), origin);
  }

  private static double clamped(double factor) {
    return Math.max(MIN, Math.min(MAX, factor));
  }
}
