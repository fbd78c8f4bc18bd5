package sc.fiji.spyhop.exchange.onnx;

import java.util.Map;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Shape;

/** Operators that networks end with. */
final class EndOperators {

  static final String LOG_SOFTMAX = "LogSoftmax";

  static final Map<String, Operator> ALL =
      Map.of(
          "Softmax",
          EndOperators::softmax,
          LOG_SOFTMAX,
          EndOperators::logSoftmax,
          "ArgMax",
          n -> n.mapped(argMax(n)),
          "NonMaxSuppression",
          n -> n.cut("choosing of what is largest"),
          "TopK",
          n -> n.cut("choosing of what is largest"));

  private EndOperators() {}

  private static Value softmax(NodeCall n) {
    int rank = n.dimensions(0).size();
    int axis = n.settings.number("axis", n.opset >= 13 ? -1 : 1);
    if (axis < 0) axis += rank;
    if (n.isRearranged()) {
      Rearranged r = n.rearranged();
      boolean alone = n.opset >= 13 || axis == rank - 1;
      return alone ? r.softmax(axis, n.builder, n.name()) : r.way();
    }
    Feature in = n.feature(0);
    boolean onePixel =
        in.dimensions().stream().skip(1).filter(s -> s != 1).count() <= 1
            && !in.dimensions().contains(Shape.ANY);
    boolean overChannels =
        axis == in.channelAxis() && (n.opset >= 13 || onePixel || axis == rank - 1);
    if (overChannels || n.opset < 13 && axis == 1 && onePixel) {
      return n.activation(Function.SOFTMAX);
    }
    throw new Unsupported("axis " + axis + " of " + in.dimensions());
  }

  private static Feature argMax(NodeCall n) {
    Feature in = n.feature(0);
    int axis = n.settings.number("axis", 0);
    if (axis < 0) axis += in.dimensions().size();
    if (axis != in.channelAxis()) throw new Unsupported("axis " + axis);
    n.notes.add(
        "The choice of the largest (" + n.where + ") is left out: values of all classes come out.");
    return in;
  }

  private static Value logSoftmax(NodeCall n) {
    Value softmax = softmax(n);
    n.notes.add("The logarithm of " + n.where + " is left out: probabilities come out.");
    return softmax;
  }
}
