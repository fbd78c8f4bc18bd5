package sc.fiji.spyhop.active;

/**
 * What a network makes of an image that is not labelled.
 *
 * @param score how unsure it is, in [0, 1]
 * @param description of what it sees; those of alike images are near each other
 */
public record Candidate(double score, float[] description) {

  double distance(Candidate other) {
    double sum = 0;
    for (int i = 0; i < description.length; i++) {
      double d = description[i] - other.description[i];
      sum += d * d;
    }
    return Math.sqrt(sum);
  }
}
