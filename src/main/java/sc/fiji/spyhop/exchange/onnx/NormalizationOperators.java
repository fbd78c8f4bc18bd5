package sc.fiji.spyhop.exchange.onnx;

import java.util.Map;
import sc.fiji.spyhop.exchange.graph.Value;

/** Normalization of channels. */
final class NormalizationOperators {

  static final Map<String, Operator> ALL =
      Map.of(
          "BatchNormalization", NormalizationOperators::batchNorm,
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
