package sc.fiji.spyhop.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.StainSample;
import sc.fiji.spyhop.image.Standardization;
import sc.fiji.spyhop.image.stain.StainLook;
import sc.fiji.spyhop.image.stain.StainMethod;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.util.Strings;

/** Brings the stains of all images of a set to one look before a network is trained on them. */
public final class StainedInputs {

  /** Images that the common look is measured on, evenly spread over the set. */
  private static final int IMAGES = 256;

  /** Pixels of each. */
  private static final int PIXELS = 1 << 13;

  private StainedInputs() {}

  /**
   * The same input, whose normalisation also brings stains to a reference.
   *
   * @param reference whose look it is; absent: that of all images together
   * @param standardised whether means and deviations of the set, if the input has such, are
   *     measured anew, on images whose stains were brought to the reference
   * @throws SpyhopException if images are not red, green and blue from 0 to 255, or the reference
   *     shows hardly any tissue
   */
  public static ModelSpec.Input of(
      ModelSpec.Input input,
      Dataset<?> train,
      StainMethod method,
      Optional<Frame> reference,
      boolean standardised,
      Progress progress) {
    if (input.channels() != 3 || input.colors() == Colors.BGR) {
      throw new SpyhopException(
          Strings.format(
              "stain: expected a network of red, green and blue, received one of %s%s. Leave it at"
                  + " none.",
              Strings.count(input.channels(), "channel"),
              input.colors() == Colors.BGR ? ", blue first" : ""));
    }
    StainLook look =
        reference.isPresent()
            ? look(reference.get(), method)
            : look(input, train, method, progress);
    Normalization then = input.normalization();
    if (then instanceof Normalization.Stained known) then = known.then();
    if (standardised && then instanceof Normalization.Fixed) {
      Standardization statistics = new Standardization(3);
      for (int i = 0; i < train.size(); i++) {
        progress.checkCancelled();
        statistics.add(StainSample.like(input.arranged(train.get(i).frame()), look));
      }
      then = statistics.normalization();
    }
    return input.withNormalization(new Normalization.Stained(look, then));
  }

  private static StainLook look(Frame reference, StainMethod method) {
    return StainSample.look(reference, method)
        .orElseThrow(() -> tooLittle(reference.name() + " shows"));
  }

  private static StainLook look(
      ModelSpec.Input input, Dataset<?> train, StainMethod method, Progress progress) {
    List<float[]> parts = new ArrayList<>();
    int images = Math.min(IMAGES, train.size());
    int n = 0;
    for (int i = 0; i < images; i++) {
      progress.checkCancelled();
      Frame frame = train.get((int) ((long) i * train.size() / images)).frame();
      parts.add(StainSample.pixels(input.arranged(frame), PIXELS));
      n += parts.get(i).length / 3;
    }
    float[] all = new float[3 * n];
    int at = 0;
    for (float[] part : parts) {
      int own = part.length / 3;
      for (int c = 0; c < 3; c++) System.arraycopy(part, c * own, all, c * n + at, own);
      at += own;
    }
    return method.measure(all).orElseThrow(() -> tooLittle("the training images show"));
  }

  private static SpyhopException tooLittle(String shows) {
    return new SpyhopException(
        "stain: expected stained tissue, but "
            + shows
            + " hardly any of two stains. Leave it at none, or name a reference that shows some.");
  }
}
