package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.util.Strings;

/** Operators that change the size of a map. */
final class SizeOperators {

  static final Map<String, Operator> ALL =
      Map.of(
          "Pad", n -> n.mapped(pad(n)),
          "Resize", n -> n.mapped(resize(n)),
          "Upsample", n -> n.mapped(resize(n)));

  private SizeOperators() {}

  private static Feature pad(NodeCall n) {
    Feature in = n.feature(0);
    String mode = n.settings.text("mode", "constant");
    if (!mode.equals("constant")) throw new Unsupported("mode " + mode);
    double value =
        n.opset >= 11
            ? n.optional(2).map(Constant::single).orElse(0.0)
            : n.settings.real("value", 0);
    List<Integer> pads =
        n.opset >= 11
            ? n.constant(1).ints()
            : n.settings.ints("pads").or(() -> n.settings.ints("paddings")).orElse(List.of());
    if (n.has(3)) throw new Unsupported("axes");
    int rank = in.dimensions().size();
    if (pads.stream().allMatch(p -> p == 0)) return in;
    List<Integer> margin = new ArrayList<>();
    for (int side = 0; side < 2; side++) {
      for (int i = 0; i < rank; i++) {
        int p = pads.get(side * rank + i);
        if (i > 0 && i != in.channelAxis()) margin.add(p);
        else if (p != 0) throw new Unsupported("zeros that are not around a map");
      }
    }
    boolean none = in.margin().isEmpty();
    if (value != 0 || !in.isMap() || !none || margin.stream().anyMatch(p -> p < 0)) {
      throw new Unsupported("pads " + pads + " of value " + value);
    }
    return in.withMargin(margin);
  }

  private static Feature resize(NodeCall n) {
    Feature in = n.channelsFirst(n.feature(0));
    if (!in.isMap()) throw new Unsupported("enlarging of a single pixel");
    List<Integer> factor = new ArrayList<>();
    int rank = in.shape().rank();
    int scalesAt = n.node.getOpType().equals("Upsample") || n.opset < 11 ? 1 : 2;
    if (n.has(3) && n.constant(3).length() > 0) {
      List<Integer> sizes = n.constant(3).ints();
      for (int i = 0; i < rank; i++) {
        int size = in.shape().space().get(i);
        int to = sizes.get(sizes.size() - rank + i);
        if (size == Shape.ANY || to == Shape.ANY) {
          throw new Unsupported("a size that depends on the image; say what size images have");
        }
        if (to % size != 0) throw new Unsupported("from " + size + " to " + to + " pixels");
        factor.add(to / size);
      }
    } else {
      float[] scales = n.has(scalesAt) ? n.constant(scalesAt).floats() : scalesOfAttribute(n);
      if (scales.length != rank + 2 || scales[0] != 1 || scales[1] != 1) {
        throw new Unsupported("scales " + Arrays.toString(scales));
      }
      for (int i = 0; i < rank; i++) {
        if (scales[2 + i] != Math.rint(scales[2 + i]) || scales[2 + i] < 1) {
          throw new Unsupported("scales " + Arrays.toString(scales));
        }
        factor.add((int) scales[2 + i]);
      }
    }
    return n.builder.upsample(n.name(), in, factor, interpolation(n, factor));
  }

  private static float[] scalesOfAttribute(NodeCall n) {
    List<Float> found = n.settings.reals("scales").orElseThrow(() -> new Unsupported("no scales"));
    float[] scales = new float[found.size()];
    for (int i = 0; i < scales.length; i++) scales[i] = found.get(i);
    return scales;
  }

  private static Interpolation interpolation(NodeCall n, List<Integer> factor) {
    String mode = n.settings.text("mode", "nearest");
    boolean old = n.node.getOpType().equals("Upsample") || n.opset < 11;
    String pixels =
        old ? "asymmetric" : n.settings.text("coordinate_transformation_mode", "half_pixel");
    String rounding = old ? "floor" : n.settings.text("nearest_mode", "round_prefer_floor");
    boolean centred = pixels.equals("half_pixel") || pixels.equals("pytorch_half_pixel");
    if (mode.equals("nearest")) {
      boolean repeats =
          centred && rounding.startsWith("round")
              || pixels.equals("asymmetric")
                  && (rounding.equals("floor")
                      || rounding.equals("round_prefer_floor")
                          && factor.stream().allMatch(f -> f <= 2));
      if (repeats) return Interpolation.NEAREST;
    }
    if (mode.equals("linear") && centred) return Interpolation.BILINEAR;
    throw new Unsupported(Strings.format("mode %s, %s, %s", mode, pixels, rounding));
  }
}
