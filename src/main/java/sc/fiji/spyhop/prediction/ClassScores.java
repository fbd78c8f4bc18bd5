package sc.fiji.spyhop.prediction;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * How likely each class is: what a network says, or with certain classes, what an annotator says.
 * Immutable.
 */
public final class ClassScores {

  private final float[] probabilities;

  /**
   * Takes a copy of the probabilities.
   *
   * @param probabilities one for each class, at least one, in [0, 1]; they sum to 1 where classes
   *     exclude each other
   */
  public ClassScores(float... probabilities) {
    if (probabilities.length == 0) {
      throw new IllegalArgumentException("class scores: expected at least one class");
    }
    for (float p : probabilities) {
      if (!(p >= 0 && p <= 1.0001f)) {
        throw new IllegalArgumentException("class scores: expected 0 to 1, received " + p);
      }
    }
    this.probabilities = probabilities.clone();
  }

  /** One class and no other. */
  public static ClassScores certain(int index, int classes) {
    if (index < 0 || index >= classes) {
      throw new SpyhopException(
          Strings.format(
              "Class: expected a number from 0 to %d, received %d.", classes - 1, index));
    }
    float[] p = new float[classes];
    p[index] = 1;
    return new ClassScores(p);
  }

  /**
   * Several classes, or none, and no other.
   *
   * @param indices of those classes, from 0
   */
  public static ClassScores certain(List<Integer> indices, int classes) {
    float[] p = new float[classes];
    for (int index : indices) p[index] = 1;
    return new ClassScores(p);
  }

  /** Number of classes. */
  public int classes() {
    return probabilities.length;
  }

  /** From 0 to 1, of the class with this number, counted from 0. */
  public float probability(int index) {
    return probabilities[index];
  }

  /** The most likely class; the first of equals. */
  public int best() {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) best = i;
    }
    return best;
  }

  /** Classes, the most likely first; equals in their order. */
  public int[] ranked() {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted((a, b) -> Float.compare(probabilities[b], probabilities[a]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** How many classes come before one in the ranking. */
  public int rank(int index) {
    float p = probabilities[index];
    int rank = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > p || probabilities[i] == p && i < index) rank++;
    }
    return rank;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassScores that && Arrays.equals(probabilities, that.probabilities);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(probabilities);
  }

  @Override
  public String toString() {
    return Arrays.toString(probabilities);
  }
}
