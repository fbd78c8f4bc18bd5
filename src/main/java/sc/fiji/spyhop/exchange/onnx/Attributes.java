package sc.fiji.spyhop.exchange.onnx;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.exchange.graph.Unsupported;

/** Settings of a node, with what holds where one is left out. */
record Attributes(OnnxNode node) {

  private <T extends OnnxAttribute> Optional<T> get(String name, Class<T> type) {
    OnnxAttribute a = node.attributes().get(name);
    if (a == null) return Optional.empty();
    if (!type.isInstance(a)) throw new Unsupported("attribute " + name + " of another kind");
    return Optional.of(type.cast(a));
  }

  int number(String name, int otherwise) {
    return get(name, OnnxAttribute.Int.class)
        .map(a -> Math.toIntExact(a.value()))
        .orElse(otherwise);
  }

  double real(String name, double otherwise) {
    return get(name, OnnxAttribute.Real.class).map(a -> (double) a.value()).orElse(otherwise);
  }

  String text(String name, String otherwise) {
    return get(name, OnnxAttribute.Text.class).map(OnnxAttribute.Text::value).orElse(otherwise);
  }

  Optional<List<Integer>> ints(String name) {
    return get(name, OnnxAttribute.Ints.class)
        .map(
            a ->
                a.values().stream()
                    .map(v -> (int) Math.max(-1L << 31, Math.min((1L << 31) - 1, v)))
                    .toList());
  }

  List<Integer> ints(String name, List<Integer> otherwise) {
    return ints(name).orElse(otherwise);
  }

  Optional<OnnxTensor> tensor(String name) {
    return get(name, OnnxAttribute.Constant.class).map(OnnxAttribute.Constant::value);
  }
}
