package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Padding;

/** Kernel and, if there is one, bias, with a common way to call ND4J's operations. */
abstract class Dl4jWeighted extends Dl4jNode {

  private final String op;
  private final int[] arguments;
  private final boolean oneDnn;

  Dl4jWeighted(String op, int[] arguments, boolean oneDnn) {
    this.op = op;
    this.arguments = arguments;
    this.oneDnn = oneDnn;
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  private boolean hasBias() {
    return slots.size() > 1;
  }

  /** A kernel, or its gradient, as the operation wants it. */
  INDArray kernel(Block values) {
    return values.array;
  }

  private void run(String name, INDArray[] in, INDArray[] out) {
    if (oneDnn) {
      Ops.exec(name, in, out, arguments);
    } else {
      NativeLibrary.withoutOneDnn(() -> Ops.exec(name, in, out, arguments));
    }
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    INDArray x = in[0].array;
    INDArray w = kernel(slots.get(0).value);
    INDArray[] all =
        hasBias() ? new INDArray[] {x, w, slots.get(1).value.array} : new INDArray[] {x, w};
    run(op, all, new INDArray[] {out.array});
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    Block gx = inGradients[0] != null ? inGradients[0] : pool.take(in[0].shape());
    Block gw = gradientOf(slots.get(0), pool);
    INDArray x = in[0].array;
    INDArray w = kernel(slots.get(0).value);
    INDArray k = kernel(gw);
    if (hasBias()) {
      Block gb = gradientOf(slots.get(1), pool);
      INDArray b = slots.get(1).value.array;
      INDArray[] all = {x, w, b, gradient.array};
      run(op + "_bp", all, new INDArray[] {gx.array, k, gb.array});
      if (!slots.get(1).isTrained()) pool.give(gb);
    } else {
      run(op + "_bp", new INDArray[] {x, w, gradient.array}, new INDArray[] {gx.array, k});
    }
    if (!slots.get(0).isTrained()) pool.give(gw);
    if (inGradients[0] == null) pool.give(gx);
  }

  private static Block gradientOf(Dl4jValue slot, BlockPool pool) {
    return slot.isTrained() ? slot.gradient : pool.take(slot.value.shape());
  }

  /** Whether oneDNN, as ND4J calls it, can do a convolution. */
  static boolean isPlain(Convolution l) {
    return l.dilation().stream().allMatch(d -> d == 1);
  }

  static int[] arguments(Convolution l) {
    return arguments(ints(l.kernel()), ints(l.stride()), ints(l.dilation()), l.padding());
  }

  /** The integers that ND4J's convolutions take; weights lie as [out, in, rows, columns]. */
  static int[] arguments(int[] kernel, int[] stride, int[] dilation, Padding padding) {
    int same = padding == Padding.SAME ? 1 : 0;
    return new int[] {
      kernel[0], kernel[1], stride[0], stride[1], 0, 0, dilation[0], dilation[1], same, 0, 1
    };
  }
}
