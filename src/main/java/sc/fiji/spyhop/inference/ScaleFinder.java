package sc.fiji.spyhop.inference;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.inference.ShownScale.Origin;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.SizeHistogram;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Finds the scale in which the objects of an image are as large as those that a model knows.
 *
 * @param model name of it, for messages
 * @param driver shows images to the model in any scale
 */
record ScaleFinder(String model, ModelSpec.Input input, Task<?, ?> task, ImageDriver<?> driver) {

  /** Where the search begins: objects are more often too large than too small, and it is quick. */
  private static final double FIRST = 0.5;

  /**
   * Maximum number of looks at the image. A network tells sizes well up to half and double of those
   * it knows.
   */
  private static final int LOOKS = 8;

  /** An image fits where its objects are seen within these, relative to those that are known. */
  private static final double SMALL = 0.75;

  private static final double LARGE = 1.35;

  /** Objects are as large as those that are known within this ratio. */
  private static final double ALIKE = 1.3;

  /** An enlarged image will do if its objects are as large as those known within this ratio. */
  private static final double NEARLY = 1.15;

  /** Maximum factor that an image is enlarged by in the search. */
  private static final double MAX_ENLARGED = 4;

  /** Minimum side in pixels that an image is reduced to in the search. */
  private static final int MIN_SIDE = 32;

  /** Fewer objects than this, with all their pixels, are none. */
  private static final double FEW = 0.7;

  private static final String BY_SIZE = "by the size of its objects";

  /** Parts of each plane that are looked at, and their side in pixels. */
  private static final int PARTS = 4;

  private static final int SIDE = 512;

  /**
   * @param frames planes of one image
   */
  ShownScale find(Scaling scaling, List<Frame> frames, Progress progress) {
    if (scaling instanceof Scaling.Factor f) {
      return f.factor() == 1
          ? ShownScale.SAME
          : new ShownScale(f.factor(), OptionalDouble.empty(), Origin.GIVEN, "as asked for");
    }
    Frame first = frames.get(0);
    if (scaling instanceof Scaling.Diameter d) {
      return asked(d.pixels(first.name(), first.pixelSize()), first.name());
    }
    return byCalibration(first.pixelSize()).orElseGet(() -> byObjects(frames, progress));
  }

  /**
   * @param diameter in pixels of the image
   */
  private ShownScale asked(double diameter, String image) {
    if (!input.objects().isKnown()) {
      throw new SpyhopException(
          "Diameter: model "
              + model
              + " does not say how large the objects are that it knows. Give a scale instead.");
    }
    double factor = known() / diameter;
    if (factor == clamped(factor)) {
      return shown(diameter, Origin.GIVEN, "by the diameter asked for");
    }
    throw new SpyhopException(
        Strings.format(
            "%s: expected objects of a diameter from %s to %s pixels, which can be shown to model"
                + " %s as large as those that it knows, received %s.",
            image,
            Digits.six(Math.ceil(known() * fit() / Resize.Scaled.MAX)),
            Digits.six(Math.floor(known() * fit() / Resize.Scaled.MIN)),
            model,
            Digits.six(diameter)));
  }

  /** Absent where a pixel size is not known, or would ask for a scale that cannot be. */
  private Optional<ShownScale> byCalibration(PixelSize size) {
    if (size.likeKnown(input.pixelSize())) return Optional.of(ShownScale.SAME);
    OptionalDouble ratio = size.unlike(input.pixelSize());
    if (ratio.isEmpty() || ratio.getAsDouble() != clamped(ratio.getAsDouble())) {
      return Optional.empty();
    }
    return Optional.of(
        new ShownScale(
            ratio.getAsDouble(),
            OptionalDouble.empty(),
            Origin.CALIBRATION,
            "because a pixel is "
                + words(size)
                + ", and of the images that the model knows "
                + words(input.pixelSize())));
  }

  private ShownScale byObjects(List<Frame> frames, Progress progress) {
    if (!task.tellsSizes() || !input.objects().isKnown()) return ShownScale.SAME;
    if (!task.knowsOneSize()) return bySizes(frames, progress);
    OptionalDouble found =
        new SurestScale(input.objects().median(), scale -> look(frames, scale, progress))
            .diameter(minScale(frames.get(0)), MAX_ENLARGED);
    return found.isPresent()
        ? shown(found.getAsDouble() / fit(), Origin.IMAGE, BY_SIZE)
        : ShownScale.SAME;
  }

  /** Scale in which an image is as small as it is ever shown in the search. */
  private double minScale(Frame frame) {
    double small = MIN_SIDE / (fit() * Math.min(frame.width(), frame.height()));
    return Math.min(1, clamped(small));
  }

  /** Median diameter that the model knows, in pixels of an image that is shown as it says. */
  private double known() {
    return input.objects().median() / fit();
  }

  /** Pixels shown for each of an image that is shown as the model says. */
  private double fit() {
    return input.fit() instanceof Resize.Scaled s ? s.factor() : 1;
  }

  private static String words(PixelSize size) {
    return Digits.six(size.width()) + " " + size.unit();
  }

  private ShownScale shown(double diameter, Origin origin, String reason) {
    double factor = known() / diameter;
    return new ShownScale(clamped(factor), OptionalDouble.of(diameter), origin, reason);
  }

  /** The nearest scale that there can be. */
  private double clamped(double factor) {
    return Math.max(Resize.Scaled.MIN / fit(), Math.min(Resize.Scaled.MAX / fit(), factor));
  }

  /**
   * By the sizes that the network tells. An image whose objects are about as large as those that
   * the model knows is shown as it is. So is one that no scale was seen to fit: the more something
   * is enlarged in which there is nothing, the more is seen in it.
   */
  private ShownScale bySizes(List<Frame> frames, Progress progress) {
    double min = minScale(frames.get(0));
    double known = input.objects().median();
    double scale = Math.max(min, FIRST);
    boolean seen = false;
    for (int look = 0; look < LOOKS; look++) {
      SizeHistogram sizes = look(frames, scale, progress).sizes;
      if (sizes.weight() < FEW) {
        // what is too small to be seen is looked at again as it is
        if (seen || scale >= 1) break;
        scale = 1;
        continue;
      }
      seen = true;
      double shown = sizes.median().orElseThrow();
      ShownScale found = fitting(shown / scale, scale);
      boolean large = shown > LARGE * known;
      // what is as large as the image cannot be shown smaller in the search
      if (large ? scale == min : shown >= SMALL * known) return found;
      double next = Math.max(min, Math.min(MAX_ENLARGED, found.factor()));
      if (next == scale) break;
      scale = next;
    }
    return ShownScale.SAME;
  }

  /**
   * @param diameter in pixels of the image as it is shown otherwise
   * @param seen scale in which it was seen; an enlarged one is used if it is nearly right, since
   *     showing the image anew would take longer than all the rest
   */
  private ShownScale fitting(double diameter, double seen) {
    double known = input.objects().median();
    double factor =
        alike(diameter, known, ALIKE)
            ? 1
            : seen > 1 && alike(seen * diameter, known, NEARLY) ? seen : clamped(known / diameter);
    return new ShownScale(factor, OptionalDouble.of(diameter / fit()), Origin.IMAGE, BY_SIZE);
  }

  private static boolean alike(double a, double b, double ratio) {
    return a <= ratio * b && b <= ratio * a;
  }

  private Look look(List<Frame> frames, double scale, Progress progress) {
    progress.checkCancelled();
    Look look = new Look(scale);
    for (Frame frame : frames) {
      driver.sample(
          frame,
          scale,
          PARTS,
          SIDE,
          progress.quiet(),
          (tile, outputs) -> {
            task.measure(outputs, look.sizes);
            look.pixels += (double) tile.regionWidth() * tile.regionHeight();
          });
    }
    return look;
  }

  /** What is seen of an image in a scale. */
  static final class Look {
    final double scale;
    final SizeHistogram sizes = new SizeHistogram();
    private double pixels;

    Look(double scale) {
      this.scale = scale;
    }

    /** What is looked at, in pixels of the image as it is shown otherwise. */
    double area() {
      return pixels / (scale * scale);
    }

    /** How much is seen for each of these. */
    double density() {
      return sizes.weight() / area();
    }
  }
}
