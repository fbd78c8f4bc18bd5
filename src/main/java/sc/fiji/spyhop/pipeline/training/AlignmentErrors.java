package sc.fiji.spyhop.pipeline.training;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Similarity;
import sc.fiji.spyhop.util.Strings;

/**
 * How pictures that keypoints of a network aligned differ from those that the true keypoints align:
 * shift of the middle in pixels of the aligned picture, rotation and scale.
 *
 * @param errors of the pictures that could be aligned; may be empty
 * @param missed how many could not
 */
public record AlignmentErrors(List<Similarity.Parts> errors, int missed) {

  /** Copies the list. */
  public AlignmentErrors {
    errors = List.copyOf(errors);
  }

  /**
   * The error of one picture.
   *
   * @param truth from the aligned picture to the image
   * @param found the same, by the network
   */
  static Similarity.Parts of(Affine truth, Affine found, int width, int height) {
    return Similarity.parts(found.then(truth.inverse()), width / 2.0, height / 2.0);
  }

  /** A true alignment with the error of one that was measured; as it is if none was. */
  Affine draw(Affine truth, int width, int height, SplittableRandom random) {
    if (errors.isEmpty()) return truth;
    Similarity.Parts error = errors.get(random.nextInt(errors.size()));
    return Similarity.of(error, width / 2.0, height / 2.0).then(truth);
  }

  /** Medians and 90th percentiles, by name. */
  Map<String, Double> figures() {
    Map<String, Double> figures = new TreeMap<>();
    figures.put("alignments missed", (double) missed);
    if (errors.isEmpty()) return figures;
    put(figures, "alignment shift, pixels", e -> Math.hypot(e.x(), e.y()));
    put(figures, "alignment rotation, degrees", e -> Math.abs(Math.toDegrees(e.radians())));
    put(figures, "alignment scale, percent", e -> 100 * Math.abs(e.scale() - 1));
    return figures;
  }

  private void put(
      Map<String, Double> figures, String name, ToDoubleFunction<Similarity.Parts> part) {
    double[] sorted = errors.stream().mapToDouble(part).sorted().toArray();
    figures.put(name + " (median)", sorted[sorted.length / 2]);
    figures.put(name + " (90 %)", sorted[Math.min(sorted.length - 1, sorted.length * 9 / 10)]);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    figures()
        .forEach(
            (name, value) ->
                text.append(text.isEmpty() ? "" : "; ")
                    .append(Strings.format("%s %.2f", name, value)));
    return text.toString();
  }
}
