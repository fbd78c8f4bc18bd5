package sc.fiji.spyhop.exchange.onnx;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Name, type and shape of what flows through a graph: {@code ValueInfoProto} of a tensor.
 *
 * @param shape absent if not even the number of dimensions is told
 */
public record OnnxValue(String name, ElementType type, Optional<List<Dimension>> shape) {

  /**
   * @param size absent if any
   * @param symbol name of an open size, equal where sizes are; may be empty
   */
  public record Dimension(OptionalLong size, String symbol) {

    public static Dimension of(long size) {
      return new Dimension(OptionalLong.of(size), "");
    }

    public static Dimension open(String symbol) {
      return new Dimension(OptionalLong.empty(), symbol);
    }
  }

  public OnnxValue {
    shape = shape.map(List::copyOf);
  }
}
