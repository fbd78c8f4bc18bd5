package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Upsampling;

/**
 * Bilinear upsampling: each line of the result is a mixture of lines, so that both axes are
 * products with a matrix, and so is the way back.
 */
final class BilinearVertex extends CustomVertex {

  private final int fy;
  private final int fx;

  BilinearVertex(Upsampling l) {
    super(List.of());
    fy = l.factor().get(0);
    fx = l.factor().get(1);
  }

  /** Shares that a line's values have in those of the enlarged line: [size, size * factor]. */
  private static INDArray mixture(long size, int factor) {
    int n = (int) size * factor;
    float[] shares = new float[(int) size * n];
    for (int i = 0; i < n; i++) {
      double at = Math.max(0, Math.min(size - 1, (i + 0.5) / factor - 0.5));
      int low = (int) at;
      float share = (float) (at - low);
      shares[low * n + i] += 1 - share;
      shares[(int) Math.min(size - 1, low + 1) * n + i] += share;
    }
    return HostArray.inWorkspace(shares, size, n);
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray x = in[0];
    INDArray y = memory.take(x.size(0), x.size(1), x.size(2) * fy, x.size(3) * fx);
    apply(x, y, mixture(x.size(2), fy), mixture(x.size(3), fx), true);
    return y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray back = memory.take(in[0].shape());
    apply(gradient, back, mixture(back.size(2), fy), mixture(back.size(3), fx), false);
    return new INDArray[] {back};
  }

  private static void apply(
      INDArray x, INDArray y, INDArray rows, INDArray columns, boolean enlarge) {
    long planes = x.size(0) * x.size(1);
    long h = x.size(2);
    long oh = y.size(2);
    long ow = y.size(3);
    INDArray wide = product(x.reshape('c', planes * h, x.size(3)), columns, ow, enlarge);
    INDArray turned = wide.reshape('c', planes, h, ow).permute(0, 2, 1).dup('c');
    INDArray mixed = product(turned.reshape('c', planes * ow, h), rows, oh, enlarge);
    y.reshape('c', planes, oh, ow).assign(mixed.reshape('c', planes, ow, oh).permute(0, 2, 1));
  }

  private static INDArray product(INDArray lines, INDArray shares, long size, boolean enlarge) {
    INDArray out = Nd4j.createUninitialized(lines.size(0), size);
    Ops.exec("matmul", new INDArray[] {lines, shares}, new INDArray[] {out}, 0, enlarge ? 0 : 1, 0);
    return out;
  }
}
