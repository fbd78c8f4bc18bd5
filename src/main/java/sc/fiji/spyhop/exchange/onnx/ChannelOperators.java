package sc.fiji.spyhop.exchange.onnx;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.util.Strings;

/** Operators on all channels of a place, and on one of them. */
final class ChannelOperators {

  static final Map<String, Operator> ALL =
      Map.of(
          "ReduceSum", n -> reduced(n, "sum(x,channels)"),
          "ReduceMin", n -> reduced(n, "min(x,channels)"),
          "ReduceL1", n -> reduced(n, "sum(abs(x),channels)"),
          "ReduceL2", n -> reduced(n, "sqrt(sum(x^2,channels))"),
          "ReduceSumSquare", n -> reduced(n, "sum(x^2,channels)"),
          "ReduceLogSumExp", n -> reduced(n, "logsumexp(x,channels)"),
          "Gather", ChannelOperators::chosen);

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

  private static Value chosen(NodeCall n) {
    Feature in = n.feature(0);
    List<Integer> chosen = n.constant(1).ints();
    int axis = n.settings.number("axis", 0);
    int rank = in.dimensions().size();
    boolean one = n.constant(1).shape().equals(List.of(1));
    if (!one || (axis < 0 ? axis + rank : axis) != in.channelAxis()) {
      throw new Unsupported(
          Strings.format("choice of %s along axis %d of %s", chosen, axis, in.dimensions()));
    }
    int channel = chosen.get(0);
    if (channel < 0) channel += in.shape().channels();
    return n.mapped(n.builder.formula(n.name(), "x[" + channel + "]", List.of(in)));
  }
}
