package sc.fiji.spyhop.active;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * How unsure a network is, from 0, one class is certain, to 1, all are equally likely (Settles
 * 2009, Active Learning Literature Survey, section 3.1).
 */
public enum Uncertainty {
  /** Shannon entropy, relative to that of equal probabilities. */
  ENTROPY {
    @Override
    double between(double first, double second, double entropy, int classes) {
      return entropy / Math.log(classes);
    }
  },
  /** How little the most likely class is ahead of the next. */
  MARGIN {
    @Override
    double between(double first, double second, double entropy, int classes) {
      return 1 - (first - second);
    }
  },
  /** How far the most likely class is from certain. */
  CONFIDENCE {
    @Override
    double between(double first, double second, double entropy, int classes) {
      return (1 - first) * classes / (classes - 1);
    }
  };

  abstract double between(double first, double second, double entropy, int classes);

  /**
   * Of one decision.
   *
   * @param probabilities of at least two classes, in [0, 1], their sum 1
   */
  public double of(float... probabilities) {
    if (probabilities.length < 2) {
      throw new IllegalArgumentException("uncertainty: expected at least two probabilities");
    }
    double first = 0;
    double second = 0;
    double entropy = 0;
    for (float p : probabilities) {
      if (p > 0) entropy -= p * Math.log(p);
      if (p > first) {
        second = first;
        first = p;
      } else if (p > second) {
        second = p;
      }
    }
    return Math.max(0, Math.min(1, between(first, second, entropy, probabilities.length)));
  }

  /** Of a decision between yes and no. */
  double ofYes(double probability) {
    return of((float) probability, (float) (1 - probability));
  }

  /**
   * By name, in whatever case.
   *
   * @throws SpyhopException for another word
   */
  public static Uncertainty parse(String word) {
    return Arrays.stream(values())
        .filter(u -> u.name().equalsIgnoreCase(word.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "Measure: expected one of %s, received \"%s\".",
                        Arrays.stream(values())
                            .map(u -> u.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", ")),
                        word)));
  }
}
