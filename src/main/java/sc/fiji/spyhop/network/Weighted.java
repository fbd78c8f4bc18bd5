package sc.fiji.spyhop.network;

import java.util.List;

/** A layer whose outputs are sums of weighted inputs: {@code weight} and perhaps {@code bias}. */
public sealed interface Weighted extends Layer permits Convolution, TransposedConvolution, Dense {

  /** Whether it adds a value of its own to each output channel. */
  boolean bias();

  /** How many values flow into one of its outputs, on average. */
  double fanIn();

  /** Into how many outputs one of its inputs flows, on average. */
  double fanOut();

  /** The same with another number of output channels. */
  Weighted withOutputs(int count);

  /**
   * The product of some sizes as a floating-point number, so that it does not overflow; 1 for none.
   */
  static double product(List<Integer> sizes) {
    return sizes.stream().mapToDouble(Integer::intValue).reduce(1, (a, b) -> a * b);
  }
}
