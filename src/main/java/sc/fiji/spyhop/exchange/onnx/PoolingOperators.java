package sc.fiji.spyhop.exchange.onnx;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Unsupported;
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
          "ReduceMax", n -> n.mapped(reduce(n, PoolingKind.MAX)),
          "ReduceMean", n -> n.mapped(reduce(n, PoolingKind.AVERAGE)));

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

  private static Feature reduce(NodeCall n, PoolingKind kind) {
    Feature in = n.feature(0);
    int rank = in.dimensions().size();
    List<Integer> axes =
        n.has(1) ? n.constant(1).ints() : n.settings.ints("axes").orElse(List.of());
    List<Integer> sorted = axes.stream().map(a -> a < 0 ? a + rank : a).sorted().toList();
    List<Integer> space =
        IntStream.range(1, rank).filter(a -> a != in.channelAxis()).boxed().toList();
    if (space.isEmpty() || !sorted.equals(space)) {
      throw new Unsupported(Strings.format("axes %s of %s", axes, in.dimensions()));
    }
    boolean keep = n.settings.number("keepdims", 1) == 1;
    Feature out = n.builder.globalPool(n.name(), in, kind, keep ? space.size() : 0);
    return keep ? out : out.seenChannelsLast(false);
  }

  private static Feature global(NodeCall n, PoolingKind kind) {
    return n.builder.globalPool(n.name(), n.channelsFirst(n.feature(0)), kind, 2);
  }
}
