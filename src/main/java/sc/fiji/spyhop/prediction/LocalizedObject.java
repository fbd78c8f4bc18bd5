package sc.fiji.spyhop.prediction;

/**
 * One object in an image: where, what, and how sure.
 *
 * @param type its class, not blank
 * @param score how sure, finite: confidence in [0, 1] from a network, 1 from an annotator
 */
public record LocalizedObject(Box box, String type, double score) {

  public LocalizedObject {
    if (type.isBlank()) throw new IllegalArgumentException("object: expected the name of a class");
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("object: expected a score from 0 to 1, received " + score);
    }
  }

  /** As an annotator says it. */
  public LocalizedObject(Box box, String type) {
    this(box, type, 1);
  }

  public LocalizedObject withBox(Box other) {
    return new LocalizedObject(other, type, score);
  }
}
