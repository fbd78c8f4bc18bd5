package sc.fiji.spyhop.engine.dl4j;

import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.vertex.BaseWrapperVertex;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.RectifierRule;

/** A layer's vertex that tells the gradient that comes back to it, and goes by a rule of ours. */
final class WatchedVertex extends BaseWrapperVertex {

  private final transient BiConsumer<String, INDArray> seen;
  private final transient Supplier<RectifierRule> rule;

  /**
   * @param seen told name and gradient
   * @param rule how the gradient goes on
   */
  WatchedVertex(
      GraphVertex vertex, BiConsumer<String, INDArray> seen, Supplier<RectifierRule> rule) {
    super(vertex);
    this.seen = seen;
    this.rule = rule;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr manager) {
    INDArray gradient = HostArray.dense(getEpsilon());
    seen.accept(getVertexName(), gradient);
    if (rule.get() == RectifierRule.DERIVATIVE) return super.doBackward(truncated, manager);
    INDArray positive =
        manager.createUninitialized(
            ArrayType.ACTIVATION_GRAD, DataType.FLOAT, gradient.shape(), 'c');
    Ops.scalar("relu", positive, gradient, 0.0);
    if (rule.get() == RectifierRule.DECONVNET) return new Pair<>(null, only(positive, manager));
    setEpsilon(positive);
    return super.doBackward(truncated, manager);
  }

  /** What goes in first is the layer's own input; a gate that is made of it gets nothing. */
  private INDArray[] only(INDArray gradient, LayerWorkspaceMgr manager) {
    INDArray[] all = new INDArray[getNumInputArrays()];
    all[0] = gradient;
    for (int i = 1; i < all.length; i++) {
      all[i] = manager.create(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, gradient.shape(), 'c');
    }
    return all;
  }
}
