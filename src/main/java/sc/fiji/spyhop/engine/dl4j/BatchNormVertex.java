package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.BatchNorm;

/**
 * Batch normalisation. Deeplearning4j's own goes back with the statistics of the batch even where
 * the moving ones went forward, and moves them before it is known whether the step counts.
 */
final class BatchNormVertex extends CustomVertex {

  private static final int SCALE = 0;
  private static final int SHIFT = 1;
  private static final int MEAN = 2;
  private static final int VARIANCE = 3;

  private final transient BatchNorm layer;
  private final boolean frozen;
  private final transient INDArray mean;
  private final transient INDArray variance;

  /** Of the standard deviation. */
  private final transient INDArray inverse;

  private boolean followsBatch;

  BatchNormVertex(BatchNorm layer, boolean frozen) {
    super(layer.parameters());
    this.layer = layer;
    this.frozen = frozen;
    mean = Nd4j.createUninitializedDetached(DataType.FLOAT, layer.channels());
    variance = Nd4j.createUninitializedDetached(DataType.FLOAT, layer.channels());
    inverse = Nd4j.createUninitializedDetached(DataType.FLOAT, layer.channels());
  }

  private boolean usesBatch(Mode mode) {
    return mode.training() && !frozen;
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray result = memory.take(in[0].shape());
    INDArray x = places(in[0]);
    INDArray y = places(result);
    followsBatch = usesBatch(mode);
    if (followsBatch) {
      Ops.reduce("mean", x, mean, 0, 2);
    } else {
      mean.assign(value(MEAN));
      variance.assign(value(VARIANCE));
    }
    Ops.run("subtract", y, x, perChannel(mean));
    if (followsBatch) {
      Ops.reduce("sqnorm", y, variance, 0, 2);
      variance.divi(x.length() / layer.channels());
    }
    variance.addi(layer.epsilon(), inverse);
    Transforms.sqrt(inverse, false);
    inverse.rdivi(1);
    Ops.run("multiply", y, y, perChannel(inverse.mul(value(SCALE))));
    Ops.run("add", y, y, perChannel(value(SHIFT)));
    return result;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray result = memory.take(gradient.shape());
    INDArray back = places(result);
    INDArray g = places(gradient);
    INDArray factor = perChannel(inverse.mul(value(SCALE)));
    if (!usesBatch(mode)) {
      Ops.run("multiply", back, g, factor);
      return new INDArray[] {result};
    }
    INDArray normal = Nd4j.createUninitialized(DataType.FLOAT, g.shape());
    Ops.run("subtract", normal, places(in[0]), perChannel(mean));
    Ops.run("multiply", normal, normal, perChannel(inverse));
    INDArray sum = gradient(SHIFT);
    INDArray productSum = gradient(SCALE);
    Ops.reduce("sum", g, sum, 0, 2);
    g.muli(normal, back);
    Ops.reduce("sum", back, productSum, 0, 2);
    long count = gradient.length() / layer.channels();
    Ops.run("multiply", normal, normal, perChannel(productSum.div(count)));
    Ops.run("subtract", back, g, perChannel(sum.div(count)));
    back.subi(normal);
    Ops.run("multiply", back, back, factor);
    return new INDArray[] {result};
  }

  @Override
  void commit() {
    if (!followsBatch) return;
    follow(value(MEAN), mean);
    follow(value(VARIANCE), variance);
  }

  private void follow(INDArray running, INDArray batch) {
    running.muli(layer.momentum());
    running.addi(batch.muli(1 - layer.momentum()));
  }

  @Override
  void close() {
    mean.close();
    variance.close();
    inverse.close();
  }
}
