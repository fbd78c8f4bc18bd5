package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Add;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Concat;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.GlobalPooling;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.LocalResponseNorm;
import sc.fiji.spyhop.network.Multiply;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.network.Upsampling;

/**
 * What computes each kind of layer.
 *
 * @param number the layer's place in the network
 * @param frozen whether it stays as it is
 */
record Dl4jNodes(int number, boolean frozen) implements Layer.Visitor<Dl4jNode> {

  @Override
  public Dl4jNode visit(Convolution l) {
    return Dl4jBorder.around(unpadded(l), l.padding(), false);
  }

  @Override
  public Dl4jNode visit(TransposedConvolution l) {
    return Dl4jBorder.around(new Dl4jTransposedConvolution(l), l.padding(), true);
  }

  @Override
  public Dl4jNode visit(BatchNorm l) {
    return new Dl4jBatchNorm(l, frozen);
  }

  @Override
  public Dl4jNode visit(Activation l) {
    return new Dl4jActivation(l);
  }

  @Override
  public Dl4jNode visit(Pooling l) {
    return new Dl4jPooling(l);
  }

  @Override
  public Dl4jNode visit(GlobalPooling l) {
    return new Dl4jGlobalPooling(l);
  }

  @Override
  public Dl4jNode visit(Upsampling l) {
    return new Dl4jUpsampling(l);
  }

  @Override
  public Dl4jNode visit(Dense l) {
    return new Dl4jDense(l);
  }

  @Override
  public Dl4jNode visit(Dropout l) {
    return new Dl4jDropout(l, number);
  }

  @Override
  public Dl4jNode visit(Concat l) {
    return new Dl4jConcat();
  }

  @Override
  public Dl4jNode visit(Add l) {
    return new Dl4jAdd();
  }

  @Override
  public Dl4jNode visit(Flatten l) {
    return new Dl4jFlatten();
  }

  @Override
  public Dl4jNode visit(Multiply l) {
    return new Dl4jMultiply();
  }

  @Override
  public Dl4jNode visit(PRelu l) {
    return new Dl4jPRelu();
  }

  @Override
  public Dl4jNode visit(LocalResponseNorm l) {
    return new Dl4jLocalResponseNorm(l);
  }

  private static Dl4jNode unpadded(Convolution l) {
    if (l.groups() == 1) return new Dl4jConvolution(l);
    return Dl4jDepthwiseConvolution.covers(l)
        ? new Dl4jDepthwiseConvolution(l)
        : new Dl4jGroupedConvolution(l);
  }
}
