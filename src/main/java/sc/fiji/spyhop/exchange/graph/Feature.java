package sc.fiji.spyhop.exchange.graph;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.network.Shape;

/**
 * A value of the foreign network that is the output of one of our layers, and how the foreign
 * network sees it.
 *
 * @param layer ours, whose output it is
 * @param shape of that output
 * @param channelsLast whether the foreign network has its channels behind its space
 * @param ones for a vector: how many sizes of 1 the foreign network sees as its space
 * @param rows, from a map that was flattened with its channels last: that map
 * @param margin zeros around it that our layer does not have: before, then after, one per dimension
 *     of space; empty for none
 */
public record Feature(
    String layer,
    Shape shape,
    boolean channelsLast,
    int ones,
    Optional<Feature> rows,
    List<Integer> margin) {

  /** Copies the margin. */
  public Feature {
    margin = List.copyOf(margin);
  }

  /** A value that the foreign network sees as we do. */
  public static Feature of(String layer, Shape shape) {
    return new Feature(layer, shape, false, 0, Optional.empty(), List.of());
  }

  /** The output of another layer, seen in the same way. */
  public Feature as(String newLayer, Shape newShape) {
    return new Feature(newLayer, newShape, channelsLast, ones, rows, List.of());
  }

  /** The same value, seen in another order of axes. */
  public Feature seenChannelsLast(boolean last) {
    return new Feature(layer, shape, last, ones, rows, margin);
  }

  /**
   * The same vector, which the foreign network sees with so many sizes of 1 behind its channels.
   */
  public Feature withOnes(int count) {
    return new Feature(layer, shape, channelsLast, count, rows, margin);
  }

  /** The same map with zeros around it: before, then after, one each per dimension. */
  public Feature withMargin(List<Integer> zeros) {
    return new Feature(layer, shape, channelsLast, ones, rows, zeros);
  }

  /** A vector whose entries are in the order of a map with channels last. */
  public Feature flattenedFrom(Feature map) {
    return new Feature(layer, shape, false, 0, Optional.of(map), List.of());
  }

  /** Whether it has dimensions of space; if not, it is a vector. */
  public boolean isMap() {
    return shape.rank() > 0;
  }

  /** Sizes of a map with what lies around it; {@link Shape#ANY} where open. */
  public List<Integer> sizes() {
    int rank = shape.rank();
    return IntStream.range(0, rank)
        .mapToObj(
            d ->
                shape.space().get(d) == Shape.ANY || margin.isEmpty()
                    ? shape.space().get(d)
                    : (Integer) (margin.get(d) + shape.space().get(d) + margin.get(d + rank)))
        .toList();
  }

  /** Sizes as the foreign network sees them, for a batch of 1; {@link Shape#ANY} where open. */
  public List<Integer> dimensions() {
    List<Integer> space = isMap() ? sizes() : java.util.Collections.nCopies(ones, 1);
    Stream<Integer> channels = Stream.of(shape.channels());
    Stream<Integer> rest =
        channelsLast
            ? Stream.concat(space.stream(), channels)
            : Stream.concat(channels, space.stream());
    return Stream.concat(Stream.of(1), rest).toList();
  }

  /** Position of the channels among the {@link #dimensions}. */
  public int channelAxis() {
    return channelsLast ? dimensions().size() - 1 : 1;
  }
}
