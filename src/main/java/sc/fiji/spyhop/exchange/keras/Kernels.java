package sc.fiji.spyhop.exchange.keras;

import java.util.List;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.keras.KerasFile.Weight;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/** Keras' kernels, which have their channels last, in the order of ours. */
final class Kernels {

  private Kernels() {}

  /** From [row, column, input, output] to [output, input, row, column]. */
  static Tensor convolution(Weight w) {
    return permuted(w, Axes.OIHW, 3, 2, 0, 1);
  }

  /** From [row, column, output, input] to [input, output, row, column]. */
  static Tensor transposedConvolution(Weight w) {
    return permuted(w, Axes.IOHW, 3, 2, 0, 1);
  }

  /** From [row, column, channel, multiplier] to [channel * multiplier, 1, row, column]. */
  static Tensor depthwise(Weight w) {
    Tensor t = permuted(w, Axes.OIHW, 2, 3, 0, 1);
    return t.reshape(Axes.OIHW, t.size(0) * t.size(1), 1, t.size(2), t.size(3));
  }

  /** From [input, output] to [output, input]. */
  static Tensor dense(Weight w) {
    require(w, 2);
    int inputs = w.shape().get(0);
    int outputs = w.shape().get(1);
    float[] from = KerasFile.values(w);
    float[] to = new float[from.length];
    int block = 64;
    for (int i0 = 0; i0 < inputs; i0 += block) {
      for (int o0 = 0; o0 < outputs; o0 += block) {
        for (int i = i0; i < Math.min(inputs, i0 + block); i++) {
          for (int o = o0; o < Math.min(outputs, o0 + block); o++) {
            to[o * inputs + i] = from[i * outputs + o];
          }
        }
      }
    }
    return new Tensor(Axes.OI, new int[] {outputs, inputs}, to);
  }

  private static void require(Weight w, int rank) {
    if (w.shape().size() != rank) {
      throw new Unsupported(Strings.format("%s of shape %s", w.name(), w.shape()));
    }
  }

  /**
   * @param order which axis of Keras' each of ours is
   */
  private static Tensor permuted(Weight w, Axes axes, int... order) {
    require(w, 4);
    List<Integer> s = w.shape();
    int[] steps = {s.get(1) * s.get(2) * s.get(3), s.get(2) * s.get(3), s.get(3), 1};
    int[] shape = new int[4];
    int[] step = new int[4];
    for (int d = 0; d < 4; d++) {
      shape[d] = s.get(order[d]);
      step[d] = steps[order[d]];
    }
    float[] from = KerasFile.values(w);
    float[] to = new float[from.length];
    int at = 0;
    for (int a = 0; a < shape[0]; a++) {
      for (int b = 0; b < shape[1]; b++) {
        for (int c = 0; c < shape[2]; c++) {
          int row = a * step[0] + b * step[1] + c * step[2];
          for (int d = 0; d < shape[3]; d++) to[at++] = from[row + d * step[3]];
        }
      }
    }
    return new Tensor(axes, shape, to);
  }
}
