package sc.fiji.spyhop.task.metrics;

import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.LabelMap;

/** Checks that belong together fit together. */
final class Sizes {

  private Sizes() {}

  static void requireEqual(LabelMap predicted, LabelMap truth) {
    if (predicted.width() != truth.width() || predicted.height() != truth.height()) {
      throw new SpyhopException(
          "Label images of different size: expected "
              + truth.width()
              + " x "
              + truth.height()
              + " pixels as in the truth, received "
              + predicted.width()
              + " x "
              + predicted.height()
              + ".");
    }
  }
}
