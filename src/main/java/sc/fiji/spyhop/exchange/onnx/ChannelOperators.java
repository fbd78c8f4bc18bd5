package sc.fiji.spyhop.exchange.onnx;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.util.Strings;

/** Operators on all channels of a place. */
final class ChannelOperators {

  static final Map<String, Operator> ALL =
      Map.of(
          "ReduceSum", n -> reduced(n, "sum(x,channels)"),
          "ReduceMin", n -> reduced(n, "min(x,channels)"),
          "ReduceL1", n -> reduced(n, "sum(abs(x),channels)"),
          "ReduceL2", n -> reduced(n, "sqrt(sum(x^2,channels))"),
          "ReduceSumSquare", n -> reduced(n, "sum(x^2,channels)"),
          "ReduceLogSumExp", n -> reduced(n, "logsumexp(x,channels)"));

  private ChannelOperators() {}

  /** The axes that are taken together, counted from the first on, in order. */
  static List<Integer> axes(NodeCall n) {
    int rank = n.feature(0).dimensions().size();
    List<Integer> axes =
        n.has(1) ? n.constant(1).ints() : n.settings.ints("axes").orElse(List.of());
    return axes.stream().map(a -> a < 0 ? a + rank : a).sorted().toList();
  }

  /** Whether it is channels that are taken together, and leave one. */
  static boolean isOverChannels(NodeCall n) {
    return axes(n).equals(List.of(n.feature(0).channelAxis()))
        && n.settings.number("keepdims", 1) == 1;
  }

  private static Value reduced(NodeCall n, String formula) {
    if (!isOverChannels(n)) {
      throw new Unsupported(Strings.format("axes %s of %s", axes(n), n.feature(0).dimensions()));
    }
    return n.mapped(n.builder.formula(n.name(), formula, List.of(n.feature(0))));
  }
}
