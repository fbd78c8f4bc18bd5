package sc.fiji.spyhop.engine.onednn;

import java.util.List;
import sc.fiji.spyhop.engine.graph.BlockMap;
import sc.fiji.spyhop.engine.graph.ChannelMap;
import sc.fiji.spyhop.engine.graph.PlaneMap;
import sc.fiji.spyhop.engine.normalization.GroupNormalization;
import sc.fiji.spyhop.engine.normalization.LayerNormalization;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Add;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Concat;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.GlobalPooling;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.LayerNorm;
import sc.fiji.spyhop.network.LocalResponseNorm;
import sc.fiji.spyhop.network.Multiply;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.PixelShuffle;
import sc.fiji.spyhop.network.PluginLayer;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.SelectChannels;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.network.Upsampling;

/**
 * What computes each kind of layer.
 *
 * @param number the layer's place in the network
 * @param weights its parameters
 * @param frozen whether it stays as it is
 */
record OneDnnNodes(Maps maps, int number, List<Weight> weights, boolean frozen)
    implements Layer.Visitor<OneDnnNode> {

  @Override
  public OneDnnNode visit(Convolution l) {
    return new OneDnnConvolution(l, maps, weights);
  }

  @Override
  public OneDnnNode visit(TransposedConvolution l) {
    return new OneDnnTransposedConvolution(l, maps, weights);
  }

  @Override
  public OneDnnNode visit(BatchNorm l) {
    return new OneDnnBatchNorm(l, maps, weights, frozen);
  }

  @Override
  public OneDnnNode visit(Activation l) {
    return new OneDnnActivation(l, maps);
  }

  @Override
  public OneDnnNode visit(Pooling l) {
    return new OneDnnPooling(l, maps);
  }

  @Override
  public OneDnnNode visit(GlobalPooling l) {
    return new OneDnnPooling(l, maps);
  }

  @Override
  public OneDnnNode visit(Upsampling l) {
    return new OneDnnUpsampling(l, maps);
  }

  @Override
  public OneDnnNode visit(Dense l) {
    return new OneDnnDense(maps, weights);
  }

  @Override
  public OneDnnNode visit(Dropout l) {
    return new OneDnnDropout(l, number, maps);
  }

  @Override
  public OneDnnNode visit(Concat l) {
    return new OneDnnConcat(maps);
  }

  @Override
  public OneDnnNode visit(Add l) {
    return new OneDnnAdd(maps);
  }

  @Override
  public OneDnnNode visit(Flatten l) {
    return new OneDnnFlatten(maps);
  }

  @Override
  public OneDnnNode visit(Multiply l) {
    return new OneDnnMultiply(maps);
  }

  @Override
  public OneDnnNode visit(PRelu l) {
    return new OneDnnPRelu(l, maps, weights);
  }

  @Override
  public OneDnnNode visit(LocalResponseNorm l) {
    return new OneDnnLocalResponseNorm(l, maps);
  }

  @Override
  public OneDnnNode visit(Pad l) {
    return new OneDnnLinear(PlaneMap.of(l), maps);
  }

  @Override
  public OneDnnNode visit(Resizing l) {
    return new OneDnnLinear(PlaneMap.of(l), maps);
  }

  @Override
  public OneDnnNode visit(SelectChannels l) {
    return new OneDnnLinear(new ChannelMap(l), maps);
  }

  @Override
  public OneDnnNode visit(PixelShuffle l) {
    return new OneDnnLinear(new BlockMap(l), maps);
  }

  @Override
  public OneDnnNode visit(GroupNorm l) {
    return new OneDnnNormalization(new GroupNormalization(l.groups(), l.epsilon()), maps, weights);
  }

  @Override
  public OneDnnNode visit(LayerNorm l) {
    return new OneDnnNormalization(new LayerNormalization(l.epsilon()), maps, weights);
  }

  @Override
  public OneDnnNode visit(Formula l) {
    LayerFormula formula = l.read();
    return formula.leak().isPresent()
        ? OneDnnActivation.leaky(formula.leak().getAsDouble(), maps)
        : new OneDnnFunction(formula, l.inputs().size(), maps);
  }

  @Override
  public OneDnnNode visit(PluginLayer l) {
    return new OneDnnFunction(l.function(), 1, maps);
  }

  @Override
  public OneDnnNode visit(OnnxGraph l) {
    throw l.refused();
  }
}
