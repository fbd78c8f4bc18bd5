package sc.fiji.spyhop.engine;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Parallel;
import sc.fiji.spyhop.weights.Weights;

/** The {@link Optimizer}s in plain Java, so that all engines agree. Not thread safe. */
public final class Updater {

  private static final int CHUNK = 4096;
  private static final String STEP = "step";

  private final Optimizer optimizer;
  private final Map<String, Double> rates;
  private final List<Slot> slots;
  private final Map<String, float[]> first = new LinkedHashMap<>();
  private final Map<String, float[]> second = new LinkedHashMap<>();
  private final Map<String, float[]> held = new HashMap<>();
  private long steps;

  /** One trained parameter: where its values lie and where its gradient is found. */
  public record Slot(Parameter parameter, FloatBuffer values, FloatBuffer gradient) {

    int length() {
      return values.capacity();
    }
  }

  /**
   * Begins without momentum.
   *
   * @param rates factors of the learning rate by layer; 1 for layers not named
   */
  public Updater(Optimizer optimizer, Map<String, Double> rates, List<Slot> slots) {
    this.optimizer = optimizer;
    this.rates = Map.copyOf(rates);
    this.slots = List.copyOf(slots);
    boolean momentum = !(optimizer instanceof Optimizer.Sgd s) || s.momentum() != 0;
    boolean variance = !(optimizer instanceof Optimizer.Sgd);
    for (Slot slot : slots) {
      int length = slot.values().capacity();
      if (momentum) first.put(slot.parameter().name(), new float[length]);
      if (variance) second.put(slot.parameter().name(), new float[length]);
    }
  }

  /** Number of updates made. */
  public long steps() {
    return steps;
  }

  /**
   * Keeps the gradients, to be added to the next ones; not if one is not finite.
   *
   * @return their Euclidean norm
   */
  public double hold() {
    double norm = Math.sqrt(squares(0));
    if (!Double.isFinite(norm)) return norm;
    addHeld();
    for (Slot slot : slots) {
      float[] g = held.computeIfAbsent(slot.parameter().name(), n -> new float[slot.length()]);
      slot.gradient().get(0, g);
    }
    return norm;
  }

  private void addHeld() {
    if (held.isEmpty()) return;
    for (Slot slot : slots) {
      float[] before = held.get(slot.parameter().name());
      Parallel.ranges(
          slot.length(),
          (from, to) -> {
            for (int i = from; i < to; i++) {
              slot.gradient().put(i, slot.gradient().get(i) + before[i]);
            }
          });
    }
  }

  /**
   * Adds what is held to the gradients, and {@code l2 * w} to those of kernels.
   *
   * @return Euclidean norm of all gradients
   */
  public double prepare(double l2) {
    addHeld();
    held.clear();
    return Math.sqrt(squares(l2));
  }

  private double squares(double l2) {
    double squares = 0;
    for (Slot slot : slots) {
      float factor = slot.parameter().role().isDecayed() ? (float) l2 : 0;
      squares +=
          Parallel.sum(slot.gradient().capacity(), (from, to) -> add(slot, factor, from, to));
    }
    return squares;
  }

  private static double add(Slot slot, float factor, int from, int to) {
    float[] g = new float[CHUNK];
    float[] w = new float[factor == 0 ? 0 : CHUNK];
    double squares = 0;
    for (int at = from; at < to; at += CHUNK) {
      int n = Math.min(CHUNK, to - at);
      slot.gradient().get(at, g, 0, n);
      if (factor != 0) {
        slot.values().get(at, w, 0, n);
        for (int i = 0; i < n; i++) g[i] += factor * w[i];
        slot.gradient().put(at, g, 0, n);
      }
      for (int i = 0; i < n; i++) squares += (double) g[i] * g[i];
    }
    return squares;
  }

  /**
   * Changes the weights.
   *
   * @param scale the gradients are multiplied by it first
   * @param learningRate before the factors of layers
   */
  public void update(double scale, double learningRate) {
    steps++;
    for (Slot slot : slots) {
      String name = slot.parameter().name();
      double rate = learningRate * rates.getOrDefault(slot.parameter().layer(), 1.0);
      float[] m = first.get(name);
      float[] v = second.get(name);
      Parallel.ranges(
          slot.values().capacity(),
          (from, to) -> {
            float[] w = new float[CHUNK];
            float[] g = new float[CHUNK];
            for (int at = from; at < to; at += CHUNK) {
              int n = Math.min(CHUNK, to - at);
              slot.values().get(at, w, 0, n);
              slot.gradient().get(at, g, 0, n);
              if (scale != 1) for (int i = 0; i < n; i++) g[i] *= (float) scale;
              if (optimizer instanceof Optimizer.Sgd o) {
                sgd(o, w, g, m, at, n, (float) rate);
              } else if (optimizer instanceof Optimizer.Adam o) {
                adam(o.beta1(), o.beta2(), o.epsilon(), w, g, m, v, at, n, rate);
              } else if (optimizer instanceof Optimizer.AdamW o) {
                if (slot.parameter().role().isDecayed()) {
                  float keep = (float) (1 - rate * o.decay());
                  for (int i = 0; i < n; i++) w[i] *= keep;
                }
                adam(o.beta1(), o.beta2(), o.epsilon(), w, g, m, v, at, n, rate);
              }
              slot.values().put(at, w, 0, n);
            }
          });
    }
  }

  private static void sgd(
      Optimizer.Sgd o, float[] w, float[] g, float[] momentum, int at, int n, float rate) {
    float mu = (float) o.momentum();
    if (mu == 0) {
      for (int i = 0; i < n; i++) w[i] -= rate * g[i];
      return;
    }
    for (int i = 0; i < n; i++) {
      float m = mu * momentum[at + i] + g[i];
      momentum[at + i] = m;
      w[i] -= rate * (g[i] + mu * m);
    }
  }

  private void adam(
      double beta1,
      double beta2,
      double epsilon,
      float[] w,
      float[] g,
      float[] first,
      float[] second,
      int at,
      int n,
      double rate) {
    float b1 = (float) beta1;
    float b2 = (float) beta2;
    float r1 = (float) (1 - beta1);
    float r2 = (float) (1 - beta2);
    float step = (float) (rate / (1 - Math.pow(beta1, steps)));
    float correction = (float) (1 / Math.sqrt(1 - Math.pow(beta2, steps)));
    float e = (float) epsilon;
    for (int i = 0; i < n; i++) {
      float m = b1 * first[at + i] + r1 * g[i];
      float v = b2 * second[at + i] + r2 * g[i] * g[i];
      first[at + i] = m;
      second[at + i] = v;
      w[i] -= step * m / ((float) Math.sqrt(v) * correction + e);
    }
  }

  /**
   * A copy of what is remembered between updates: {@code step} [2] (the number of updates, in units
   * of 2^20 and the rest) and for each parameter {@code NAME.first_moment} and {@code
   * NAME.second_moment}, as far as the optimiser has them.
   */
  public Weights state() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    float[] count = {steps >> 20, steps & ((1 << 20) - 1)};
    tensors.put(STEP, new Tensor(Axes.C, new int[] {2}, count));
    for (Slot slot : slots) {
      for (Map.Entry<String, float[]> e : moments(slot).entrySet()) {
        Parameter p = slot.parameter();
        int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
        tensors.put(e.getKey(), new Tensor(p.axes(), shape, e.getValue().clone()));
      }
    }
    return new Weights(tensors);
  }

  /**
   * Takes up what {@link #state} gave.
   *
   * @throws SpyhopException if it is of another optimiser or network; nothing is changed then
   */
  public void restore(Weights state) {
    find(state, STEP, 2);
    for (Slot slot : slots) {
      moments(slot).forEach((name, values) -> find(state, name, values.length));
    }
    held.clear();
    float[] count = find(state, STEP, 2);
    steps = ((long) count[0] << 20) + (long) count[1];
    for (Slot slot : slots) {
      moments(slot)
          .forEach(
              (name, values) ->
                  System.arraycopy(find(state, name, values.length), 0, values, 0, values.length));
    }
  }

  private Map<String, float[]> moments(Slot slot) {
    String name = slot.parameter().name();
    Map<String, float[]> moments = new LinkedHashMap<>();
    if (first.containsKey(name)) moments.put(name + ".first_moment", first.get(name));
    if (second.containsKey(name)) moments.put(name + ".second_moment", second.get(name));
    return moments;
  }

  private static float[] find(Weights state, String name, int length) {
    Tensor t = state.tensors().get(name);
    if (t == null || t.length() != length) {
      throw new SpyhopException(
          "optimiser state: expected "
              + name
              + " with "
              + length
              + " values, received "
              + (t == null ? "none" : t)
              + "; it was saved with another network or optimiser");
    }
    return t.data();
  }
}
