package sc.fiji.spyhop.training;

import java.util.LinkedHashMap;
import java.util.Map;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Exponential moving average of weights (Polyak and Juditsky 1992), running statistics of batch
 * norm included. The decay of update number t, from 0, is {@code min(decay, (1 + t) / (10 + t))},
 * so that the first weights are forgotten soon.
 */
public final class WeightAverage {

  private final double decay;
  private long updates;
  private Weights average;

  /**
   * Begins with a copy of some weights, whose share then decreases with each update.
   *
   * @param decay per update, in [0, 1)
   */
  public WeightAverage(double decay, Weights initial) {
    this(decay, initial, 0);
  }

  /**
   * Continues.
   *
   * @param updates made so far
   */
  public WeightAverage(double decay, Weights average, long updates) {
    this.decay = decay;
    this.average = copy(average);
    this.updates = updates;
  }

  private static Weights copy(Weights weights) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach((n, t) -> copies.put(n, new Tensor(t.axes(), t.shape(), t.data().clone())));
    return new Weights(copies);
  }

  /** Takes in the weights after a step; their tensors are those of the first ones, by name. */
  public void update(Weights weights) {
    float share = (float) (1 - Math.min(decay, (1.0 + updates) / (10.0 + updates)));
    updates++;
    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              float[] now = tensor.data();
              float[] mean = average.get(name).data();
              for (int i = 0; i < mean.length; i++) mean[i] += share * (now[i] - mean[i]);
            });
  }

  /** A copy of the average as it is now. */
  public Weights weights() {
    return copy(average);
  }
}
