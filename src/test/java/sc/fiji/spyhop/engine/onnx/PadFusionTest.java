package sc.fiji.spyhop.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.FileRunner;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto.AttributeType;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.OperatorSetIdProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataType;
import sc.fiji.spyhop.exchange.onnx.proto.TensorShapeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TypeProto;
import sc.fiji.spyhop.exchange.onnx.proto.ValueInfoProto;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Zeros around a map count in the maximum behind, though ONNX Runtime would leave them out. */
class PadFusionTest {

  private static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) attribute.addInts(value);
    return attribute.build();
  }

  private static ValueInfoProto value(String name, int side) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int size : new int[] {1, 1, side, side}) shape.addDimBuilder().setDimValue(size);
    TypeProto.Tensor.Builder type =
        TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT_VALUE).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }

  /** Maxima of 3 x 3 values, two apart, with a row above and a column to the left. */
  private static byte[] model() {
    TensorProto.Builder pads =
        TensorProto.newBuilder().setName("pads").setDataType(DataType.INT64_VALUE).addDims(8);
    for (long pad : new long[] {0, 0, 1, 1, 0, 0, 0, 0}) pads.addInt64Data(pad);
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("network")
            .addInitializer(pads)
            .addInput(value("in", 4))
            .addOutput(value("out", 2))
            .addNode(
                NodeProto.newBuilder()
                    .setOpType("Pad")
                    .addAllInput(List.of("in", "pads"))
                    .addOutput("padded"))
            .addNode(
                NodeProto.newBuilder()
                    .setOpType("MaxPool")
                    .addInput("padded")
                    .addOutput("out")
                    .addAttribute(ints("kernel_shape", 3, 3))
                    .addAttribute(ints("strides", 2, 2))
                    .addAttribute(ints("pads", 0, 0, 0, 0)));
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(15))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  @Test
  void zerosCount() {
    Engine engine = new OnnxEngine();
    Tensor image = Tensor.zeros(Axes.NCHW, 1, 1, 4, 4);
    Arrays.fill(image.data(), -1);
    try (FileRunner runner =
        engine.runner(OnnxContent.of(model()), Optional.empty(), engine.devices().get(0))) {
      float[] said = runner.run(image, false, List.of("out")).get("out").values();
      assertArrayEquals(new float[] {0, 0, 0, -1}, said);
    }
  }
}
