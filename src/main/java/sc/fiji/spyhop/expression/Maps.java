package sc.fiji.spyhop.expression;

import java.nio.FloatBuffer;
import java.util.Map;

/**
 * The maps that a program reads and writes.
 *
 * @param sizes samples, channels and places, as they are gone through
 * @param in by the names of the variables
 * @param planes whether what is written has one channel
 * @param turned whether places are what is a sample in memory, whose channels lie behind each other
 */
record Maps(
    Dimensions sizes,
    Map<String, FloatBuffer> in,
    FloatBuffer out,
    boolean planes,
    boolean turned) {

  Maps(Dimensions sizes, Map<String, FloatBuffer> in, FloatBuffer out, boolean planes) {
    this(sizes, in, out, planes, false);
  }

  /** The same with samples as places, for samples of one place. */
  Maps bySamples() {
    return new Maps(new Dimensions(1, sizes.channels(), sizes.samples()), in, out, planes, true);
  }

  /** Reads places of a variable, channel by channel. */
  void read(Expression variable, int sample, int place, int n, float[] into) {
    FloatBuffer from = in.get(variable.name());
    int channels = variable.kind().channels() ? sizes.channels() : 1;
    for (int c = 0; c < channels; c++) {
      if (turned && channels > 1) {
        for (int i = 0; i < n; i++) into[c * n + i] = from.get((place + i) * channels + c);
      } else {
        from.get(at(sample, c, channels, place), into, c * n, n);
      }
    }
  }

  /**
   * Writes places of what comes out, channel by channel.
   *
   * @param isPlane whether all channels get the same values
   */
  void write(float[] values, boolean isPlane, int sample, int place, int n) {
    int channels = planes ? 1 : sizes.channels();
    for (int c = 0; c < channels; c++) {
      int at = isPlane ? 0 : c * n;
      if (turned && channels > 1) {
        for (int i = 0; i < n; i++) out.put((place + i) * channels + c, values[at + i]);
      } else {
        out.put(at(sample, c, channels, place), values, at, n);
      }
    }
  }

  private int at(int sample, int channel, int channels, int place) {
    return (sample * channels + channel) * sizes.places() + place;
  }
}
