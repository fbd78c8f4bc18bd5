package sc.fiji.spyhop.exchange.onnx;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Value;

/**
 * A vector whose values are taken one by one in their order, as PyTorch's newer exporter writes a
 * copy ({@code as_strided}) behind global pooling: {@code Reshape} to [-1], {@code Gather} of 0, 1,
 * 2 and so on. Nothing but the shape changes.
 *
 * @param vector as it was before
 */
record StridedCopy(Feature vector) implements Value {

  /** What a node makes, if it is part of one. */
  static Optional<Value> of(NodeCall n) {
    return switch (n.node.getOpType()) {
      case "Reshape" -> listed(n);
      case "Gather" -> n.given(0, StridedCopy.class).flatMap(copy -> taken(n, copy.vector()));
      default -> Optional.empty();
    };
  }

  private static Optional<Value> listed(NodeCall n) {
    boolean isList =
        n.readBy.equals(Set.of("Gather")) && n.has(1) && n.constant(1).ints().equals(List.of(-1));
    return n.mapped(0)
        .filter(x -> isList && !x.isMap() && x.rows().isEmpty())
        .map(StridedCopy::new);
  }

  private static Optional<Value> taken(NodeCall n, Feature vector) {
    Constant places = n.constant(1);
    List<Integer> shape = places.shape();
    int channels = vector.shape().channels();
    boolean inOrder =
        n.settings.number("axis", 0) == 0
            && places.ints().equals(IntStream.range(0, channels).boxed().toList());
    if (!inOrder || shape.size() < 2 || shape.get(0) != 1) return Optional.empty();
    int ones = shape.size() - 2;
    if (shape.get(1) == channels) {
      return Optional.of(n.mapped(vector.seenChannelsLast(false).withOnes(ones)));
    }
    return shape.get(shape.size() - 1) == channels
        ? Optional.of(n.mapped(vector.seenChannelsLast(true).withOnes(ones)))
        : Optional.empty();
  }
}
