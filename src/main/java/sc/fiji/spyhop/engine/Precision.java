package sc.fiji.spyhop.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;

/**
 * In how many bits a processor is asked to compute. In 16 feature maps and weights as they are used
 * are bfloat16, the first 16 bits of a float: as large and small as those, with 8 binary digits
 * instead of 24. Sums, statistics, losses, answers and the weights that are trained are in 32 bits
 * all the same.
 */
public enum Precision {
  /**
   * In 16 bits where the processor has such arithmetic, an engine was found right with it, and a
   * model gives what it gave when it was made; else in 32. A GPU comes first.
   */
  AUTO,

  /** In 32 bits. */
  FLOAT32,

  /** In 16 bits, or not at all. */
  BFLOAT16;

  /** As it is written in settings. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The precision of a word, as users write it.
   *
   * @throws SpyhopException if it is none of them
   */
  public static Precision of(String text) {
    return Arrays.stream(values())
        .filter(p -> p.text().equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new SpyhopException(
                    "expected one of "
                        + Arrays.stream(values())
                            .map(Precision::text)
                            .collect(Collectors.joining(", "))
                        + "; received \""
                        + text
                        + "\"."));
  }
}
