package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Upsampling;

/**
 * Nearest and bilinear upsampling: each line of the result is a mixture of lines, so that both axes
 * are products with a matrix, and so is the way back.
 */
final class Dl4jUpsampling extends Dl4jNode {

  private final int fy;
  private final int fx;
  private final boolean bilinear;

  Dl4jUpsampling(Upsampling l) {
    fy = l.factor().get(0);
    fx = l.factor().get(1);
    bilinear = l.interpolation() == Layer.Interpolation.BILINEAR;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    Block rows = mixture(in[0].size(2), fy, pool);
    Block columns = mixture(in[0].size(3), fx, pool);
    apply(in[0], out, rows, columns, true, pool);
    pool.give(rows);
    pool.give(columns);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    Block result = inGradients[0];
    if (result == null) return;
    Block rows = mixture(result.size(2), fy, pool);
    Block columns = mixture(result.size(3), fx, pool);
    apply(gradient, result, rows, columns, false, pool);
    pool.give(rows);
    pool.give(columns);
  }

  /** Shares that a line's values have in those of the enlarged line: [size, size * factor]. */
  private Block mixture(int size, int factor, BlockPool pool) {
    int n = size * factor;
    float[] shares = new float[size * n];
    for (int i = 0; i < n; i++) {
      if (!bilinear) {
        shares[i / factor * n + i] = 1;
        continue;
      }
      double at = Math.max(0, Math.min(size - 1, (i + 0.5) / factor - 0.5));
      int low = (int) at;
      float share = (float) (at - low);
      shares[low * n + i] += 1 - share;
      shares[Math.min(size - 1, low + 1) * n + i] += share;
    }
    Block block = pool.take(size, n);
    block.write(shares);
    return block;
  }

  private static void apply(
      Block x, Block y, Block rows, Block columns, boolean enlarge, BlockPool pool) {
    int planes = x.size(0) * x.size(1);
    int h = x.size(2);
    int ow = y.size(3);
    int oh = y.size(2);
    Block wide = pool.take(planes, h, ow);
    Block turned = pool.take(planes, ow, h);
    Block mixed = pool.take(planes, ow, oh);
    multiply(
        x.view(planes * (long) h, x.size(3)), columns, wide.view(planes * (long) h, ow), enlarge);
    turned.array.assign(wide.array.permute(0, 2, 1));
    multiply(turned.view(planes * (long) ow, h), rows, mixed.view(planes * (long) ow, oh), enlarge);
    y.view(planes, oh, ow).assign(mixed.array.permute(0, 2, 1));
    pool.give(wide);
    pool.give(turned);
    pool.give(mixed);
  }

  private static void multiply(INDArray lines, Block shares, INDArray out, boolean enlarge) {
    INDArray[] in = {lines, shares.array};
    Ops.exec("matmul", in, new INDArray[] {out}, 0, enlarge ? 0 : 1, 0);
  }
}
