package sc.fiji.spyhop.exchange.onnx;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.util.Strings;

/** Pooling, and means and maxima over a whole map. */
final class PoolingOperators {

  static final Map<String, Operator> ALL =
      Map.of(
          "MaxPool", n -> n.mapped(pool(n, PoolingKind.MAX)),
          "AveragePool", n -> n.mapped(pool(n, PoolingKind.AVERAGE)),
          "GlobalMaxPool", n -> n.mapped(global(n, PoolingKind.MAX)),
          "GlobalAveragePool", n -> n.mapped(global(n, PoolingKind.AVERAGE)),
          "ReduceMax", n -> reduce(n, PoolingKind.MAX, "max(x,channels)"),
          "ReduceMean", n -> reduce(n, PoolingKind.AVERAGE, "mean(x,channels)"));

  private PoolingOperators() {}

  private static Feature pool(NodeCall n, PoolingKind kind) {
    Feature in = n.channelsFirst(n.feature(0));
    List<Integer> kernel =
        n.settings.ints("kernel_shape").orElseThrow(() -> new Unsupported("no kernel_shape"));
    return n.builder.pool(
        n.name(),
        in,
        kind,
        WindowSettings.window(n, in, kernel),
        n.settings.number("ceil_mode", 0) == 1,
        n.settings.number("count_include_pad", 0) == 1);
  }

  private static Value reduce(NodeCall n, PoolingKind kind, String ofChannels) {
    if (ChannelOperators.isOverChannels(n)) {
      return n.mapped(n.builder.formula(n.name(), ofChannels, List.of(n.feature(0))));
    }
    Feature in = n.feature(0);
    int rank = in.dimensions().size();
    List<Integer> sorted = ChannelOperators.axes(n);
    List<Integer> space =
        IntStream.range(1, rank).filter(a -> a != in.channelAxis()).boxed().toList();
    if (space.isEmpty() || !sorted.equals(space)) {
      throw new Unsupported(Strings.format("axes %s of %s", sorted, in.dimensions()));
    }
    boolean keep = n.settings.number("keepdims", 1) == 1;
    Feature out = n.builder.globalPool(n.name(), in, kind, keep ? space.size() : 0);
    return n.mapped(keep ? out : out.seenChannelsLast(false));
  }

  private static Feature global(NodeCall n, PoolingKind kind) {
    return n.builder.globalPool(n.name(), n.channelsFirst(n.feature(0)), kind, 2);
  }
}
