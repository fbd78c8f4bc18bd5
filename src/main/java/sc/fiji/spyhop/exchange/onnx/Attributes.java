package sc.fiji.spyhop.exchange.onnx;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto.AttributeType;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;

/** Settings of a node, with what holds where one is left out. */
record Attributes(NodeProto node) {

  boolean has(String name) {
    return find(name).isPresent();
  }

  private Optional<AttributeProto> find(String name) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  private Optional<AttributeProto> get(String name, AttributeType type) {
    Optional<AttributeProto> found = find(name);
    if (found.isPresent() && type(found.get()) != type) {
      throw new Unsupported("attribute " + name + " of another kind");
    }
    return found;
  }

  /** Older files do not say of which kind an attribute is: then it is what it holds. */
  private static AttributeType type(AttributeProto a) {
    if (a.getType() != AttributeType.UNDEFINED) return a.getType();
    if (a.hasF()) return AttributeType.FLOAT;
    if (a.hasI()) return AttributeType.INT;
    if (a.hasS()) return AttributeType.STRING;
    if (a.hasT()) return AttributeType.TENSOR;
    if (a.getFloatsCount() > 0) return AttributeType.FLOATS;
    if (a.getIntsCount() > 0) return AttributeType.INTS;
    return AttributeType.UNDEFINED;
  }

  int number(String name, int otherwise) {
    return get(name, AttributeType.INT).map(a -> Math.toIntExact(a.getI())).orElse(otherwise);
  }

  double real(String name, double otherwise) {
    return get(name, AttributeType.FLOAT).map(a -> (double) a.getF()).orElse(otherwise);
  }

  String text(String name, String otherwise) {
    return get(name, AttributeType.STRING).map(a -> a.getS().toStringUtf8()).orElse(otherwise);
  }

  Optional<List<Long>> longs(String name) {
    return get(name, AttributeType.INTS).map(AttributeProto::getIntsList);
  }

  Optional<List<Integer>> ints(String name) {
    return longs(name)
        .map(
            values ->
                values.stream()
                    .map(v -> (int) Math.max(-1L << 31, Math.min((1L << 31) - 1, v)))
                    .toList());
  }

  List<Integer> ints(String name, List<Integer> otherwise) {
    return ints(name).orElse(otherwise);
  }

  Optional<List<Float>> reals(String name) {
    return get(name, AttributeType.FLOATS).map(AttributeProto::getFloatsList);
  }

  Optional<TensorProto> tensor(String name) {
    return get(name, AttributeType.TENSOR).filter(AttributeProto::hasT).map(AttributeProto::getT);
  }
}
