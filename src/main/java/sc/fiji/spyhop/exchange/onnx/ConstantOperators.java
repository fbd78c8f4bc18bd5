package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.util.Strings;

/**
 * Operators on constants: what exporters leave of computing with sizes, and weights that are
 * reshaped before use.
 */
final class ConstantOperators {

  /** Most values of a result that is larger than what it is made of. */
  private static final int MOST = 1 << 20;

  private static final Map<String, Function<NodeCall, Constant>> ALL =
      Map.ofEntries(
          Map.entry("Identity", n -> n.constant(0)),
          Map.entry("Cast", n -> cast(n, n.constant(0))),
          Map.entry("Shape", n -> n.shape(n.constant(0).shape())),
          Map.entry("Gather", n -> gather(n, n.constant(0), n.constant(1))),
          Map.entry("Unsqueeze", n -> unsqueeze(n, n.constant(0))),
          Map.entry("Squeeze", n -> squeeze(n, n.constant(0))),
          Map.entry("Concat", ConstantOperators::concat),
          Map.entry("Slice", n -> slice(n, n.constant(0))),
          Map.entry("Reshape", n -> reshape(n.constant(0), n.constant(1).ints())),
          Map.entry("Transpose", n -> transpose(n, n.constant(0))),
          Map.entry("ConstantOfShape", n -> filled(n, n.constant(0))),
          Map.entry("Add", n -> both(n, Math::addExact, Double::sum)),
          Map.entry("Sub", n -> both(n, Math::subtractExact, (x, y) -> x - y)),
          Map.entry("Mul", n -> both(n, Math::multiplyExact, (x, y) -> x * y)),
          Map.entry("Div", n -> both(n, (x, y) -> x / y, (x, y) -> x / y)),
          Map.entry("Max", n -> all(n, Math::max, Math::max)),
          Map.entry("Min", n -> all(n, Math::min, Math::min)),
          Map.entry("Clip", ConstantOperators::clipped),
          Map.entry("Abs", n -> each(n, Math::abs)),
          Map.entry("Log", n -> each(n, Math::log)),
          Map.entry("Floor", n -> each(n, Math::floor)),
          Map.entry("Ceil", n -> each(n, Math::ceil)),
          Map.entry("Sqrt", n -> each(n, Math::sqrt)),
          Map.entry("Neg", n -> each(n, x -> -x)),
          Map.entry("Reciprocal", n -> each(n, x -> 1 / x)),
          Map.entry("Exp", n -> each(n, Math::exp)));

  private ConstantOperators() {}

  /** Whether operators of a type are known on constants. */
  static boolean isKnown(String type) {
    return ALL.containsKey(type);
  }

  static Constant apply(NodeCall call) {
    Function<NodeCall, Constant> operator = ALL.get(call.node.getOpType());
    if (operator == null) throw new Unsupported("there is no counterpart, on constants");
    return operator.apply(call);
  }

  private static Constant transpose(NodeCall call, Constant a) {
    int rank = a.shape().size();
    List<Integer> reversed = IntStream.range(0, rank).mapToObj(i -> rank - 1 - i).toList();
    return a.transposed(call.settings.ints("perm", reversed));
  }

  private static Constant cast(NodeCall call, Constant a) {
    TensorProto to = TensorProto.newBuilder().setDataType(call.settings.number("to", 1)).build();
    boolean real = new Stored(to).isReal();
    if (real == a.isReal()) return a;
    a.counted();
    return real ? Constant.of(a.shape(), a.floats()) : Constant.of(a.shape(), a.longs());
  }

  private static Constant gather(NodeCall call, Constant a, Constant index) {
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

  private static List<Integer> axes(NodeCall call) {
    return call.has(1) ? call.constant(1).ints() : call.settings.ints("axes", List.of());
  }

  private static Constant unsqueeze(NodeCall call, Constant a) {
    List<Integer> axes = axes(call);
    int rank = a.shape().size() + axes.size();
    List<Integer> shape = new ArrayList<>(a.shape());
    axes.stream().map(i -> i < 0 ? i + rank : i).sorted().forEach(i -> shape.add(i, 1));
    return a.reshaped(shape);
  }

  private static Constant squeeze(NodeCall call, Constant a) {
    List<Integer> axes = axes(call).stream().map(i -> i < 0 ? i + a.shape().size() : i).toList();
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < a.shape().size(); i++) {
      boolean goes = axes.isEmpty() ? a.shape().get(i) == 1 : axes.contains(i);
      if (!goes) shape.add(a.shape().get(i));
    }
    return a.reshaped(shape);
  }

  private static Constant concat(NodeCall call) {
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

  private static Constant concatReal(NodeCall call) {
    float[] joined = {};
    for (int i = 0; i < call.inputs(); i++) {
      float[] part = call.constant(i).floats();
      joined = Arrays.copyOf(joined, joined.length + part.length);
      System.arraycopy(part, 0, joined, joined.length - part.length, part.length);
    }
    return Constant.of(List.of(joined.length), joined);
  }

  private static Constant slice(NodeCall call, Constant a) {
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
  static int[] places(int start, int end, int step, int size) {
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

  private static Constant filled(NodeCall call, Constant shape) {
    List<Integer> sizes = shape.counted().ints();
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

  private static Constant each(NodeCall call, DoubleUnaryOperator f) {
    Constant a = call.constant(0).counted();
    float[] from = a.floats();
    float[] to = new float[from.length];
    for (int i = 0; i < to.length; i++) to[i] = (float) f.applyAsDouble(from[i]);
    return Constant.of(a.shape(), to);
  }

  private static Constant clipped(NodeCall call) {
    double low = ElementOperators.bound(call, "min", 1, Double.NEGATIVE_INFINITY);
    double high = ElementOperators.bound(call, "max", 2, Double.POSITIVE_INFINITY);
    DoubleUnaryOperator clip = x -> Math.min(high, Math.max(low, x));
    Constant a = call.constant(0).counted();
    if (a.isReal()) return each(call, clip);
    long[] whole = Arrays.stream(a.longs()).map(x -> (long) clip.applyAsDouble(x)).toArray();
    return Constant.of(a.shape(), whole);
  }

  private static Constant both(NodeCall call, LongBinaryOperator whole, DoubleBinaryOperator real) {
    return both(call.constant(0), call.constant(1), whole, real);
  }

  /** From the first input to the last. */
  private static Constant all(NodeCall call, LongBinaryOperator whole, DoubleBinaryOperator real) {
    Constant a = call.constant(0);
    for (int i = 1; i < call.inputs(); i++) a = both(a, call.constant(i), whole, real);
    return a;
  }

  private static Constant both(
      Constant first, Constant second, LongBinaryOperator whole, DoubleBinaryOperator real) {
    Constant a = first.counted();
    Constant b = second.counted();
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
