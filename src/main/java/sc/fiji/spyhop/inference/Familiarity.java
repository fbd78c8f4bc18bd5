package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageTraits;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.image.Shown;
import sc.fiji.spyhop.model.ModelSpec;

/** Whether images are like those that a model learned from, as it is shown them. */
public final class Familiarity {

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
