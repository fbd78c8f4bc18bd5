package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Fraction;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.PixelShuffle.Direction;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.util.Strings;

/** Operators that change the size of a map. */
final class SizeOperators {

  static final Map<String, Operator> ALL =
      Map.of(
          "Pad", n -> n.mapped(pad(n)),
          "DepthToSpace", n -> n.mapped(depthToSpace(n)),
          "SpaceToDepth", n -> n.mapped(spaceToDepth(n)),
          "Resize", n -> n.mapped(resize(n)),
          "Upsample", n -> n.mapped(resize(n)));

  private SizeOperators() {}

  private static Feature pad(NodeCall n) {
    Feature in = n.feature(0);
    int rank = in.dimensions().size();
    boolean inputs = n.opset >= 11;
    double value =
        inputs ? n.optional(2).map(Constant::single).orElse(0.0) : n.settings.real("value", 0);
    List<Integer> told =
        inputs
            ? n.constant(1).counted().ints()
            : n.settings.ints("pads").or(() -> n.settings.ints("paddings")).orElse(List.of());
    List<Integer> all = IntStream.range(0, rank).boxed().toList();
    List<Integer> axes = n.has(3) ? n.constant(3).ints() : all;
    List<Integer> before = new ArrayList<>(Collections.nCopies(rank, 0));
    List<Integer> after = new ArrayList<>(before);
    for (int i = 0; i < axes.size(); i++) {
      int axis = axes.get(i) < 0 ? axes.get(i) + rank : axes.get(i);
      before.set(axis, told.get(i));
      after.set(axis, told.get(axes.size() + i));
    }
    if (told.stream().allMatch(p -> p == 0)) return in;
    for (List<Integer> side : List.of(before, after)) {
      int channels = side.remove(in.channelAxis());
      int batch = side.remove(0);
      if (channels != 0 || batch != 0) throw new Unsupported("pads that are not around a map");
    }
    Pad.Mode mode = mode(n);
    boolean adds = Stream.concat(before.stream(), after.stream()).anyMatch(p -> p > 0);
    if (mode == Pad.Mode.ZEROS && adds && value != 0) throw new Unsupported("pads of " + value);
    return n.builder.pad(n.name(), in, before, after, mode);
  }

  private static Pad.Mode mode(NodeCall n) {
    String mode = n.settings.text("mode", "constant");
    return switch (mode) {
      case "constant" -> Pad.Mode.ZEROS;
      case "reflect" -> Pad.Mode.REFLECT;
      case "edge" -> Pad.Mode.EDGE;
      default -> throw new Unsupported("mode " + mode);
    };
  }

  private static Feature depthToSpace(NodeCall n) {
    Feature in = n.channelsFirst(n.feature(0));
    int block = n.settings.number("blocksize", 1);
    int channels = in.shape().channels() / (block * block);
    List<Integer> order = IntStream.range(0, in.shape().channels()).boxed().toList();
    if (n.settings.text("mode", "DCR").equals("DCR")) {
      // rows and columns of a block come first there, and then the channels
      order =
          order.stream().map(i -> i % (block * block) * channels + i / (block * block)).toList();
    }
    Feature ordered = n.builder.select(n.name() + "_channels", in, order);
    return n.builder.shuffle(n.name(), ordered, block, Direction.TO_SPACE);
  }

  private static Feature spaceToDepth(NodeCall n) {
    Feature in = n.channelsFirst(n.feature(0));
    int block = n.settings.number("blocksize", 1);
    int channels = in.shape().channels();
    Feature shuffled = n.builder.shuffle(n.name(), in, block, Direction.TO_CHANNELS);
    List<Integer> order =
        IntStream.range(0, channels * block * block)
            .mapToObj(i -> i % channels * block * block + i / channels)
            .toList();
    return n.builder.select(n.name() + "_channels", shuffled, order);
  }

  private static Feature resize(NodeCall n) {
    Feature in = n.channelsFirst(n.feature(0));
    if (!in.isMap()) throw new Unsupported("enlarging of a single pixel");
    List<Fraction> scales =
        n.has(3) && n.constant(3).length() > 0 ? bySizes(n, in) : byScales(n, in);
    String pixels = pixels(n);
    boolean aligned = pixels.equals("align_corners");
    Interpolation interpolation = interpolation(n, scales, pixels);
    return n.builder.resize(n.name(), in, scales, interpolation, aligned);
  }

  /** Sizes of the axes that are resized, as many as there are dimensions of space. */
  private static List<Integer> resized(NodeCall n, int told, int rank) {
    List<Integer> all = IntStream.range(0, rank + 2).boxed().toList();
    List<Integer> axes = n.settings.ints("axes", all);
    List<Integer> places = new ArrayList<>();
    for (int d = 0; d < rank; d++) {
      int axis = d + 2;
      int place = axes.stream().map(a -> a < 0 ? a + rank + 2 : a).toList().indexOf(axis);
      if (place < 0 || told != axes.size()) throw new Unsupported("axes " + axes);
      places.add(place);
    }
    return places;
  }

  private static List<Fraction> bySizes(NodeCall n, Feature in) {
    List<Integer> sizes = n.constant(3).ints();
    int rank = in.shape().rank();
    if (!n.settings.text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
      throw new Unsupported("sizes that keep proportions");
    }
    List<Fraction> scales = new ArrayList<>();
    List<Integer> places = resized(n, sizes.size(), rank);
    for (int d = 0; d < rank; d++) {
      int from = in.sizes().get(d);
      int to = sizes.get(places.get(d));
      if (from == Shape.ANY || to == Constant.OPEN) throw new Unsupported(Unsupported.OPEN_SIZE);
      scales.add(new Fraction(to, from));
    }
    return scales;
  }

  private static List<Fraction> byScales(NodeCall n, Feature in) {
    int rank = in.shape().rank();
    boolean old = n.node.getOpType().equals("Upsample") || n.opset < 11;
    int at = old ? 1 : 2;
    float[] told = n.has(at) ? n.constant(at).floats() : scalesOfAttribute(n);
    List<Integer> places = resized(n, told.length, rank);
    for (int i = 0; i < told.length; i++) {
      if (!places.contains(i) && told[i] != 1) {
        throw new Unsupported("scales " + Arrays.toString(told));
      }
    }
    return places.stream().map(p -> Fraction.near(told[p])).toList();
  }

  private static float[] scalesOfAttribute(NodeCall n) {
    List<Float> found = n.settings.reals("scales").orElseThrow(() -> new Unsupported("no scales"));
    float[] scales = new float[found.size()];
    for (int i = 0; i < scales.length; i++) scales[i] = found.get(i);
    return scales;
  }

  private static String pixels(NodeCall n) {
    boolean old = n.node.getOpType().equals("Upsample") || n.opset < 11;
    return old ? "asymmetric" : n.settings.text("coordinate_transformation_mode", "half_pixel");
  }

  private static Interpolation interpolation(NodeCall n, List<Fraction> scales, String pixels) {
    String mode = n.settings.text("mode", "nearest");
    boolean old = n.node.getOpType().equals("Upsample") || n.opset < 11;
    String rounding = old ? "floor" : n.settings.text("nearest_mode", "round_prefer_floor");
    boolean centred = pixels.equals("half_pixel") || pixels.equals("pytorch_half_pixel");
    boolean whole = scales.stream().allMatch(Fraction::isWhole);
    if (mode.equals("nearest")) {
      boolean repeats =
          centred && rounding.startsWith("round") && whole
              || pixels.equals("asymmetric")
                  && (rounding.equals("floor")
                      || rounding.equals("round_prefer_floor")
                          && whole
                          && scales.stream().allMatch(f -> f.numerator() <= 2));
      if (repeats) return Interpolation.NEAREST;
    }
    boolean smooth = n.settings.number("antialias", 0) == 0 || whole;
    if (mode.equals("linear") && smooth && (centred || pixels.equals("align_corners"))) {
      return Interpolation.BILINEAR;
    }
    throw new Unsupported(Strings.format("mode %s, %s, %s", mode, pixels, rounding));
  }
}
