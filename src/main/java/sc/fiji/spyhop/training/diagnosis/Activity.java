package sc.fiji.spyhop.training.diagnosis;

import sc.fiji.spyhop.tensor.Tensor;

/**
 * How many channels of a ReLU layer do something.
 *
 * @param layer its name
 * @param units channels
 * @param dead channels that are zero at every position of every image looked at
 */
public record Activity(String layer, int units, int dead) {

  /**
   * Finds the channels that are zero at every position of a minibatch.
   *
   * @param activations of a ReLU, [N, C, space...] or [N, C]
   */
  public static Activity of(String layer, Tensor activations) {
    int units = activations.size(1);
    int plane = units == 0 ? 0 : activations.length() / activations.size(0) / units;
    boolean[] alive = new boolean[units];
    float[] data = activations.data();
    for (int i = 0; i < data.length; i++) {
      if (data[i] > 0) alive[i / plane % units] = true;
    }
    int dead = 0;
    for (boolean a : alive) if (!a) dead++;
    return new Activity(layer, units, dead);
  }

  /** Share of the channels that are dead, in [0, 1]. */
  public double share() {
    return (double) dead / units;
  }
}
