package sc.fiji.spyhop.exchange.graph;

import java.util.Arrays;
import java.util.OptionalDouble;
import sc.fiji.spyhop.util.Strings;

/** {@code scale * x + shift}, one of each for every channel. */
record ScaleAndShift(float[] scale, float[] shift) {

  static ScaleAndShift of(float[] scale, float[] shift, int channels) {
    return new ScaleAndShift(spread(scale, channels), spread(shift, channels));
  }

  private static float[] spread(float[] values, int channels) {
    if (values.length == 1) return filled(values[0], channels);
    if (values.length != channels) {
      throw new Unsupported(
          Strings.format("%d constants for %d channels", values.length, channels));
    }
    return values;
  }

  static float[] filled(float value, int length) {
    float[] all = new float[length];
    Arrays.fill(all, value);
    return all;
  }

  boolean isIdentity() {
    return isAll(1, 0);
  }

  /** Whether every channel is multiplied by one number and shifted by one, up to rounding. */
  boolean isAll(double factor, double offset) {
    for (int c = 0; c < scale.length; c++) {
      if (Math.abs(scale[c] - factor) > 1e-6 || Math.abs(shift[c] - offset) > 1e-6) return false;
    }
    return true;
  }

  /** By what all channels are multiplied; absent if that differs. */
  OptionalDouble onlyScale() {
    return only(scale);
  }

  /** By what all channels are shifted; absent if that differs. */
  OptionalDouble onlyShift() {
    return only(shift);
  }

  private static OptionalDouble only(float[] values) {
    for (float v : values) {
      if (v != values[0]) return OptionalDouble.empty();
    }
    return OptionalDouble.of(values[0]);
  }
}
