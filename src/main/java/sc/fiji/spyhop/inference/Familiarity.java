package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageTraits;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.image.Shown;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/** Whether images are like those that a model learned from, as it is shown them. */
public final class Familiarity {

  private static final double MAX_BY_CHANCE = 0.1;

  private Familiarity() {}

  /**
   * In which respects an image is unlike, in words; none if it is like them, or nothing is known of
   * them. Each plane is looked at by itself, as the mean of several hides one that is unlike.
   *
   * @param frames some planes of one image, at least one
   * @param scale in which they are shown
   */
  static List<String> differences(ModelSpec.Input input, List<Frame> frames, double scale) {
    if (!input.images().isKnown()) return List.of();
    List<List<String>> slices = new ArrayList<>();
    for (Frame frame : frames) {
      traits(input, frame, scale)
          .ifPresent(traits -> slices.add(input.images().differences(traits, false)));
    }
    return together(slices, "slices");
  }

  /**
   * In which respects an image or a picture that is shown whole, in one size, is unlike, in words;
   * none if it is like them, or nothing is known of them. The network is not asked.
   *
   * @param raw what is shown, see {@link ModelSpec.Input#raw}
   */
  public static List<String> differences(ModelSpec.Input input, Frame frame, Tensor raw) {
    if (!input.images().isKnown()) return List.of();
    return ImageTraits.of(raw, input.normalization().fit(input.arranged(frame)))
        .map(traits -> input.images().differences(traits, true))
        .orElse(List.of());
  }

  /**
   * In which respects an image is unlike of which some parts are: a respect is told if more than a
   * tenth of the parts are unlike in it, as single ones may be by chance.
   *
   * @param parts differences of each
   */
  static List<String> ofParts(List<List<String>> parts) {
    return together(parts, "parts");
  }

  /**
   * @param are what they are, in the plural
   */
  private static List<String> together(List<List<String>> parts, String are) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    parts.forEach(part -> part.forEach(said -> counts.merge(said, 1, Integer::sum)));
    int all = parts.size();
    return counts.entrySet().stream()
        .filter(said -> said.getValue() > MAX_BY_CHANCE * all)
        .map(
            said ->
                said.getValue() == all
                    ? said.getKey()
                    : Strings.format(
                        "in %d of %d %s, %s", said.getValue(), all, are, said.getKey()))
        .toList();
  }

  /** How an image looks as it is shown; absent for images that are too small. */
  public static Optional<ImageTraits> traits(ModelSpec.Input input, Frame frame, double scale) {
    Resize fit = input.fit();
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
