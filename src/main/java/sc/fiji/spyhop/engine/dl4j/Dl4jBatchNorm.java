package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.BatchNorm;

/** Batch normalisation. */
final class Dl4jBatchNorm extends Dl4jNode {

  private static final int SCALE = 0;
  private static final int SHIFT = 1;
  private static final int MEAN = 2;
  private static final int VARIANCE = 3;

  private final BatchNorm layer;
  private final boolean frozen;
  private final Block mean;
  private final Block variance;

  /** Of the standard deviation. */
  private final Block inverse;

  private boolean followsBatch;

  Dl4jBatchNorm(BatchNorm layer, boolean frozen) {
    this.layer = layer;
    this.frozen = frozen;
    mean = new Block(layer.channels());
    variance = new Block(layer.channels());
    inverse = new Block(layer.channels());
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  private Block value(int slot) {
    return slots.get(slot).value;
  }

  private boolean usesBatch(Mode mode) {
    return mode.training() && !frozen;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    INDArray x = in[0].places();
    INDArray y = out.places();
    followsBatch = usesBatch(mode);
    if (followsBatch) {
      Ops.reduce("mean", x, mean.array, 0, 2);
    } else {
      mean.copyFrom(value(MEAN));
      variance.copyFrom(value(VARIANCE));
    }
    Ops.run("subtract", y, x, mean.perChannel());
    if (followsBatch) {
      Ops.reduce("sqnorm", y, variance.array, 0, 2);
      variance.array.divi(in[0].length / layer.channels());
    }
    variance.array.addi(layer.epsilon(), inverse.array);
    Transforms.sqrt(inverse.array, false);
    inverse.array.rdivi(1);
    Block factor = pool.take(layer.channels());
    inverse.array.muli(value(SCALE).array, factor.array);
    Ops.run("multiply", y, y, factor.perChannel());
    Ops.run("add", y, y, value(SHIFT).perChannel());
    pool.give(factor);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    boolean batch = usesBatch(mode);
    INDArray g = gradient.places();
    Block factor = pool.take(layer.channels());
    if (batch || isTrained()) {
      Block normal = pool.take(gradient.shape());
      Block product = pool.take(gradient.shape());
      Block sum = pool.take(layer.channels());
      Block productSum = pool.take(layer.channels());
      Ops.run("subtract", normal.places(), in[0].places(), mean.perChannel());
      Ops.run("multiply", normal.places(), normal.places(), inverse.perChannel());
      gradient.array.muli(normal.array, product.array);
      Ops.sumPerChannel(gradient, sum);
      Ops.sumPerChannel(product, productSum);
      if (slots.get(SCALE).isTrained()) slots.get(SCALE).gradient.copyFrom(productSum);
      if (slots.get(SHIFT).isTrained()) slots.get(SHIFT).gradient.copyFrom(sum);
      if (batch && inGradients[0] != null) {
        int count = gradient.length / layer.channels();
        sum.array.divi(count);
        productSum.array.divi(count);
        Ops.run("multiply", normal.places(), normal.places(), productSum.perChannel());
        Ops.run("subtract", g, g, sum.perChannel());
        gradient.array.subi(normal.array);
      }
      pool.give(normal);
      pool.give(product);
      pool.give(sum);
      pool.give(productSum);
    }
    if (inGradients[0] != null) {
      inverse.array.muli(value(SCALE).array, factor.array);
      Ops.run("multiply", inGradients[0].places(), g, factor.perChannel());
    }
    pool.give(factor);
  }

  @Override
  public void commit() {
    if (!followsBatch) return;
    follow(value(MEAN), mean);
    follow(value(VARIANCE), variance);
  }

  private void follow(Block running, Block batch) {
    running.array.muli(layer.momentum());
    running.array.addi(batch.array.muli(1 - layer.momentum()));
    running.toHost();
  }

  @Override
  public void close() {
    super.close();
    mean.close();
    variance.close();
    inverse.close();
  }
}
