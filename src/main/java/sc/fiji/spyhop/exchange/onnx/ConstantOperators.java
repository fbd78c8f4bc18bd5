package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.util.Strings;

/**
 * Operators on constants: what exporters leave of computing with sizes, and weights that are
 * reshaped before use.
 */
final class ConstantOperators {

  /** Most values of a result that is larger than what it is made of. */
  private static final int MOST = 1 << 20;

  private static final String UNKNOWN = "there is no counterpart, on constants";

  private ConstantOperators() {}

  /** Whether an operator is known on constants, as far as its type tells. */
  static boolean isKnown(Operators operators, NodeProto node) {
    Known one = new Known(Constant.of(List.of(), 1));
    try {
      apply(operators.new Call(node, List.of(Optional.of(one)), ""));
      return true;
    } catch (Unsupported e) {
      return !UNKNOWN.equals(e.getMessage());
    } catch (RuntimeException e) {
      return true; // for want of settings
    }
  }

  static Constant apply(Operators.Call call) {
    Constant a = call.constant(0);
    return switch (call.node.getOpType()) {
      case "Identity" -> a;
      case "Cast" -> cast(call, a);
      case "Shape" -> call.shape(a.shape());
      case "Gather" -> gather(call, a, call.constant(1));
      case "Unsqueeze" -> unsqueeze(call, a);
      case "Squeeze" -> squeeze(call, a);
      case "Concat" -> concat(call);
      case "Slice" -> slice(call, a);
      case "Reshape" -> reshape(a, call.constant(1).ints());
      case "Transpose" ->
          a.transposed(
              call.settings.ints(
                  "perm",
                  IntStream.range(0, a.shape().size())
                      .mapToObj(i -> a.shape().size() - 1 - i)
                      .toList()));
      case "ConstantOfShape" -> filled(call, a);
      case "Add" -> both(a, call.constant(1), Math::addExact, Double::sum);
      case "Sub" -> both(a, call.constant(1), Math::subtractExact, (x, y) -> x - y);
      case "Mul" -> both(a, call.constant(1), Math::multiplyExact, (x, y) -> x * y);
      case "Div" -> both(a, call.constant(1), (x, y) -> x / y, (x, y) -> x / y);
      case "Floor" -> each(a, Math::floor);
      case "Ceil" -> each(a, Math::ceil);
      case "Sqrt" -> each(a, Math::sqrt);
      case "Neg" -> each(a, x -> -x);
      case "Reciprocal" -> each(a, x -> 1 / x);
      case "Exp" -> each(a, Math::exp);
      default -> throw new Unsupported(UNKNOWN);
    };
  }

  private static Constant cast(Operators.Call call, Constant a) {
    TensorProto to = TensorProto.newBuilder().setDataType(call.settings.number("to", 1)).build();
    boolean real = new Stored(to).isReal();
    if (real == a.isReal()) return a;
    return real ? Constant.of(a.shape(), a.floats()) : Constant.of(a.shape(), a.longs());
  }

  private static Constant gather(Operators.Call call, Constant a, Constant index) {
    if (a.shape().size() != 1 || call.settings.number("axis", 0) != 0) {
      throw new Unsupported("choice from a constant of shape " + a.shape());
    }
    long[] from = a.longs();
    long[] chosen = index.longs();
    long[] to = new long[chosen.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = from[(int) (chosen[i] < 0 ? chosen[i] + from.length : chosen[i])];
    }
    return Constant.of(index.shape(), to);
  }

  private static List<Integer> axes(Operators.Call call) {
    return call.has(1) ? call.constant(1).ints() : call.settings.ints("axes", List.of());
  }

  private static Constant unsqueeze(Operators.Call call, Constant a) {
    List<Integer> axes = axes(call);
    int rank = a.shape().size() + axes.size();
    List<Integer> shape = new ArrayList<>(a.shape());
    axes.stream().map(i -> i < 0 ? i + rank : i).sorted().forEach(i -> shape.add(i, 1));
    return a.reshaped(shape);
  }

  private static Constant squeeze(Operators.Call call, Constant a) {
    List<Integer> axes = axes(call).stream().map(i -> i < 0 ? i + a.shape().size() : i).toList();
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < a.shape().size(); i++) {
      boolean goes = axes.isEmpty() ? a.shape().get(i) == 1 : axes.contains(i);
      if (!goes) shape.add(a.shape().get(i));
    }
    return a.reshaped(shape);
  }

  private static Constant concat(Operators.Call call) {
    long length = 0;
    for (int i = 0; i < call.inputs(); i++) length += call.constant(i).length();
    if (length > MOST) throw tooLarge("joins constants to", length);
    List<Long> joined = new ArrayList<>();
    for (int i = 0; i < call.inputs(); i++) {
      Constant part = call.constant(i);
      if (part.shape().size() != 1 || part.isReal()) {
        if (!part.isReal() || part.shape().size() != 1) {
          throw new Unsupported("joining of constants of shape " + part.shape());
        }
        return concatReal(call);
      }
      for (long v : part.longs()) joined.add(v);
    }
    return Constant.ofList(joined);
  }

  private static Constant concatReal(Operators.Call call) {
    float[] joined = {};
    for (int i = 0; i < call.inputs(); i++) {
      float[] part = call.constant(i).floats();
      joined = Arrays.copyOf(joined, joined.length + part.length);
      System.arraycopy(part, 0, joined, joined.length - part.length, part.length);
    }
    return Constant.of(List.of(joined.length), joined);
  }

  private static Constant slice(Operators.Call call, Constant a) {
    boolean inputs = call.has(1);
    List<Integer> starts =
        inputs ? call.constant(1).ints() : call.settings.ints("starts", List.of());
    List<Integer> ends = inputs ? call.constant(2).ints() : call.settings.ints("ends", List.of());
    List<Integer> all = IntStream.range(0, starts.size()).boxed().toList();
    List<Integer> axes = call.has(3) ? call.constant(3).ints() : call.settings.ints("axes", all);
    Constant part = a;
    for (int i = 0; i < starts.size(); i++) {
      int axis = axes.get(i) < 0 ? axes.get(i) + a.shape().size() : axes.get(i);
      int step = call.has(4) ? call.constant(4).ints().get(i) : 1;
      part = part.along(axis, places(starts.get(i), ends.get(i), step, a.shape().get(axis)));
    }
    return part;
  }

  /** From a start to before an end, both counted from the back if they are negative. */
  private static int[] places(int start, int end, int step, int size) {
    if (step == 0) throw new Unsupported("step 0");
    int first = step > 0 ? 0 : -1;
    int from = Math.max(first, Math.min(start < 0 ? start + size : start, size + first));
    int to = Math.max(first, Math.min(end < 0 ? end + size : end, size + first));
    return step > 0
        ? IntStream.iterate(from, i -> i < to, i -> i + step).toArray()
        : IntStream.iterate(from, i -> i > to, i -> i + step).toArray();
  }

  private static Constant reshape(Constant a, List<Integer> target) {
    List<Integer> shape = new ArrayList<>();
    int rest = 1;
    for (int i = 0; i < target.size(); i++) {
      int size = target.get(i) == 0 ? a.shape().get(i) : target.get(i);
      shape.add(size);
      if (size != -1) rest = Math.multiplyExact(rest, size);
    }
    int missing = shape.indexOf(-1);
    if (missing >= 0) shape.set(missing, a.length() / rest);
    Constant reshaped = a.reshaped(shape);
    if (reshaped.length() != a.length()) throw new Unsupported("shape " + target);
    return reshaped;
  }

  private static Constant filled(Operators.Call call, Constant shape) {
    List<Integer> sizes = shape.ints();
    long length = sizes.stream().mapToLong(s -> s).reduce(1, Math::multiplyExact);
    if (length < 0 || length > MOST) throw tooLarge("has a constant of", length);
    Constant value =
        call.settings
            .tensor("value")
            .map(Constant::of)
            .orElse(Constant.of(List.of(1), new float[1]));
    if (!value.isReal()) {
      long[] all = new long[(int) length];
      Arrays.fill(all, value.longs()[0]);
      return Constant.of(sizes, all);
    }
    float[] all = new float[(int) length];
    Arrays.fill(all, value.floats()[0]);
    return Constant.of(sizes, all);
  }

  private static Constant each(Constant a, java.util.function.DoubleUnaryOperator f) {
    float[] from = a.floats();
    float[] to = new float[from.length];
    for (int i = 0; i < to.length; i++) to[i] = (float) f.applyAsDouble(from[i]);
    return Constant.of(a.shape(), to);
  }

  private static Constant both(
      Constant a, Constant b, LongBinaryOperator whole, DoubleBinaryOperator real) {
    boolean same = a.shape().equals(b.shape());
    if (!same && a.length() != 1 && b.length() != 1) {
      throw new Unsupported(Strings.format("constants of shapes %s and %s", a.shape(), b.shape()));
    }
    boolean aIsLarger = a.shape().size() >= b.shape().size() && a.length() >= b.length();
    List<Integer> shape = aIsLarger ? a.shape() : b.shape();
    int n = Math.max(a.length(), b.length());
    if (a.isReal() || b.isReal()) {
      float[] x = a.floats();
      float[] y = b.floats();
      float[] to = new float[n];
      for (int i = 0; i < n; i++) {
        to[i] = (float) real.applyAsDouble(x[x.length == 1 ? 0 : i], y[y.length == 1 ? 0 : i]);
      }
      return Constant.of(shape, to);
    }
    long[] x = a.longs();
    long[] y = b.longs();
    long[] to = new long[n];
    for (int i = 0; i < n; i++) {
      to[i] = whole.applyAsLong(x[x.length == 1 ? 0 : i], y[y.length == 1 ? 0 : i]);
    }
    return Constant.of(shape, to);
  }

  private static Unsupported tooLarge(String what, long length) {
    return Unsupported.excess(
        Strings.format("%s %,d values: expected at most %,d", what, length, MOST));
  }
}
