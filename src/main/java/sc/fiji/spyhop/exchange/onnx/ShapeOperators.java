package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.network.Shape;

/** Operators that put values in another order or shape. */
final class ShapeOperators {

  static final Map<String, Operator> ALL =
      Map.of(
          "Concat", ShapeOperators::concat,
          "Flatten", ShapeOperators::flatten,
          "Reshape", ShapeOperators::reshape,
          "Squeeze", ShapeOperators::squeeze,
          "Unsqueeze", ShapeOperators::unsqueeze,
          "Transpose", ShapeOperators::transpose);

  private ShapeOperators() {}

  private static Value concat(NodeCall n) {
    List<Feature> parts = n.features();
    Feature first = parts.get(0);
    int axis = n.settings.number("axis", 1);
    if (axis < 0) axis += first.dimensions().size();
    if (parts.stream().anyMatch(p -> p.rows().isPresent())) {
      return n.cut("joining of flattened maps");
    }
    if (axis != first.channelAxis()) throw new Unsupported("axis " + axis);
    return n.mapped(n.builder.concat(n.name(), parts));
  }

  private static Value flatten(NodeCall n) {
    int axis = n.settings.number("axis", 1);
    Feature in = n.feature(0);
    if (axis < 0) axis += in.dimensions().size();
    if (axis != 1) throw new Unsupported("axis " + axis);
    return n.mapped(n.builder.flatten(n.name(), in));
  }

  private static Value reshape(NodeCall n) {
    List<Integer> target = n.has(1) ? n.constant(1).ints() : n.settings.ints("shape", List.of());
    return reshape(n, target);
  }

  private static Value reshape(NodeCall n, List<Integer> told) {
    if (n.isRearranged()) return n.rearranged().reshaped(told, n.builder, n.name());
    Feature in = n.feature(0);
    List<Integer> target = told.stream().map(t -> t == Constant.OPEN ? Shape.ANY : t).toList();
    List<Integer> from = in.dimensions();
    boolean open = from.contains(Shape.ANY);
    List<Integer> to = resolved(from, target);
    if (to.equals(from)) return n.mapped(in);
    boolean row = to.size() == 2 && (to.get(0) == 1 || to.get(0) == -1);
    if (row && (open || to.get(1) == product(from)))
      return n.mapped(n.builder.flatten(n.name(), in));
    boolean pixel =
        !open
            && !in.isMap()
            && to.size() <= 5
            && to.get(0) == 1
            && product(to) == in.shape().channels();
    if (pixel && to.size() > 2 && to.get(1) == in.shape().channels()) {
      return n.mapped(in.seenChannelsLast(false).withOnes(to.size() - 2));
    }
    if (pixel && to.size() > 2 && to.get(to.size() - 1) == in.shape().channels()) {
      return n.mapped(in.seenChannelsLast(true).withOnes(to.size() - 2));
    }
    return in.isMap()
        ? n.rearranged().reshaped(told, n.builder, n.name())
        : n.cut(Unsupported.RESHAPING);
  }

  /** With 0 for what stays and -1 for what is left replaced, as far as sizes are known. */
  private static List<Integer> resolved(List<Integer> from, List<Integer> target) {
    List<Integer> to = new ArrayList<>();
    for (int i = 0; i < target.size(); i++) {
      to.add(target.get(i) == 0 && i < from.size() ? from.get(i) : target.get(i));
    }
    int missing = to.indexOf(-1);
    if (missing >= 0 && !from.contains(Shape.ANY)) {
      long rest = 1;
      for (int size : to) rest *= size == -1 ? 1 : size;
      if (rest > 0 && product(from) % rest == 0) to.set(missing, (int) (product(from) / rest));
    }
    return to;
  }

  private static long product(List<Integer> sizes) {
    return sizes.stream().mapToLong(s -> s).reduce(1, Math::multiplyExact);
  }

  private static Optional<List<Integer>> axes(NodeCall n, int rank) {
    Optional<List<Integer>> told =
        n.has(1) ? Optional.of(n.constant(1).ints()) : n.settings.ints("axes");
    return told.map(all -> all.stream().map(a -> a < 0 ? a + rank : a).sorted().toList());
  }

  private static Value squeeze(NodeCall n) {
    List<Integer> from = n.isRearranged() ? n.rearranged().dimensions() : n.feature(0).dimensions();
    List<Integer> ones =
        IntStream.range(1, from.size()).filter(i -> from.get(i) == 1).boxed().toList();
    List<Integer> gone = axes(n, from.size()).orElse(ones);
    if (n.isRearranged()) return n.rearranged().squeezed(gone, n.builder, n.name());
    List<Integer> to = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) if (!gone.contains(i)) to.add(from.get(i));
    return reshape(n, to);
  }

  private static Value unsqueeze(NodeCall n) {
    List<Integer> to =
        new ArrayList<>(n.isRearranged() ? n.rearranged().dimensions() : n.feature(0).dimensions());
    int told = n.has(1) ? n.constant(1).length() : n.settings.ints("axes", List.of()).size();
    List<Integer> added = axes(n, to.size() + told).orElse(List.of());
    if (n.isRearranged() || n.feature(0).isMap()) {
      return n.rearranged().unsqueezed(added, n.builder, n.name());
    }
    added.forEach(a -> to.add(a, 1));
    return reshape(n, to);
  }

  private static Value transpose(NodeCall n) {
    if (n.isRearranged()) {
      Rearranged r = n.rearranged();
      List<Integer> last =
          IntStream.iterate(r.axes().size() - 1, i -> i >= 0, i -> i - 1).boxed().toList();
      return r.transposed(n.settings.ints("perm", last), n.builder, n.name());
    }
    Feature in = n.feature(0);
    int rank = in.dimensions().size();
    List<Integer> identity = IntStream.range(0, rank).boxed().toList();
    List<Integer> reversed = IntStream.range(0, rank).mapToObj(i -> rank - 1 - i).toList();
    List<Integer> order = n.settings.ints("perm", reversed);
    if (order.equals(identity)) return n.mapped(in);
    List<Integer> toLast = new ArrayList<>(identity);
    toLast.remove(1);
    toLast.add(1);
    List<Integer> toFirst = new ArrayList<>(identity);
    toFirst.add(1, toFirst.remove(rank - 1));
    if (!in.channelsLast() && order.equals(toLast)) return n.mapped(in.seenChannelsLast(true));
    if (in.channelsLast() && order.equals(toFirst)) return n.mapped(in.seenChannelsLast(false));
    if (!in.isMap()) return n.cut("a transposition of " + order);
    Value.Cut way = n.cut("a transposition of " + order);
    return Rearranged.of(n.builder.plain(in), way).transposed(order, n.builder, n.name());
  }
}
