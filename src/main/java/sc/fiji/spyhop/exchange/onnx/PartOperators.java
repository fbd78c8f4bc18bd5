package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Fraction;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.Shape;

/** Operators that take a part of a value: some of its channels, or a part of its space. */
final class PartOperators {

  static final Map<String, Operator> ALL =
      Map.of(
          "Slice", n -> n.mapped(slice(n)),
          "Split", (Operator.OfSeveral) PartOperators::split,
          "Gather", n -> n.mapped(gather(n)));

  private PartOperators() {}

  private static Feature slice(NodeCall n) {
    boolean inputs = n.has(1);
    List<Integer> starts =
        inputs ? n.constant(1).counted().ints() : n.settings.ints("starts", List.of());
    List<Integer> ends =
        inputs ? n.constant(2).counted().ints() : n.settings.ints("ends", List.of());
    List<Integer> all = IntStream.range(0, starts.size()).boxed().toList();
    List<Integer> axes = n.has(3) ? n.constant(3).ints() : n.settings.ints("axes", all);
    Feature part = n.feature(0);
    for (int i = 0; i < starts.size(); i++) {
      int axis = axis(axes.get(i), part);
      int step = n.has(4) ? n.constant(4).ints().get(i) : 1;
      part = slice(n, part, axis, starts.get(i), ends.get(i), step);
    }
    return part;
  }

  private static int axis(int told, Feature of) {
    return told < 0 ? told + of.dimensions().size() : told;
  }

  private static Feature slice(NodeCall n, Feature in, int axis, int start, int end, int step) {
    int size = in.dimensions().get(axis);
    if (step == 0) throw new Unsupported("step 0");
    if (axis == in.channelAxis()) {
      int[] places = ConstantOperators.places(start, end, step, size);
      if (places.length == 0) throw new Unsupported("a part without channels");
      return n.builder.select(n.name(), in, IntStream.of(places).boxed().toList());
    }
    boolean open = size == Shape.ANY;
    if (step < 0) throw new Unsupported("step " + step);
    if (open && (start < 0 || end >= 0 && end < Integer.MAX_VALUE)) {
      throw new Unsupported(Unsupported.OPEN_SIZE);
    }
    int from = start < 0 ? Math.max(0, start + size) : open ? start : Math.min(start, size);
    int behind = end < 0 ? -end : open ? 0 : Math.max(0, size - end);
    if (axis == 0) {
      if (from == 0 && behind == 0) return in;
      throw new Unsupported("a part of a batch");
    }
    int dimension = axis < in.channelAxis() ? axis - 1 : axis - 2;
    return step == 1
        ? crop(n, in, dimension, -from, -behind)
        : every(n, in, dimension, from, behind, step);
  }

  private static Feature crop(NodeCall n, Feature in, int dimension, int before, int after) {
    return n.builder.pad(
        n.name(), in, only(in, dimension, before), only(in, dimension, after), Pad.Mode.ZEROS);
  }

  /** Every so manieth row or column, where there are as many between as behind the last. */
  private static Feature every(
      NodeCall n, Feature in, int dimension, int from, int behind, int step) {
    if (behind != 0 || from >= step) throw new Unsupported("a part of it with step " + step);
    // what follows the last is not looked at
    Feature moved = crop(n, in, dimension, -from, from);
    List<Fraction> scales =
        new ArrayList<>(Collections.nCopies(in.shape().rank(), new Fraction(1, 1)));
    scales.set(dimension, new Fraction(1, step));
    return n.builder.resize(n.name(), moved, scales, Interpolation.NEAREST, false);
  }

  private static List<Integer> only(Feature in, int dimension, int size) {
    List<Integer> sizes = new ArrayList<>(Collections.nCopies(in.shape().rank(), 0));
    sizes.set(dimension, size);
    return sizes;
  }

  private static List<Value> split(NodeCall n) {
    Feature in = n.feature(0);
    int axis = axis(n.settings.number("axis", 0), in);
    int size = in.dimensions().get(axis);
    if (size == Shape.ANY) throw new Unsupported(Unsupported.OPEN_SIZE);
    List<Value> parts = new ArrayList<>();
    int from = 0;
    for (int part : sizes(n, size)) {
      parts.add(n.mapped(slice(n, in, axis, from, from + part, 1)));
      from += part;
    }
    return parts;
  }

  /** As told, or else equal but for the last, which may be smaller. */
  private static List<Integer> sizes(NodeCall n, int whole) {
    if (n.has(1)) return n.constant(1).counted().ints();
    int parts = n.settings.number("num_outputs", n.node.getOutputCount());
    int each = (whole + parts - 1) / parts;
    List<Integer> equal =
        IntStream.range(0, parts).mapToObj(i -> Math.min(each, whole - i * each)).toList();
    return n.settings.ints("split", equal);
  }

  private static Feature gather(NodeCall n) {
    Feature in = n.feature(0);
    Constant indices = n.constant(1).counted();
    int axis = axis(n.settings.number("axis", 0), in);
    if (axis != in.channelAxis() || indices.shape().size() != 1) {
      throw new Unsupported("choice along axis " + axis + " by indices of " + indices.shape());
    }
    int channels = in.shape().channels();
    List<Integer> chosen = indices.ints().stream().map(i -> i < 0 ? i + channels : i).toList();
    // of one channel, formulas may go on
    return chosen.size() == 1
        ? n.builder.formula(n.name(), "x[" + chosen.get(0) + "]", List.of(in))
        : n.builder.select(n.name(), in, chosen);
  }
}
