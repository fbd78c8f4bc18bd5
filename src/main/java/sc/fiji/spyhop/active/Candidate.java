package sc.fiji.spyhop.active;

import java.util.List;

/**
 * What a network makes of an image that is not labelled.
 *
 * @param score how unsure it is, in [0, 1]
 * @param description of what it sees; those of alike images are near each other
 */
public record Candidate(double score, float[] description) {

  /** Of several things that are seen in one image: how unsure on average, and what of each. */
  static Candidate mean(List<Candidate> each) {
    int length = each.stream().mapToInt(c -> c.description.length).sum();
    float[] all = new float[length];
    int at = 0;
    double sum = 0;
    for (Candidate c : each) {
      System.arraycopy(c.description, 0, all, at, c.description.length);
      at += c.description.length;
      sum += c.score;
    }
    return new Candidate(sum / each.size(), all);
  }

  double distance(Candidate other) {
    double sum = 0;
    for (int i = 0; i < description.length; i++) {
      double d = description[i] - other.description[i];
      sum += d * d;
    }
    return Math.sqrt(sum);
  }
}
