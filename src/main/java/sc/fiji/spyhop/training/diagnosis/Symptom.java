package sc.fiji.spyhop.training.diagnosis;

import java.util.Locale;

/** What can be seen to go wrong with a training. */
public enum Symptom {
  /** Loss, gradient or weights overflowed; the training ends. */
  NOT_FINITE,
  /** A formula or plugin of the user makes numbers that are not finite; the training ends. */
  OWN_FUNCTION_NOT_FINITE,
  /** The engine computes wrong on this machine; the training ends. */
  WRONG_ARITHMETIC,
  /** A class to be learned of which there is no example. */
  CLASS_WITHOUT_EXAMPLES,
  /** Right no more often than without looking at the image. */
  NO_BETTER_THAN_GUESSING,
  /** About the same prediction whatever the image. */
  CONSTANT_PREDICTIONS,
  /** A layer most of whose channels are zero for every image. */
  DEAD_UNITS,
  /** Validation loss rises while training loss falls. */
  OVERFITTING,
  /** Loss rises or jumps, or weights change by large parts of themselves. */
  RATE_TOO_HIGH,
  /** Loss hardly falls since weights hardly change. */
  RATE_TOO_LOW,
  /** Classes are told apart, but go by each other's names. */
  SWAPPED_LABELS,
  /** A discriminator that is never wrong, from which a generator learns nothing. */
  DISCRIMINATOR_TOO_STRONG,
  /** A generator that makes about the same image of different noise. */
  MODE_COLLAPSE,
  /** A generator whose images all change together, from epoch to epoch. */
  OSCILLATION;

  /** For tables: lower case, with hyphens. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
