package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.LocalResponseNorm;

/** Local response normalisation over channels. */
final class LocalResponseNormVertex extends CustomVertex {

  private static final int[] POINTWISE = {1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1};

  private final int reach;
  private final double share;
  private final double beta;
  private final double k;

  LocalResponseNormVertex(LocalResponseNorm l) {
    super(List.of());
    reach = l.size() / 2;
    share = l.alpha() / l.size();
    beta = l.beta();
    k = l.k();
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray powers = Transforms.pow(scales(in[0]), -beta, false);
    return in[0].muli(powers, memory.take(in[0].shape()));
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray scales = scales(in[0]);
    // g * scale^-beta, and what it pulls down its neighbours by
    INDArray back = memory.take(gradient.shape());
    Transforms.pow(scales, -beta, true).muli(gradient, back);
    INDArray pull = back.div(scales).muli(in[0]);
    back.subi(around(pull).muli(in[0]).muli(2 * share * beta));
    return new INDArray[] {back};
  }

  /** What is raised to the power: {@code k + alpha / size * sum of squares}. */
  private INDArray scales(INDArray x) {
    return around(x.mul(x)).muli(share).addi(k);
  }

  /** Sums over the channels around: a convolution of single pixels with a band of ones. */
  private INDArray around(INDArray values) {
    int channels = (int) values.size(1);
    float[] ones = new float[channels * channels];
    for (int i = 0; i < ones.length; i++) {
      ones[i] = Math.abs(i / channels - i % channels) <= reach ? 1 : 0;
    }
    INDArray band = HostArray.inWorkspace(ones, channels, channels, 1, 1);
    INDArray sums = Nd4j.createUninitialized(values.shape());
    INDArray[] in = {planes(values), band};
    Ops.exec("conv2d", in, new INDArray[] {planes(sums)}, POINTWISE);
    return sums;
  }

  private static INDArray planes(INDArray maps) {
    return maps.reshape('c', maps.size(0), maps.size(1), space(maps), 1);
  }
}
