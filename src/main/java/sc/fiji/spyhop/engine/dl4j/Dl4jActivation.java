package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;

/** Element-wise functions and softmax over channels. */
final class Dl4jActivation extends Dl4jNode {

  private static final double LEAK = 0.01;

  private final Layer.Function function;

  /** Whether the slope can be told from the value, so that the input need not be kept. */
  private final boolean invertible;

  Dl4jActivation(Activation layer) {
    function = layer.function();
    invertible = function != Layer.Function.SWISH && function != Layer.Function.HARD_SWISH;
  }

  @Override
  public boolean worksInPlace() {
    return invertible;
  }

  @Override
  public boolean needsOutput() {
    return invertible;
  }

  @Override
  public boolean needsInput() {
    return !invertible;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    INDArray x = in[0].array;
    INDArray y = out.array;
    switch (function) {
      case IDENTITY -> {
        if (x != y) y.assign(x);
      }
      case RELU -> Ops.scalar("relu", y, x, 0.0);
      case RELU6 -> Ops.scalar("relu6", y, x, 0.0);
      case LEAKY_RELU -> Ops.scalar("lrelu", y, x, LEAK);
      case ELU -> Ops.scalar("elu", y, x, 1.0);
      case TANH -> Ops.run("tanh", y, x);
      case SIGMOID -> Ops.run("sigmoid", y, x);
      case HARD_SIGMOID -> hardSigmoid(x, y);
      case SWISH -> {
        Ops.run("sigmoid", y, x);
        y.muli(x);
      }
      case HARD_SWISH -> {
        hardSigmoid(x, y);
        y.muli(x);
      }
      case SOFTMAX ->
          Ops.exec("softmax", new INDArray[] {vectors(in[0])}, new INDArray[] {vectors(out)}, 1);
    }
  }

  private static INDArray vectors(Block maps) {
    return maps.space() == 1 ? maps.view(maps.size(0), maps.size(1)) : maps.places();
  }

  private static void hardSigmoid(INDArray x, INDArray y) {
    x.divi(6, y);
    y.addi(0.5);
    Ops.scalar("clipbyvalue", y, y, 0.0, 1.0);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    if (inGradients[0] == null) return;
    INDArray at = (invertible ? out : in[0]).array;
    INDArray g = gradient.array;
    switch (function) {
      case IDENTITY -> {}
      case RELU -> Ops.run("relu_bp", g, at, g);
      case RELU6 -> Ops.run("relu6_bp", g, at, g);
      case SOFTMAX -> softmaxBackward(out, gradient, pool);
      default -> {
        Block slope = pool.take(gradient.shape());
        slope(at, slope, pool);
        g.muli(slope.array, inGradients[0].array);
        pool.give(slope);
      }
    }
  }

  /** The slope where the function has these values, or else inputs. */
  private void slope(INDArray at, Block result, BlockPool pool) {
    INDArray s = result.array;
    switch (function) {
      case LEAKY_RELU -> {
        s.assign(1 - LEAK);
        Ops.run("relu_bp", s, at, s);
        s.addi(LEAK);
      }
      case ELU -> {
        Ops.scalar("clipbyvalue", s, at, -1.0, 0.0);
        s.addi(1);
      }
      case TANH -> {
        at.muli(at, s);
        s.rsubi(1);
      }
      case SIGMOID -> {
        at.rsubi(1, s);
        s.muli(at);
      }
      case HARD_SIGMOID -> {
        Block inside = pool.take(result.shape());
        at.muli(6, inside.array);
        s.assign(1.0 / 6);
        Ops.run("relu6_bp", s, inside.array, s);
        pool.give(inside);
      }
      case SWISH -> {
        // s + s * x * (1 - s)
        Block sigmoid = pool.take(result.shape());
        Ops.run("sigmoid", sigmoid.array, at);
        sigmoid.array.rsubi(1, s);
        s.muli(at).addi(1).muli(sigmoid.array);
        pool.give(sigmoid);
      }
      case HARD_SWISH -> {
        // the hard sigmoid, and x / 6 where it is not flat
        Block inside = pool.take(result.shape());
        at.addi(3, inside.array);
        at.divi(6, s);
        Ops.run("relu6_bp", s, inside.array, s);
        hardSigmoid(at, inside.array);
        s.addi(inside.array);
        pool.give(inside);
      }
      default -> throw new AssertionError(function);
    }
  }

  /** {@code p * (g - sum over channels of p * g)}. */
  private static void softmaxBackward(Block p, Block g, BlockPool pool) {
    Block product = pool.take(g.shape());
    Block sum = pool.take(g.size(0), 1, g.space());
    p.array.muli(g.array, product.array);
    Ops.reduce("sum", product.places(), sum.view(g.size(0), g.space()), 1);
    Ops.run("subtract", g.places(), g.places(), sum.array);
    g.array.muli(p.array);
    pool.give(product);
    pool.give(sum);
  }
}
