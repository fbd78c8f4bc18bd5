package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;

/** Element-wise functions that are bent in more than one place, or everywhere. */
final class CurveNode extends Dl4jNode {

  private final Layer.Function function;

  /** Whether the slope can be told from the value, so that the input need not be kept. */
  private final boolean invertible;

  CurveNode(Layer.Function function) {
    this.function = function;
    invertible = function != Layer.Function.SWISH && function != Layer.Function.HARD_SWISH;
  }

  static boolean covers(Layer.Function function) {
    return switch (function) {
      case RELU6, ELU, SWISH, HARD_SIGMOID, HARD_SWISH -> true;
      case IDENTITY, RELU, LEAKY_RELU, TANH, SIGMOID, SOFTMAX -> false;
    };
  }

  @Override
  public boolean worksInPlace() {
    return invertible;
  }

  @Override
  public boolean needsOutput() {
    return invertible;
  }

  @Override
  public boolean needsInput() {
    return !invertible;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    if (in[0] != out) out.copyFrom(in[0]);
    Elementwise.update(out, this::values);
  }

  private void values(float[] a, int n) {
    switch (function) {
      case RELU6 -> {
        for (int i = 0; i < n; i++) a[i] = Math.min(Math.max(a[i], 0f), 6f);
      }
      case ELU -> {
        for (int i = 0; i < n; i++) if (a[i] < 0) a[i] = (float) Math.expm1(a[i]);
      }
      case HARD_SIGMOID -> {
        for (int i = 0; i < n; i++) a[i] = hardSigmoid(a[i]);
      }
      case SWISH -> {
        for (int i = 0; i < n; i++) a[i] *= sigmoid(a[i]);
      }
      case HARD_SWISH -> {
        for (int i = 0; i < n; i++) a[i] *= hardSigmoid(a[i]);
      }
      default -> throw new AssertionError(function);
    }
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    Block result = inGradients[0];
    if (result == null) return;
    if (result != gradient) result.copyFrom(gradient);
    Elementwise.update(result, invertible ? out : in[0], this::slopes);
  }

  /** Multiplies gradients by the slope where the function has these values, or else inputs. */
  private void slopes(float[] g, float[] at, int n) {
    switch (function) {
      case RELU6 -> {
        for (int i = 0; i < n; i++) if (at[i] <= 0 || at[i] >= 6) g[i] = 0;
      }
      case ELU -> {
        for (int i = 0; i < n; i++) g[i] *= Math.min(at[i], 0f) + 1;
      }
      case HARD_SIGMOID -> {
        for (int i = 0; i < n; i++) g[i] *= at[i] <= 0 || at[i] >= 1 ? 0 : 1 / 6f;
      }
      case SWISH -> {
        for (int i = 0; i < n; i++) {
          float s = sigmoid(at[i]);
          g[i] *= s * (1 + at[i] * (1 - s));
        }
      }
      case HARD_SWISH -> {
        for (int i = 0; i < n; i++) {
          float x = at[i];
          g[i] *= x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5f;
        }
      }
      default -> throw new AssertionError(function);
    }
  }

  private static float sigmoid(float x) {
    return (float) (1 / (1 + Math.exp(-x)));
  }

  private static float hardSigmoid(float x) {
    return Math.min(Math.max(x / 6 + 0.5f, 0f), 1f);
  }
}
