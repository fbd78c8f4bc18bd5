package sc.fiji.spyhop.exchange.onnx;

import java.util.List;
import sc.fiji.spyhop.exchange.graph.Value;

/** What nodes of one type become. */
interface Operator {

  /**
   * The first output of a node.
   *
   * @throws sc.fiji.spyhop.exchange.graph.Unsupported if no layer of ours does that
   */
  Value apply(NodeCall node);

  /** The outputs of a node that are of use, in order. */
  default List<Value> outputs(NodeCall node) {
    return List.of(apply(node));
  }

  /** What nodes with several outputs become. */
  interface OfSeveral extends Operator {

    @Override
    List<Value> outputs(NodeCall node);

    @Override
    default Value apply(NodeCall node) {
      return outputs(node).get(0);
    }
  }
}
