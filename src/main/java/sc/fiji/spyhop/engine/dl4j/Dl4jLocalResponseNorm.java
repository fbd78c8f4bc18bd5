package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.LocalResponseNorm;

/** Local response normalisation over channels. */
final class Dl4jLocalResponseNorm extends Dl4jNode {

  private static final int[] POINTWISE = {1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1};

  private final int reach;
  private final double share;
  private final double beta;
  private final double k;

  Dl4jLocalResponseNorm(LocalResponseNorm l) {
    reach = l.size() / 2;
    share = l.alpha() / l.size();
    beta = l.beta();
    k = l.k();
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    Block scales = scales(in[0], pool);
    Transforms.pow(scales.array, -beta, false);
    in[0].array.muli(scales.array, out.array);
    pool.give(scales);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    if (inGradients[0] == null) return;
    INDArray x = in[0].array;
    INDArray g = inGradients[0].array;
    Block scales = scales(in[0], pool);
    Block pull = pool.take(gradient.shape());
    // g * scale^-beta, and what it pulls down its neighbours by
    Transforms.pow(scales.array, -beta, true).muli(gradient.array, g);
    g.divi(scales.array, pull.array);
    pull.array.muli(x);
    Block pulls = around(pull, pool);
    pulls.array.muli(x).muli(2 * share * beta);
    g.subi(pulls.array);
    pool.give(scales);
    pool.give(pull);
    pool.give(pulls);
  }

  /** What is raised to the power: {@code k + alpha / size * sum of squares}. */
  private Block scales(Block x, BlockPool pool) {
    Block squares = pool.take(x.shape());
    x.array.muli(x.array, squares.array);
    Block sums = around(squares, pool);
    sums.array.muli(share).addi(k);
    pool.give(squares);
    return sums;
  }

  /** Sums over the channels around: a convolution of single pixels with a band of ones. */
  private Block around(Block values, BlockPool pool) {
    int channels = values.size(1);
    Block band = pool.take(channels, channels, 1, 1);
    float[] ones = new float[channels * channels];
    for (int i = 0; i < ones.length; i++) {
      ones[i] = Math.abs(i / channels - i % channels) <= reach ? 1 : 0;
    }
    band.write(ones);
    Block sums = pool.take(values.shape());
    INDArray[] in = {planes(values), band.array};
    Ops.exec("conv2d", in, new INDArray[] {planes(sums)}, POINTWISE);
    pool.give(band);
    return sums;
  }

  private static INDArray planes(Block maps) {
    return maps.view(maps.size(0), maps.size(1), maps.space(), 1);
  }
}
