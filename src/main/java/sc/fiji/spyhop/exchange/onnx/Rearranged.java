package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.PixelShuffle.Direction;
import sc.fiji.spyhop.network.Shape;

/**
 * A map whose axes were split into parts that were put in another order, as it is on its way to
 * shuffled channels, or to pixels made of channels, or channels made of pixels.
 *
 * @param feature the map
 * @param axes of which parts of the map's axes each axis of the value is made, outermost first;
 *     that of the batch, of size 1, of none
 * @param way what it is if nothing comes of it that a layer of ours does
 */
record Rearranged(Feature feature, List<List<Part>> axes, Value.Cut way) implements Value {

  /** Operators that go on with one. */
  static final Set<String> OPERATORS =
      Set.of("Reshape", "Transpose", "Squeeze", "Unsqueeze", "Softmax", "LogSoftmax");

  /** Axes of a map: its channels, and from there on its spatial dimensions. */
  private static final int CHANNELS = 0;

  /**
   * A part of an axis.
   *
   * @param axis which one
   * @param size how many places it has; {@link Shape#ANY} if that is open
   * @param step from one place to the next, in those of the axis
   */
  record Part(int axis, int size, int step) {}

  Rearranged {
    axes = axes.stream().map(Rearranged::joined).toList();
  }

  /** A map, as it is. */
  static Rearranged of(Feature map, Value.Cut way) {
    List<List<Part>> axes = new ArrayList<>();
    axes.add(List.of());
    for (int d = 0; d < map.shape().rank(); d++) {
      axes.add(List.of(new Part(1 + d, map.shape().space().get(d), 1)));
    }
    axes.add(
        map.channelsLast() ? axes.size() : 1,
        List.of(new Part(CHANNELS, map.shape().channels(), 1)));
    return new Rearranged(map, axes, way);
  }

  /** A value as what does not know of such sees it. */
  static Value cut(Value value) {
    return value instanceof Rearranged r ? r.way : value;
  }

  /** Parts that follow each other in an axis of the map are one. */
  private static List<Part> joined(List<Part> parts) {
    List<Part> joined = new ArrayList<>();
    for (Part part : parts) {
      if (part.size == 1) continue;
      Part last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      boolean follows =
          last != null
              && last.axis == part.axis
              && part.size != Shape.ANY
              && last.step == part.step * part.size;
      if (follows) {
        joined.set(joined.size() - 1, new Part(part.axis, last.size * part.size, part.step));
      } else {
        joined.add(part);
      }
    }
    return joined;
  }

  /**
   * With its axes in another order.
   *
   * @param order which of the axes comes where
   */
  Value transposed(List<Integer> order, GraphBuilder builder, String name) {
    if (Set.copyOf(order).size() != axes.size()) throw new Unsupported("order " + order);
    List<List<Part>> turned = order.stream().map(axes::get).toList();
    return new Rearranged(feature, turned, way).settled(builder, name);
  }

  /**
   * Without axes of size 1.
   *
   * @param gone those axes, sorted
   */
  Value squeezed(List<Integer> gone, GraphBuilder builder, String name) {
    List<List<Part>> fewer = new ArrayList<>(axes);
    for (int i = gone.size() - 1; i >= 0; i--) {
      if (!fewer.remove((int) gone.get(i)).isEmpty()) return way;
    }
    return new Rearranged(feature, fewer, way).settled(builder, name);
  }

  /**
   * With further axes of size 1.
   *
   * @param added where they are then, sorted
   */
  Value unsqueezed(List<Integer> added, GraphBuilder builder, String name) {
    List<List<Part>> more = new ArrayList<>(axes);
    added.forEach(a -> more.add(a, List.of()));
    return new Rearranged(feature, more, way).settled(builder, name);
  }

  /**
   * In another shape.
   *
   * @param target sizes; 0 for one that stays, -1 for what is left, {@link Constant#OPEN} for an
   *     open one
   */
  Value reshaped(List<Integer> target, GraphBuilder builder, String name) {
    List<Part> parts = new ArrayList<>(axes.stream().flatMap(List::stream).toList());
    List<List<Part>> made = new ArrayList<>();
    for (int size : sizes(target, parts)) {
      Optional<List<Part>> axis = taken(parts, size);
      if (axis.isEmpty()) return way;
      made.add(axis.get());
    }
    boolean all = parts.isEmpty() && made.size() == target.size();
    return all ? new Rearranged(feature, made, way).settled(builder, name) : way;
  }

  /** The target with sizes in numbers but for open ones; empty if they do not fit. */
  private List<Integer> sizes(List<Integer> target, List<Part> parts) {
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < target.size(); i++) {
      int size = target.get(i);
      if (size == 0 && i < axes.size()) size = size(axes.get(i));
      sizes.add(size == Constant.OPEN ? Shape.ANY : size);
    }
    long open = parts.stream().filter(p -> p.size == Shape.ANY).count();
    long told = sizes.stream().filter(s -> s == Shape.ANY).count();
    if (told == open) return sizes;
    int missing = target.indexOf(-1);
    if (told != open + 1 || missing < 0) return List.of();
    long whole = 1;
    for (Part p : parts) whole *= p.size == Shape.ANY ? 1 : p.size;
    for (int s : sizes) whole /= s == Shape.ANY ? 1 : Math.max(1, s);
    sizes.set(missing, (int) whole);
    return sizes;
  }

  /** Sizes of the axes, that of the batch being 1. */
  List<Integer> dimensions() {
    return axes.stream().map(Rearranged::size).toList();
  }

  private static int size(List<Part> axis) {
    int size = 1;
    for (Part p : axis) size = p.size == Shape.ANY ? Shape.ANY : size * p.size;
    return size;
  }

  /** Takes the first parts away that have so many places together. */
  private static Optional<List<Part>> taken(List<Part> parts, int size) {
    List<Part> axis = new ArrayList<>();
    int rest = size;
    while (rest != 1) {
      if (parts.isEmpty()) return Optional.empty();
      Part first = parts.remove(0);
      if (first.size == rest) {
        axis.add(first);
        return Optional.of(axis);
      }
      if (first.size == Shape.ANY || rest < 1) return Optional.empty();
      if (rest % first.size == 0) {
        axis.add(first);
        rest /= first.size;
      } else if (first.size % rest == 0) {
        int inner = first.size / rest;
        axis.add(new Part(first.axis, rest, first.step * inner));
        parts.add(0, new Part(first.axis, inner, first.step));
        return Optional.of(axis);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(axis);
  }

  /** Softmax over an axis, if that is the channels. */
  Value softmax(int axis, GraphBuilder builder, String name) {
    boolean isOfChannels =
        axes.get(axis).equals(List.of(new Part(CHANNELS, feature.shape().channels(), 1)));
    return isOfChannels
        ? new Rearranged(builder.activation(name, feature, Function.SOFTMAX), axes, way)
        : way;
  }

  /** A map again, if it is one that layers make. */
  private Value settled(GraphBuilder builder, String name) {
    int rank = feature.shape().rank();
    if (axes.size() != rank + 2 || !axes.get(0).isEmpty()) return this;
    for (boolean last : new boolean[] {false, true}) {
      List<Part> channels = axes.get(last ? rank + 1 : 1);
      List<List<Part>> space = axes.subList(last ? 1 : 2, last ? rank + 1 : rank + 2);
      Optional<Feature> made = made(channels, space, builder, name);
      if (made.isPresent()) return new Mapped(made.get().seenChannelsLast(last));
    }
    return this;
  }

  private Optional<Feature> made(
      List<Part> channels, List<List<Part>> space, GraphBuilder builder, String name) {
    boolean ofChannels = channels.stream().allMatch(p -> p.axis == CHANNELS);
    if (!ofChannels) return smaller(channels, space, builder, name);
    boolean whole =
        IntStream.range(0, space.size())
            .allMatch(d -> space.get(d).equals(joined(List.of(side(d)))));
    return whole
        ? Optional.of(builder.select(name, feature, order(channels, axis -> 1)))
        : larger(channels, space, builder, name);
  }

  /** Each spatial axis is one of the map, and inside it a part of the channels. */
  private Optional<Feature> larger(
      List<Part> channels, List<List<Part>> space, GraphBuilder builder, String name) {
    List<Part> all = new ArrayList<>(channels);
    for (int d = 0; d < space.size(); d++) {
      List<Part> axis = space.get(d);
      if (axis.size() != 2 || !axis.get(0).equals(side(d))) return Optional.empty();
      Part inner = axis.get(1);
      if (inner.axis != CHANNELS || inner.size != space.get(0).get(1).size) return Optional.empty();
      all.add(inner);
    }
    int block = space.get(0).get(1).size;
    Feature ordered = builder.select(name + "_channels", feature, order(all, axis -> 1));
    return Optional.of(builder.shuffle(name, ordered, block, Direction.TO_SPACE));
  }

  /** Each spatial axis is the outer part of one of the map; the inner ones are channels. */
  private Optional<Feature> smaller(
      List<Part> channels, List<List<Part>> space, GraphBuilder builder, String name) {
    int rank = space.size();
    int block = space.get(0).isEmpty() ? 0 : space.get(0).get(0).step;
    for (int d = 0; d < rank; d++) {
      boolean outer =
          block > 1 && space.get(d).equals(List.of(new Part(1 + d, side(d).size / block, block)));
      if (!outer) return Optional.empty();
    }
    Feature shuffled = builder.shuffle(name, feature, block, Direction.TO_CHANNELS);
    // channels of the map are outermost there, then rows, then columns
    List<Integer> order = order(channels, axis -> power(block, axis == 0 ? rank : rank - axis));
    return Optional.of(builder.select(name + "_channels", shuffled, order));
  }

  private static int power(int base, int exponent) {
    int power = 1;
    for (int i = 0; i < exponent; i++) power *= base;
    return power;
  }

  /**
   * Places that parts lead to, the last part running fastest.
   *
   * @param steps from one place of an axis to the next
   */
  private static List<Integer> order(List<Part> parts, IntUnaryOperator steps) {
    List<Integer> order = List.of(0);
    for (Part p : parts) {
      List<Integer> next = new ArrayList<>();
      for (int at : order) {
        for (int i = 0; i < p.size; i++) next.add(at + i * p.step * steps.applyAsInt(p.axis));
      }
      order = next;
    }
    return order;
  }

  private Part side(int dimension) {
    return new Part(1 + dimension, feature.shape().space().get(dimension), 1);
  }
}
