package sc.fiji.spyhop.generate.style;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import sc.fiji.spyhop.util.Vectors;

/**
 * L-BFGS: steps of Newton's method, the curvature being told by the last steps alone (Nocedal and
 * Wright 2006, section 7.2). Steps are of length one, as they are in PyTorch without line search,
 * and so take one gradient each; only a step that does not make the number smaller enough (Armijo's
 * condition) is halved until it does. The first step is one along the gradient whose absolute
 * changes sum to one.
 *
 * @param memory steps that tell the curvature, at least 1
 */
record Lbfgs(int memory) implements Minimizer {

  /** Share of the promised decrease that a step has to bring. */
  private static final double DECREASE = 1e-4;

  private static final int MAX_HALVINGS = 20;

  /** Curvature along a step below which it tells nothing. */
  private static final double FLAT = 1e-10;

  /** What a step tells of the curvature. */
  private record Pair(float[] step, float[] change, double product) {}

  @Override
  public int minimize(float[] values, Objective objective, int steps, Watch watch) {
    float[] gradient = new float[values.length];
    double number = objective.at(values, gradient);
    Deque<Pair> pairs = new ArrayDeque<>();
    double scale = 1;
    float[] tried = new float[values.length];
    float[] next = new float[values.length];
    for (int step = 1; step <= steps; step++) {
      float[] direction = direction(gradient, pairs, scale);
      double slope = Vectors.dot(gradient, direction);
      if (!(slope < 0) && !pairs.isEmpty()) {
        pairs.clear();
        direction = direction(gradient, pairs, 1);
        slope = Vectors.dot(gradient, direction);
      }
      if (!(slope < 0)) return step - 1;
      double length = pairs.isEmpty() ? Math.min(1, 1 / absolute(gradient)) : 1;
      double found = Double.NaN;
      int halvings = 0;
      for (; halvings <= MAX_HALVINGS; halvings++, length /= 2) {
        for (int i = 0; i < values.length; i++) {
          tried[i] = values[i] + (float) (length * direction[i]);
        }
        found = objective.at(tried, next);
        if (found <= number + DECREASE * length * slope) break;
      }
      if (halvings > MAX_HALVINGS) {
        if (pairs.isEmpty()) return step - 1;
        pairs.clear();
        step--;
        continue;
      }
      Pair pair = pair(values, tried, gradient, next);
      if (pair.product() > FLAT) {
        if (pairs.size() == memory) pairs.removeFirst();
        pairs.addLast(pair);
        scale = pair.product() / Vectors.dot(pair.change(), pair.change());
      }
      System.arraycopy(tried, 0, values, 0, values.length);
      System.arraycopy(next, 0, gradient, 0, gradient.length);
      number = found;
      if (!watch.seen(step, number, values)) return step;
    }
    return steps;
  }

  private static Pair pair(float[] from, float[] to, float[] before, float[] after) {
    float[] step = new float[from.length];
    float[] change = new float[from.length];
    for (int i = 0; i < from.length; i++) {
      step[i] = to[i] - from[i];
      change[i] = after[i] - before[i];
    }
    return new Pair(step, change, Vectors.dot(step, change));
  }

  /** The negative gradient times the inverse curvature, by two loops over the pairs. */
  private static float[] direction(float[] gradient, Deque<Pair> pairs, double scale) {
    float[] d = new float[gradient.length];
    for (int i = 0; i < d.length; i++) d[i] = -gradient[i];
    if (pairs.isEmpty()) return d;
    List<Pair> all = new ArrayList<>(pairs);
    double[] share = new double[all.size()];
    for (int k = all.size() - 1; k >= 0; k--) {
      Pair p = all.get(k);
      share[k] = Vectors.dot(p.step(), d) / p.product();
      Vectors.addTimes(d, -share[k], p.change());
    }
    for (int i = 0; i < d.length; i++) d[i] = (float) (scale * d[i]);
    for (int k = 0; k < all.size(); k++) {
      Pair p = all.get(k);
      Vectors.addTimes(d, share[k] - Vectors.dot(p.change(), d) / p.product(), p.step());
    }
    return d;
  }

  private static double absolute(float[] values) {
    double sum = 0;
    for (float v : values) sum += Math.abs(v);
    return sum;
  }
}
