package sc.fiji.spyhop.quantization;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.tensor.Tensor;

/** How far outputs in eight bits are those in 32, where nobody knows what is true. */
final class Agreement {

  private long values;
  private double differences;
  private long decisions;
  private long same;

  /**
   * Compares the outputs for a part of an image.
   *
   * @param expected one for each head, [N, channels, ...]
   */
  void add(List<Tensor> expected, List<Tensor> received) {
    for (int i = 0; i < expected.size(); i++) add(expected.get(i), received.get(i));
  }

  private void add(Tensor expected, Tensor received) {
    for (int i = 0; i < expected.length(); i++) {
      differences += Math.abs((double) expected.data()[i] - received.data()[i]);
    }
    values += expected.length();
    int channels = expected.size(1);
    if (channels == 1) return;
    int places = expected.length() / expected.size(0) / channels;
    for (int n = 0; n < expected.size(0); n++) {
      for (int place = 0; place < places; place++) {
        int from = n * channels * places + place;
        if (largest(expected, from, places) == largest(received, from, places)) same++;
        decisions++;
      }
    }
  }

  /** The channel with the largest value at a place. */
  private static int largest(Tensor t, int from, int step) {
    int largest = 0;
    for (int c = 1; c < t.size(1); c++) {
      if (t.data()[from + c * step] > t.data()[from + largest * step]) largest = c;
    }
    return largest;
  }

  /** By name; where outputs have several channels, also how often the same one is the largest. */
  Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("int8 mean difference", differences / values);
    if (decisions > 0) figures.put("int8 same largest output", (double) same / decisions);
    return figures;
  }
}
