package sc.fiji.spyhop.prediction;

import java.util.Optional;

/**
 * One object in an image: where, what, and how sure.
 *
 * @param type its class, not blank
 * @param score how sure, finite: confidence in [0, 1] from a network, 1 from an annotator
 * @param mask its pixels, where an annotator drew more than a box
 */
public record LocalizedObject(Box box, String type, double score, Optional<Mask> mask) {

  /**
   * Throws an {@link IllegalArgumentException} if the class is blank, or the score not from 0 to 1.
   */
  public LocalizedObject {
    if (type.isBlank()) throw new IllegalArgumentException("object: expected the name of a class");
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("object: expected a score from 0 to 1, received " + score);
    }
  }

  /** A box of which no more is known. */
  public LocalizedObject(Box box, String type, double score) {
    this(box, type, score, Optional.empty());
  }

  /** As an annotator says it. */
  public LocalizedObject(Box box, String type) {
    this(box, type, 1);
  }

  /** The same, otherwise sure. */
  public LocalizedObject withScore(double value) {
    return new LocalizedObject(box, type, value, mask);
  }

  /** The same with its pixels. */
  public LocalizedObject withMask(Mask pixels) {
    return new LocalizedObject(box, type, score, Optional.of(pixels));
  }

  /** Further to the right and down, where its pixels are not known. */
  public LocalizedObject shifted(double dx, double dy) {
    return withBox(box.shifted(dx, dy));
  }

  /** In another place, where its pixels are not known. */
  public LocalizedObject withBox(Box other) {
    return new LocalizedObject(other, type, score);
  }
}
