package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Windows;

/**
 * Max and average pooling, also with padding and in ceil mode: what windows reach beyond the map is
 * put around it, so that ND4J has no padding to interpret, and averages are corrected by how many
 * values each should count.
 */
final class PoolingVertex extends CustomVertex {

  private final transient Pooling layer;
  private final boolean max;
  private final String op;

  PoolingVertex(Pooling l) {
    super(List.of());
    layer = l;
    max = l.kind() == Layer.PoolingKind.MAX;
    op = max ? "maxpool2d" : "avgpool2d";
  }

  private Windows.Placed windows(int axis, INDArray x) {
    return layer.windows(axis).over((int) x.size(axis + 2));
  }

  private Border border(INDArray x) {
    Windows.Placed rows = windows(0, x);
    Windows.Placed columns = windows(1, x);
    return new Border(
        rows.before(), Math.max(0, rows.beyond()), columns.before(), Math.max(0, columns.beyond()));
  }

  private INDArray enlarged(INDArray x) {
    return border(x).around(x, max ? Float.NEGATIVE_INFINITY : 0);
  }

  /** How many values each window averages, along one axis. */
  private int[] counts(int axis, INDArray x) {
    int size = (int) x.size(axis + 2);
    Windows windows = layer.windows(axis);
    Windows.Placed placed = windows.over(size);
    boolean padded = layer.countIncludePad();
    int[] counts = new int[placed.count()];
    for (int i = 0; i < counts.length; i++) {
      int from = i * layer.stride().get(axis) - placed.before();
      int to = Math.min(from + layer.kernel().get(axis), size + (padded ? windows.after() : 0));
      counts[i] = to - (padded ? from : Math.max(0, from));
    }
    return counts;
  }

  /** Turns means over whole windows into means over the values that count. */
  private void correct(INDArray x, INDArray means) {
    if (max || border(x).isEmpty()) return;
    int[] rows = counts(0, x);
    int[] columns = counts(1, x);
    float[] factors = new float[rows.length * columns.length];
    float whole = layer.kernel().get(0) * layer.kernel().get(1);
    for (int i = 0; i < factors.length; i++) {
      factors[i] = whole / (rows[i / columns.length] * columns[i % columns.length]);
    }
    INDArray places = HostArray.inWorkspace(factors, 1, 1, rows.length, columns.length);
    Ops.run("multiply", means, means, places);
  }

  private void pool(String name, INDArray out, INDArray... in) {
    List<Integer> k = layer.kernel();
    List<Integer> s = layer.stride();
    int[] arguments = {k.get(0), k.get(1), s.get(0), s.get(1), 0, 0, 1, 1, 0, 0, 0};
    Ops.exec(name, in, new INDArray[] {out}, arguments);
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray x = in[0];
    INDArray y = memory.take(x.size(0), x.size(1), windows(0, x).count(), windows(1, x).count());
    pool(op, y, enlarged(x));
    correct(x, y);
    return y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray x = in[0];
    correct(x, gradient);
    INDArray result = memory.take(x.shape());
    INDArray large = enlarged(x);
    INDArray back = large == x ? result : Nd4j.createUninitialized(large.shape());
    pool(op + "_bp", back, large, gradient);
    if (back != result) result.assign(border(x).inside(back));
    return new INDArray[] {result};
  }
}
