package sc.fiji.spyhop.exchange.onnx;

import java.util.Map;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;

/** Normalization of channels. */
final class NormalizationOperators {

  static final Map<String, Operator> ALL =
      Map.of(
          "BatchNormalization", NormalizationOperators::batchNorm,
          "InstanceNormalization", NormalizationOperators::instanceNorm,
          "GroupNormalization", NormalizationOperators::groupNorm,
          "LayerNormalization", NormalizationOperators::layerNorm,
          "LRN", NormalizationOperators::localResponse);

  private NormalizationOperators() {}

  private static Value batchNorm(NodeCall n) {
    return n.mapped(
        n.builder.batchNorm(
            n.name(),
            n.channelsFirst(n.feature(0)),
            n.constant(1).floats(),
            n.constant(2).floats(),
            n.constant(3).floats(),
            n.constant(4).floats(),
            n.settings.real("epsilon", 1e-5)));
  }

  private static Value instanceNorm(NodeCall n) {
    Feature in = n.channelsFirst(n.feature(0));
    return n.mapped(
        n.builder.groupNorm(
            n.name(),
            in,
            in.shape().channels(),
            n.constant(1).floats(),
            n.constant(2).floats(),
            n.settings.real("epsilon", 1e-5)));
  }

  /** Before operator set 21, scale and shift were those of groups. */
  private static Value groupNorm(NodeCall n) {
    Feature in = n.channelsFirst(n.feature(0));
    int groups = n.settings.number("num_groups", 0);
    int channels = in.shape().channels();
    if (groups < 1 || channels % groups != 0) {
      throw new Unsupported(groups + " groups of " + channels + " channels");
    }
    int each = n.opset < 21 ? channels / groups : 1;
    return n.mapped(
        n.builder.groupNorm(
            n.name(),
            in,
            groups,
            repeated(n.constant(1).floats(), each),
            repeated(n.constant(2).floats(), each),
            n.settings.real("epsilon", 1e-5)));
  }

  /** Each value several times. */
  static float[] repeated(float[] values, int times) {
    float[] all = new float[values.length * times];
    for (int i = 0; i < all.length; i++) all[i] = values[i / times];
    return all;
  }

  /** Over the channels of each place, or over all of a map. */
  private static Value layerNorm(NodeCall n) {
    Feature in = n.feature(0);
    int rank = in.dimensions().size();
    int axis = n.settings.number("axis", -1);
    if (axis < 0) axis += rank;
    double epsilon = n.settings.real("epsilon", 1e-5);
    if (axis == rank - 1 && axis == in.channelAxis()) {
      float[] shift = n.optional(2).map(Constant::floats).orElse(new float[in.shape().channels()]);
      return n.mapped(n.builder.layerNorm(n.name(), in, n.constant(1).floats(), shift, epsilon));
    }
    if (axis != 1 || !in.isMap()) throw new Unsupported("axis " + axis + " of " + in.dimensions());
    float[] shift =
        n.optional(2).map(c -> ofChannels(in, c)).orElseGet(() -> new float[in.shape().channels()]);
    float[] scale = ofChannels(in, n.constant(1));
    return n.mapped(n.builder.groupNorm(n.name(), in, 1, scale, shift, epsilon));
  }

  /** Of one value for each place and channel, those of channels, if places do not differ. */
  private static float[] ofChannels(Feature in, Constant all) {
    float[] values = all.floats();
    int channels = in.shape().channels();
    float[] own = new float[channels];
    int places = values.length / channels;
    for (int i = 0; i < values.length; i++) {
      int c = in.channelsLast() ? i % channels : i / places;
      if (in.channelsLast() ? i < channels : i % places == 0) own[c] = values[i];
      if (values[i] != own[c]) throw new Unsupported("weights that differ from place to place");
    }
    return own;
  }

  private static Value localResponse(NodeCall n) {
    return n.mapped(
        n.builder.localResponseNorm(
            n.name(),
            n.channelsFirst(n.feature(0)),
            n.settings.number("size", 1),
            n.settings.real("alpha", 1e-4),
            n.settings.real("beta", 0.75),
            n.settings.real("bias", 1)));
  }
}
