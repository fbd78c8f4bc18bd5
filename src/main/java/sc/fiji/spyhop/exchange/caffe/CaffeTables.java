package sc.fiji.spyhop.exchange.caffe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.caffe.proto.ConcatParameter;
import sc.fiji.spyhop.exchange.caffe.proto.LayerParameter;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.exchange.onnx.OnnxTables;
import sc.fiji.spyhop.exchange.onnx.OnnxTables.Table;

/** What detectors of Caffe do behind their convolutions, in operators of ONNX. */
final class CaffeTables {

  private final OnnxTables tables = new OnnxTables();

  /**
   * The output of a layer.
   *
   * @param translated what our layers make of it, as long as only maps go in
   */
  Value apply(LayerParameter layer, String type, List<Value> inputs, Supplier<Value> translated) {
    if (inputs.stream().noneMatch(v -> v instanceof Table)) {
      Value value = translated.get();
      if (!(value instanceof Value.Cut)) return value;
    }
    Value in = inputs.get(0);
    return switch (type) {
      case "Permute" -> tables.permuted(in, layer.getPermuteParam().getOrderList());
      case "Reshape" -> tables.reshaped(in, CaffeImport.ints(layer.getReshapeParam().getShape()));
      case "Flatten" -> tables.reshaped(in, List.of(0, -1));
      case "Concat" -> tables.joined(inputs, axis(layer.getConcatParam()));
      case "Softmax" -> tables.softmax(in, layer.getSoftmaxParam().getAxis());
      case "Split" -> in;
      default -> throw new Unsupported("it stands among the boxes of a detector");
    };
  }

  private static int axis(ConcatParameter concat) {
    return concat.hasAxis() ? concat.getAxis() : concat.getConcatDim();
  }

  /** Layers whose maps tables are made of. */
  List<String> layers() {
    if (tables.layers().isEmpty()) {
      throw new SpyhopException(
          "expected a detector that puts its boxes together in tables (Permute, Reshape, Concat),"
              + " received none.");
    }
    return tables.layers();
  }

  /** The ONNX file. */
  byte[] file(Imported network, Map<String, Value> ends) {
    Map<String, Table> outputs = new LinkedHashMap<>();
    ends.forEach(
        (name, value) -> {
          if (value instanceof Table table) outputs.put(name, table);
        });
    return tables.file(network, outputs);
  }
}
