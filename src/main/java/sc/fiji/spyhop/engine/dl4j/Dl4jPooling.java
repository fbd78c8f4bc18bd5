package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Windows;

/**
 * Max and average pooling: what windows reach beyond the map is put around it, so that ND4J has no
 * padding to interpret, and averages are corrected by how many values each should count.
 */
final class Dl4jPooling extends Dl4jNode {

  private final Pooling layer;
  private final boolean max;
  private final int[] kernel;
  private final int[] stride;
  private final String op;

  Dl4jPooling(Pooling l) {
    layer = l;
    max = l.kind() == Layer.PoolingKind.MAX;
    kernel = ints(l.kernel());
    stride = ints(l.stride());
    op = max ? "maxpool2d" : "avgpool2d";
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  private MapBorder border(Block x) {
    int[] after = new int[2];
    int[] before = new int[2];
    for (int axis = 0; axis < 2; axis++) {
      Windows.Placed placed = layer.windows(axis).over(x.size(axis + 2));
      before[axis] = placed.before();
      after[axis] = Math.max(0, placed.beyond());
    }
    return new MapBorder(before[0], after[0], before[1], after[1]);
  }

  /** How many values each window averages, along one axis. */
  private int[] counts(int axis, int size) {
    Windows windows = layer.windows(axis);
    Windows.Placed placed = windows.over(size);
    boolean padded = layer.countIncludePad();
    int[] counts = new int[placed.count()];
    for (int i = 0; i < counts.length; i++) {
      int from = i * stride[axis] - placed.before();
      int to = Math.min(from + kernel[axis], size + (padded ? windows.after() : 0));
      counts[i] = to - (padded ? from : Math.max(0, from));
    }
    return counts;
  }

  /** Turns means over whole windows into means over the values that count. */
  private void correct(Block x, Block means, BlockPool pool) {
    int[] rows = counts(0, x.size(2));
    int[] columns = counts(1, x.size(3));
    float[] values = new float[rows.length * columns.length];
    float whole = kernel[0] * kernel[1];
    for (int i = 0; i < values.length; i++) {
      values[i] = whole / (rows[i / columns.length] * columns[i % columns.length]);
    }
    Block factors = pool.take(1, 1, rows.length, columns.length);
    factors.write(values);
    Ops.run("multiply", means.array, means.array, factors.array);
    pool.give(factors);
  }

  private void pool(String name, INDArray out, INDArray... in) {
    int[] arguments = {kernel[0], kernel[1], stride[0], stride[1], 0, 0, 1, 1, 0, 0, 0};
    Ops.exec(name, in, new INDArray[] {out}, arguments);
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    MapBorder border = border(in[0]);
    if (border.isEmpty()) {
      pool(op, out.array, in[0].array);
      return;
    }
    Block large = border.around(in[0], max ? Float.NEGATIVE_INFINITY : 0, pool);
    pool(op, out.array, large.array);
    pool.give(large);
    if (!max) correct(in[0], out, pool);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    Block result = inGradients[0];
    if (result == null) return;
    MapBorder border = border(in[0]);
    if (border.isEmpty()) {
      pool(op + "_bp", result.array, in[0].array, gradient.array);
      return;
    }
    if (!max) correct(in[0], gradient, pool);
    Block large = border.around(in[0], max ? Float.NEGATIVE_INFINITY : 0, pool);
    Block largeGradient = pool.take(large.shape());
    pool(op + "_bp", largeGradient.array, large.array, gradient.array);
    border.cut(largeGradient, result);
    pool.give(large);
    pool.give(largeGradient);
  }
}
