package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageTraits;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.image.Shown;
import sc.fiji.spyhop.model.KnownImages;
import sc.fiji.spyhop.model.ModelSpec;

/** Whether images are like those that a model learned from, as it is shown them. */
public final class Familiarity {

  /** Ranges hardly change with more. */
  private static final int MAX_IMAGES = 500;

  private Familiarity() {}

  /**
   * In which respects an image is unlike, in words; none if it is like them, or nothing is known of
   * them.
   *
   * @param frames some planes of one image, at least one
   * @param scale in which they are shown
   */
  static List<String> differences(ModelSpec.Input input, List<Frame> frames, double scale) {
    if (!input.images().isKnown()) return List.of();
    List<ImageTraits> traits = new ArrayList<>();
    for (Frame frame : frames) traits(input, frame, scale).ifPresent(traits::add);
    return traits.isEmpty() ? List.of() : input.images().differences(ImageTraits.mean(traits));
  }

  /**
   * What images look like to a model that has learned from some of them.
   *
   * @param input as the model will have it
   * @param trained images that were trained on; of more than 500, some
   * @param others of the same kind
   */
  public static KnownImages learned(ModelSpec.Input input, Dataset<?> trained, Dataset<?> others) {
    return KnownImages.of(traits(input, trained), traits(input, others));
  }

  /** What was known, with more images of which it is known that the model is for them. */
  public static KnownImages widened(ModelSpec.Input input, Dataset<?> images) {
    return input.images().with(traits(input, images));
  }

  private static List<ImageTraits> traits(ModelSpec.Input input, Dataset<?> images) {
    List<ImageTraits> traits = new ArrayList<>();
    int count = Math.min(MAX_IMAGES, images.size());
    for (int i = 0; i < count; i++) {
      Frame frame = images.get((int) ((long) i * images.size() / count)).frame();
      traits(input, frame, 1).ifPresent(traits::add);
    }
    return traits;
  }

  /**
   * How an image looks as it is shown; absent for images that are too small, and where pictures of
   * boxes are shown.
   */
  public static Optional<ImageTraits> traits(ModelSpec.Input input, Frame frame, double scale) {
    Resize fit = input.fit();
    if (fit instanceof Resize.OfBox) return Optional.empty();
    if (scale != 1) {
      fit =
          fit instanceof Resize.Scaled s
              ? new Resize.Scaled(s.factor() * scale, s.multiple())
              : new Resize.Scaled(scale, 1);
    }
    Frame arranged = input.arranged(frame);
    int channels = arranged.channels();
    Intensity asItIs =
        new Intensity(Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0));
    return ImageTraits.of(Shown.of(arranged, asItIs, fit), input.normalization().fit(arranged));
  }
}
