package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;

/** Nodes in an order in which each comes after those that it needs, as the format asks for. */
final class NodeOrder {

  private NodeOrder() {}

  /**
   * In the order of the file as far as that is one; nodes that need each other in a circle come
   * last.
   */
  static List<NodeProto> of(GraphProto graph) {
    List<NodeProto> nodes = graph.getNodeList();
    Map<String, Integer> givers = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).getOutputList()) {
        if (!output.isEmpty()) givers.putIfAbsent(output, i);
      }
    }
    int[] missing = new int[nodes.size()];
    List<List<Integer>> takers = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) takers.add(new ArrayList<>());
    boolean sorted = true;
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : nodes.get(i).getInputList()) {
        Integer giver = givers.get(input);
        if (giver == null) continue;
        missing[i]++;
        takers.get(giver).add(i);
        sorted &= giver < i;
      }
    }
    return sorted ? nodes : sorted(nodes, missing, takers);
  }

  private static List<NodeProto> sorted(
      List<NodeProto> nodes, int[] missing, List<List<Integer>> takers) {
    Deque<Integer> ready = new ArrayDeque<>();
    for (int i = 0; i < missing.length; i++) if (missing[i] == 0) ready.add(i);
    List<NodeProto> ordered = new ArrayList<>();
    while (!ready.isEmpty()) {
      int i = ready.remove();
      ordered.add(nodes.get(i));
      for (int taker : takers.get(i)) if (--missing[taker] == 0) ready.add(taker);
    }
    for (int i = 0; i < missing.length; i++) if (missing[i] > 0) ordered.add(nodes.get(i));
    return ordered;
  }
}
