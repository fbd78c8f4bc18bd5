package sc.fiji.spyhop.engine;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.expression.Fault;
import sc.fiji.spyhop.expression.LossFormula;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Parallel;
import sc.fiji.spyhop.util.Strings;

/**
 * Values and gradients of the {@link Loss}es, in plain Java, so that all engines agree. Thread
 * safe.
 */
public final class Losses {

  private Losses() {}

  /**
   * Loss of a layer's activations.
   *
   * @param activations [N, C, space...] or [N, C]
   * @param gradient receives the derivative with respect to each activation; as long as the
   *     activations
   * @return the loss; 0 if no position counts
   * @throws SpyhopException if the target does not fit the activations
   */
  public static double evaluate(Loss loss, Tensor activations, Target target, float[] gradient) {
    Frame f = new Frame(loss, activations, target, gradient);
    if (loss instanceof Loss.CrossEntropy l) return crossEntropy(l, f);
    if (loss instanceof Loss.BinaryCrossEntropy l) return binaryCrossEntropy(l, f);
    if (loss instanceof Loss.Focal l) return focal(l, f);
    if (loss instanceof Loss.Dice l) {
      return f.channels == 1 ? sigmoidDice(l.smooth(), f) : dice(l, f);
    }
    if (loss instanceof Loss.SigmoidDice l) return sigmoidDice(l.smooth(), f);
    if (loss instanceof Loss.SquaredError) return squaredError(f);
    if (loss instanceof Loss.AbsoluteError) return absoluteError(f);
    if (loss instanceof Loss.Huber l) return huber(l, f);
    if (loss instanceof Loss.StructuralSimilarity) {
      return SimilarityLoss.evaluate(activations, target, gradient);
    }
    if (f.positions == 0) return f.clear();
    if (loss instanceof Loss.Formula l) return formula(l.formula(), f);
    if (loss instanceof Loss.Plugin l) {
      return Plugins.call(
          l.plugin(), () -> l.plugin().evaluate(f.sizes(), f.y, f.t, f.w, f.gradient));
    }
    throw new AssertionError(loss);
  }

  /** Arrays of one evaluation and how they are laid out. */
  private static final class Frame {
    final float[] y;
    final float[] t;
    final float[] w;
    final float[] gradient;
    final int channels;
    final int space;
    final int positions;

    Frame(Loss loss, Tensor activations, Target target, float[] gradient) {
      int[] shape = activations.shape();
      y = activations.data();
      channels = shape[1];
      space = shape[0] == 0 || channels == 0 ? 0 : y.length / shape[0] / channels;
      positions = shape[0] * space;
      boolean classes =
          loss instanceof Loss.CrossEntropy
              || loss instanceof Loss.Dice && channels > 1
              || loss instanceof Loss.Formula l
                  && l.formula().output() == LossFormula.Output.SOFTMAX
              || loss instanceof Loss.Plugin p && p.classes();
      int[] single = shape.clone();
      single[1] = 1;
      check("target", target.values(), classes ? single : shape);
      target.weights().ifPresent(weights -> check("target weights", weights, single));
      t = target.values().data();
      w = target.weights().map(Tensor::data).orElse(new float[0]);
      this.gradient = gradient;
    }

    private static void check(String what, Tensor tensor, int[] shape) {
      if (!Arrays.equals(tensor.shape(), shape)) {
        throw new SpyhopException(
            what
                + ": expected shape "
                + Arrays.toString(shape)
                + ", received "
                + Arrays.toString(tensor.shape()));
      }
    }

    Dimensions sizes() {
      return new Dimensions(positions / space, channels, space);
    }

    /** Where a position's first channel lies. */
    int at(int position) {
      return position / space * space * channels + position % space;
    }

    /** What is said of a position: one value, or one for each channel. */
    double[] values(float[] of, int position) {
      if (of.length == positions) return new double[] {of[position]};
      double[] values = new double[channels];
      for (int j = 0; j < channels; j++) values[j] = of[at(position) + j * space];
      return values;
    }

    double weight(int position) {
      return w.length == 0 ? 1 : w[position];
    }

    double totalWeight() {
      return w.length == 0
          ? positions
          : Parallel.sum(
              positions,
              (from, to) -> {
                double sum = 0;
                for (int i = from; i < to; i++) sum += w[i];
                return sum;
              });
    }

    int classAt(int position) {
      float value = t[position];
      if (value < 0) return -1;
      int c = (int) value;
      if (c != value || c >= channels) {
        throw new SpyhopException(
            "target: expected class numbers from 0 to "
                + (channels - 1)
                + " (negative: ignored), received "
                + value);
      }
      return c;
    }

    double clear() {
      Arrays.fill(gradient, 0);
      return 0;
    }
  }

  private static double crossEntropy(Loss.CrossEntropy loss, Frame f) {
    int c = f.channels;
    double[] classWeights = new double[c];
    Arrays.fill(classWeights, 1);
    if (!loss.classWeights().isEmpty()) {
      if (loss.classWeights().size() != c) {
        throw new SpyhopException(
            "class weights: expected one for each of the "
                + c
                + " classes, received "
                + loss.classWeights().size());
      }
      for (int k = 0; k < c; k++) classWeights[k] = loss.classWeights().get(k);
    }
    double total =
        Parallel.sum(
            f.positions,
            (from, to) -> {
              double sum = 0;
              for (int i = from; i < to; i++) {
                int k = f.classAt(i);
                if (k >= 0) sum += f.weight(i) * classWeights[k];
              }
              return sum;
            });
    if (total == 0) return f.clear();
    double even = loss.labelSmoothing() / c;
    double sum =
        Parallel.sum(
            f.positions,
            (from, to) -> {
              double[] p = new double[c];
              double part = 0;
              for (int i = from; i < to; i++) {
                int at = f.at(i);
                int k = f.classAt(i);
                double weight = k < 0 ? 0 : f.weight(i) * classWeights[k];
                if (weight == 0) {
                  for (int j = 0; j < c; j++) f.gradient[at + j * f.space] = 0;
                  continue;
                }
                double logSum = softmax(f, at, p);
                double cross = 0;
                for (int j = 0; j < c; j++) {
                  double q = even + (j == k ? 1 - loss.labelSmoothing() : 0);
                  if (q != 0) cross += q * (logSum - f.y[at + j * f.space]);
                  f.gradient[at + j * f.space] = (float) (weight / total * (p[j] - q));
                }
                part += weight * cross;
              }
              return part;
            });
    return sum / total;
  }

  /** Fills in the probabilities at a position; returns the logarithm of the sum of exponentials. */
  private static double softmax(Frame f, int at, double[] p) {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < p.length; j++) max = Math.max(max, f.y[at + j * f.space]);
    double sum = 0;
    for (int j = 0; j < p.length; j++) sum += p[j] = Math.exp(f.y[at + j * f.space] - max);
    for (int j = 0; j < p.length; j++) p[j] /= sum;
    return max + Math.log(sum);
  }

  private static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  /** A loss that looks at one value at a time. */
  private interface Single {
    /** Loss of value y against target t. */
    double value(double y, double t);

    /** Its derivative with respect to y. */
    double slope(double y, double t);
  }

  /** Weighted mean over positions and channels. */
  private static double each(Frame f, Single loss) {
    return each(f, loss, Double.NEGATIVE_INFINITY, f.totalWeight() * f.channels);
  }

  /** Weighted sum over all values whose target is not below a limit, over a total. */
  private static double each(Frame f, Single loss, double least, double total) {
    if (total == 0) return f.clear();
    double sum =
        Parallel.sum(
            f.positions,
            (from, to) -> {
              double part = 0;
              for (int i = from; i < to; i++) {
                int at = f.at(i);
                double weight = f.weight(i);
                for (int j = 0; j < f.channels; j++, at += f.space) {
                  if (weight == 0 || f.t[at] < least) {
                    f.gradient[at] = 0;
                  } else {
                    part += weight * loss.value(f.y[at], f.t[at]);
                    f.gradient[at] = (float) (weight / total * loss.slope(f.y[at], f.t[at]));
                  }
                }
              }
              return part;
            });
    return sum / total;
  }

  /** Weight of all values whose target is not below a limit. */
  private static double weightFrom(Frame f, double least) {
    return Parallel.sum(
        f.positions,
        (from, to) -> {
          double sum = 0;
          for (int i = from; i < to; i++) {
            int at = f.at(i);
            for (int j = 0; j < f.channels; j++, at += f.space) {
              if (f.t[at] >= least) sum += f.weight(i);
            }
          }
          return sum;
        });
  }

  private static double binaryCrossEntropy(Loss.BinaryCrossEntropy loss, Frame f) {
    if (!loss.positiveWeights().isEmpty()) return weighted(loss.positiveWeights(), f);
    return each(
        f,
        new Single() {
          @Override
          public double value(double y, double t) {
            return softplus(y) - y * t;
          }

          @Override
          public double slope(double y, double t) {
            return sigmoid(y) - t;
          }
        },
        0,
        weightFrom(f, 0));
  }

  /** {@code log(1 + e^x)}, for any x. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double focal(Loss.Focal loss, Frame f) {
    double a = loss.alpha();
    return each(
        f,
        new Single() {
          @Override
          public double value(double y, double t) {
            return t >= 1
                ? Math.pow(sigmoid(-y), a) * softplus(-y)
                : Math.pow(1 - t, loss.beta()) * Math.pow(sigmoid(y), a) * softplus(y);
          }

          @Override
          public double slope(double y, double t) {
            double p = sigmoid(y);
            double q = sigmoid(-y);
            return t >= 1
                ? -Math.pow(q, a) * (a * p * softplus(-y) + q)
                : Math.pow(1 - t, loss.beta()) * Math.pow(p, a) * (a * q * softplus(y) + p);
          }
        },
        0,
        Math.max(1, weightFrom(f, 1)));
  }

  private static double squaredError(Frame f) {
    return each(
        f,
        new Single() {
          @Override
          public double value(double y, double t) {
            return (y - t) * (y - t);
          }

          @Override
          public double slope(double y, double t) {
            return 2 * (y - t);
          }
        });
  }

  private static double absoluteError(Frame f) {
    return each(
        f,
        new Single() {
          @Override
          public double value(double y, double t) {
            return Math.abs(y - t);
          }

          @Override
          public double slope(double y, double t) {
            return Math.signum(y - t);
          }
        });
  }

  private static double huber(Loss.Huber loss, Frame f) {
    double delta = loss.delta();
    return each(
        f,
        new Single() {
          @Override
          public double value(double y, double t) {
            double d = Math.abs(y - t);
            return d <= delta ? d * d / 2 : delta * (d - delta / 2);
          }

          @Override
          public double slope(double y, double t) {
            return Math.max(-delta, Math.min(delta, y - t));
          }
        });
  }

  /**
   * Where a formula makes a number that is not finite.
   *
   * @return absent if it does at no place
   */
  public static Optional<Fault> fault(Loss.Formula loss, Tensor activations, Target target) {
    Frame f = new Frame(loss, activations, target, new float[0]);
    float[] w = weights(loss.formula(), f);
    for (int i = 0; i < f.positions; i++) {
      Map<String, double[]> values = new HashMap<>();
      values.put(LossFormula.LOGITS, f.values(f.y, i));
      values.put(LossFormula.TARGET, f.values(f.t, i));
      if (w.length > 0) values.put(LossFormula.WEIGHTS, f.values(w, i));
      Optional<Fault> fault = loss.formula().fault(values, f.channels);
      if (fault.isPresent()) return fault;
    }
    return Optional.empty();
  }

  /** Weights of what a formula sums up; none if all counts 1. */
  private static float[] weights(LossFormula formula, Frame f) {
    return switch (formula.output()) {
      case IDENTITY -> f.w;
      case SIGMOID -> valueWeights(f);
      case SOFTMAX -> classWeights(f);
    };
  }

  private static double formula(LossFormula formula, Frame f) {
    float[] weights = weights(formula, f);
    if (weights.length > 0 && isNothing(weights)) return f.clear();
    Map<String, FloatBuffer> in = new HashMap<>();
    in.put(LossFormula.LOGITS, FloatBuffer.wrap(f.y));
    in.put(LossFormula.TARGET, FloatBuffer.wrap(f.t));
    in.put(LossFormula.WEIGHTS, FloatBuffer.wrap(weights));
    return formula.program(weights.length > 0).run(f.sizes(), in, FloatBuffer.wrap(f.gradient));
  }

  private static boolean isNothing(float[] weights) {
    for (float w : weights) if (w > 0) return false;
    return true;
  }

  /** Weights of values, 0 where the target is negative. */
  private static float[] valueWeights(Frame f) {
    float[] weights = new float[f.t.length];
    for (int i = 0; i < f.positions; i++) {
      for (int j = 0, at = f.at(i); j < f.channels; j++, at += f.space) {
        weights[at] = f.t[at] < 0 ? 0 : (float) f.weight(i);
      }
    }
    return weights;
  }

  /** Weights of positions, 0 where no class is known; none if all positions count 1. */
  private static float[] classWeights(Frame f) {
    float[] weights = f.w.clone();
    for (int i = 0; i < f.positions; i++) {
      if (f.classAt(i) >= 0) continue;
      if (weights.length == 0) {
        weights = new float[f.positions];
        Arrays.fill(weights, 1);
      }
      weights[i] = 0;
    }
    return weights;
  }

  /** Where what is there counts otherwise than what is not, by channel. */
  private static double weighted(List<Double> positive, Frame f) {
    if (positive.size() != f.channels) {
      throw new SpyhopException(
          Strings.format(
              "Binary cross-entropy: expected a weight of what is there for each of %d channels,"
                  + " received %d.",
              f.channels, positive.size()));
    }
    double total = weightFrom(f, 0);
    if (total == 0) return f.clear();
    double sum =
        Parallel.sum(
            f.positions,
            (from, to) -> {
              double part = 0;
              for (int i = from; i < to; i++) {
                int at = f.at(i);
                double weight = f.weight(i);
                for (int j = 0; j < f.channels; j++, at += f.space) {
                  double t = f.t[at];
                  if (weight == 0 || t < 0) {
                    f.gradient[at] = 0;
                    continue;
                  }
                  double y = f.y[at];
                  double there = positive.get(j) * t;
                  double p = sigmoid(y);
                  part += weight * (there * softplus(-y) + (1 - t) * softplus(y));
                  f.gradient[at] = (float) (weight / total * (there * (p - 1) + (1 - t) * p));
                }
              }
              return part;
            });
    return sum / total;
  }

  /** Each channel by itself; what is negative in the truth does not count. */
  private static double sigmoidDice(double smooth, Frame f) {
    double[] above = new double[f.channels];
    double[] below = new double[f.channels];
    double value = 0;
    for (int c = 0; c < f.channels; c++) {
      int channel = c;
      above[c] =
          smooth + 2 * Parallel.sum(f.positions, (from, to) -> overlap(f, channel, from, to, true));
      below[c] =
          smooth + Parallel.sum(f.positions, (from, to) -> overlap(f, channel, from, to, false));
      value += (1 - above[c] / below[c]) / f.channels;
    }
    Parallel.ranges(
        f.positions,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int at = f.at(i);
            for (int c = 0; c < f.channels; c++, at += f.space) {
              double p = sigmoid(f.y[at]);
              double slope =
                  (above[c] - 2 * f.t[at] * below[c]) / (below[c] * below[c]) / f.channels;
              f.gradient[at] =
                  f.weight(i) == 0 || f.t[at] < 0 ? 0 : (float) (f.weight(i) * slope * p * (1 - p));
            }
          }
        });
    return value;
  }

  private static double overlap(Frame f, int channel, int from, int to, boolean both) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      int at = f.at(i) + channel * f.space;
      if (f.weight(i) == 0 || f.t[at] < 0) continue;
      double p = sigmoid(f.y[at]);
      sum += f.weight(i) * (both ? p * f.t[at] : p + f.t[at]);
    }
    return sum;
  }

  private static double dice(Loss.Dice loss, Frame f) {
    int c = f.channels;
    double[] both = new double[c];
    double[] either = new double[c];
    float[] probability = f.gradient;
    Parallel.ranges(
        f.positions,
        (from, to) -> {
          double[] p = new double[c];
          for (int i = from; i < to; i++) {
            int at = f.at(i);
            softmax(f, at, p);
            for (int j = 0; j < c; j++) probability[at + j * f.space] = (float) p[j];
          }
        });
    for (int j = 0; j < c; j++) {
      int k = j;
      both[k] =
          Parallel.sum(
              f.positions,
              (from, to) -> {
                double sum = 0;
                for (int i = from; i < to; i++) {
                  if (f.classAt(i) == k && f.weight(i) != 0) {
                    sum += f.weight(i) * probability[f.at(i) + k * f.space];
                  }
                }
                return sum;
              });
      either[k] =
          Parallel.sum(
              f.positions,
              (from, to) -> {
                double sum = 0;
                for (int i = from; i < to; i++) {
                  int truth = f.classAt(i);
                  if (truth >= 0 && f.weight(i) != 0) {
                    double p = probability[f.at(i) + k * f.space];
                    sum += f.weight(i) * (p + (truth == k ? 1 : 0));
                  }
                }
                return sum;
              });
    }
    double value = 0;
    for (int k = 0; k < c; k++) {
      value += (1 - (2 * both[k] + loss.smooth()) / (either[k] + loss.smooth())) / c;
    }
    Parallel.ranges(
        f.positions,
        (from, to) -> {
          double[] slope = new double[c];
          for (int i = from; i < to; i++) {
            int at = f.at(i);
            int truth = f.classAt(i);
            double weight = truth < 0 ? 0 : f.weight(i);
            double mean = 0;
            for (int j = 0; j < c; j++) {
              double above = 2 * both[j] + loss.smooth();
              double below = either[j] + loss.smooth();
              slope[j] = (above - (j == truth ? 2 * below : 0)) / (below * below) / c;
              mean += slope[j] * probability[at + j * f.space];
            }
            for (int j = 0; j < c; j++) {
              int a = at + j * f.space;
              f.gradient[a] =
                  weight == 0 ? 0 : (float) (weight * probability[a] * (slope[j] - mean));
            }
          }
        });
    return value;
  }
}
