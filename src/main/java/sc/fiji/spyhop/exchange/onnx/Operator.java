package sc.fiji.spyhop.exchange.onnx;

import sc.fiji.spyhop.exchange.graph.Value;

/** What nodes of one type become. */
interface Operator {

  /**
   * The first output of a node.
   *
   * @throws sc.fiji.spyhop.exchange.graph.Unsupported if no layer of ours does that
   */
  Value apply(NodeCall node);
}
