package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataType;
import sc.fiji.spyhop.expression.FormulaText;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/** Operators on each value: activations and arithmetic. */
final class ElementOperators {

  static final Map<String, Operator> ALL =
      Map.ofEntries(
          Map.entry("Relu", n -> n.activation(Function.RELU)),
          Map.entry("Sigmoid", n -> n.activation(Function.SIGMOID)),
          Map.entry("Tanh", n -> n.activation(Function.TANH)),
          Map.entry("HardSwish", n -> n.activation(Function.HARD_SWISH)),
          Map.entry("Swish", ElementOperators::swish),
          Map.entry("Elu", ElementOperators::elu),
          Map.entry("LeakyRelu", ElementOperators::leakyRelu),
          Map.entry("PRelu", ElementOperators::pRelu),
          Map.entry("HardSigmoid", ElementOperators::hardSigmoid),
          Map.entry("Clip", ElementOperators::clip),
          Map.entry("Add", ElementOperators::add),
          Map.entry("Sum", ElementOperators::add),
          Map.entry("Sub", ElementOperators::subtract),
          Map.entry("Mul", ElementOperators::multiply),
          Map.entry("Div", ElementOperators::divide),
          Map.entry("Pow", n -> n.formula(n.term(0) + "^" + n.term(1))),
          Map.entry("Min", n -> extreme(n, "min")),
          Map.entry("Max", n -> extreme(n, "max")),
          Map.entry("Neg", n -> n.affine(n.feature(0), new float[] {-1}, new float[] {0})),
          Map.entry("Identity", n -> n.mapped(n.feature(0))),
          Map.entry("Cast", n -> n.mapped(cast(n))),
          Map.entry("Dropout", n -> n.mapped(dropout(n))));

  private ElementOperators() {}

  private static Value swish(NodeCall n) {
    if (n.settings.real("alpha", 1) != 1) throw new Unsupported("alpha other than 1");
    return n.activation(Function.SWISH);
  }

  private static Value elu(NodeCall n) {
    double alpha = n.settings.real("alpha", 1);
    if (alpha == 1) return n.activation(Function.ELU);
    return n.formula("where(x<0," + FormulaText.number(alpha) + "*(exp(x)-1),x)");
  }

  private static Value extreme(NodeCall n, String function) {
    if (n.inputs() == 1) return n.mapped(n.feature(0));
    List<String> terms = IntStream.range(0, n.inputs()).mapToObj(n::term).toList();
    return n.formula(function + "(" + String.join(",", terms) + ")");
  }

  private static Value clip(NodeCall n) {
    double low = bound(n, "min", 1, Double.NEGATIVE_INFINITY);
    double high = bound(n, "max", 2, Double.POSITIVE_INFINITY);
    if (low == 0 && high == 6) return n.activation(Function.RELU6);
    if (low == 0 && high >= Float.MAX_VALUE) return n.activation(Function.RELU);
    Feature in = n.feature(0);
    if (low <= -Float.MAX_VALUE && high >= Float.MAX_VALUE) return n.mapped(in);
    String text = "clip(x," + FormulaText.number(low) + "," + FormulaText.number(high) + ")";
    if (low <= -Float.MAX_VALUE) text = "min(x," + FormulaText.number(high) + ")";
    if (high >= Float.MAX_VALUE) text = "max(x," + FormulaText.number(low) + ")";
    return n.mapped(n.builder.formula(n.name(), text, List.of(in)));
  }

  /** A limit of a Clip, which was an attribute in earlier versions. */
  static double bound(NodeCall n, String attribute, int input, double otherwise) {
    if (n.opset >= 11) return n.optional(input).map(Constant::single).orElse(otherwise);
    return n.settings.real(attribute, otherwise);
  }

  private static Feature cast(NodeCall n) {
    if (n.settings.number("to", 0) == DataType.BOOL_VALUE) {
      return n.builder.formula(n.name(), "x!=0", n.features());
    }
    TensorProto to = TensorProto.newBuilder().setDataType(n.settings.number("to", 0)).build();
    if (!new Stored(to).isReal()) throw new Unsupported("to numbers that are not real");
    return n.feature(0);
  }

  private static Feature dropout(NodeCall n) {
    double rate =
        n.opset >= 12
            ? n.optional(1).map(Constant::single).orElse(0.5)
            : n.settings.real("ratio", 0.5);
    return n.builder.dropout(n.name(), n.feature(0), rate);
  }

  private static Value add(NodeCall n) {
    int constants = (int) IntStream.range(0, n.inputs()).filter(n::isConstant).count();
    if (constants == 0) return n.mapped(n.builder.add(n.name(), n.features()));
    if (n.inputs() != 2) throw new Unsupported("constants among several summands");
    int c = n.isConstant(0) ? 0 : 1;
    Feature in = n.feature(1 - c);
    return n.affine(in, new float[] {1}, n.perChannel(in, n.constant(c)));
  }

  private static Value subtract(NodeCall n) {
    if (n.isConstant(1)) {
      return n.affine(
          n.feature(0), new float[] {1}, negative(n.perChannel(n.feature(0), n.constant(1))));
    }
    if (n.isConstant(0)) {
      return n.affine(n.feature(1), new float[] {-1}, n.perChannel(n.feature(1), n.constant(0)));
    }
    return n.formula("x-y");
  }

  private static float[] negative(float[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) out[i] = -values[i];
    return out;
  }

  private static Value multiply(NodeCall n) {
    if (n.isConstant(0) || n.isConstant(1)) {
      int c = n.isConstant(0) ? 0 : 1;
      Feature in = n.feature(1 - c);
      return n.affine(in, n.perChannel(in, n.constant(c)), new float[] {0});
    }
    return n.mapped(n.builder.multiply(n.name(), n.features()));
  }

  private static Value divide(NodeCall n) {
    if (n.isConstant(0)) {
      Feature in = n.feature(1);
      float[] dividend = n.perChannel(in, n.constant(0));
      Feature inverse = n.builder.formula(n.name(), "1/x", List.of(in));
      return n.affine(inverse, dividend, new float[] {0});
    }
    if (!n.isConstant(1)) return n.formula("x/y");
    float[] by = n.perChannel(n.feature(0), n.constant(1)).clone();
    for (int i = 0; i < by.length; i++) by[i] = 1 / by[i];
    return n.affine(n.feature(0), by, new float[] {0});
  }

  private static Value leakyRelu(NodeCall n) {
    float slope = (float) n.settings.real("alpha", 0.01);
    return n.mapped(n.builder.leakyRelu(n.name(), n.feature(0), slope));
  }

  private static Value pRelu(NodeCall n) {
    Feature in = n.feature(0);
    Constant slopes = n.constant(1);
    boolean ofPlaces = slopes.length() > in.shape().channels() && !slopes.isUniform();
    return n.mapped(
        ofPlaces
            ? n.builder.leakyRelu(n.name(), in, ofPlaces(in, slopes))
            : n.builder.leakyRelu(n.name(), in, n.perChannel(in, slopes)));
  }

  /** Slopes [channels, space...]. */
  private static Tensor ofPlaces(Feature in, Constant slopes) {
    List<Integer> shape = new ArrayList<>(slopes.shape());
    while (shape.size() > in.shape().rank() + 1 && shape.get(0) == 1) shape.remove(0);
    boolean fits = in.isMap() && !in.channelsLast() && shape.size() == in.shape().rank() + 1;
    if (!fits || shape.get(0) != in.shape().channels()) {
      throw new Unsupported(
          Strings.format("slopes of shape %s with %s", slopes.shape(), in.dimensions()));
    }
    Axes axes = new Axes("C" + "DHW".substring(4 - shape.size()));
    int[] sizes = shape.stream().mapToInt(Integer::intValue).toArray();
    return new Tensor(axes, sizes, slopes.floats());
  }

  private static Value hardSigmoid(NodeCall n) {
    double alpha = n.settings.real("alpha", 0.2);
    double beta = n.settings.real("beta", 0.5);
    return n.mapped(n.builder.hardSigmoid(n.name(), n.feature(0), alpha, beta));
  }
}
