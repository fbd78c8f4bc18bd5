package sc.fiji.spyhop.exchange.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataType;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class OnnxWriterTest {

  /** The model below as the onnx package for Python (1.23, SerializeToString) writes it. */
  private static final String EXPECTED =
      "08081201701a01313203646f633ad4020a8c010a01780a000a01771201791a056669727374220454"
          + "6573742a110a016918ffffffffffffffffff01a001022a0b0a0166150000003fa001012a0a0a0173"
          + "2202c3a9a001032a0c0a026973400240ac02a001072a110a0266733d0000c03f3d000000c0a00106"
          + "2a0c0a0273734a01614a00a001082a140a01742a0c10074a080700000000000000a001043a016412"
          + "01672a170801080310014201774a0c0000803f000000c0000050402a130801100b42036436344a08"
          + "9c7500883ce4377e2a130802100642036933324a0805000000faffffff2a100802100a420468616c"
          + "664a04003e00402a3b0804100142036269676a130a086c6f636174696f6e12076269672e62696e6a"
          + "0b0a066f66667365741201386a0c0a066c656e6774681202313670015a160a017812110a0f080112"
          + "0b0a0312016e0a0208030a0062090a017912040a02080b6a0b0a017a12060a040807120042021011"
          + "42050a0164100172060a016b120176";

  /** All kinds of values and settings in fields that are declared here. */
  private static final String TEXT =
      """
      ir_version: 8 producer_name: "p" producer_version: "1" doc_string: "doc"
      graph {
        node {
          input: ["x", "", "w"] output: "y" name: "first" op_type: "Test" domain: "d"
          attribute { name: "i" i: -1 type: INT }
          attribute { name: "f" f: 0.5 type: FLOAT }
          attribute { name: "s" s: "\\303\\251" type: STRING }
          attribute { name: "is" ints: [2, 300] type: INTS }
          attribute { name: "fs" floats: [1.5, -2] type: FLOATS }
          attribute { name: "ss" strings: ["a", ""] type: STRINGS }
          attribute { name: "t" type: TENSOR
            t { data_type: 7 raw_data: "\\007\\000\\000\\000\\000\\000\\000\\000" } }
        }
        name: "g"
        initializer { dims: [1, 3] data_type: 1 name: "w"
          raw_data: "\\000\\000\\200\\077\\000\\000\\000\\300\\000\\000\\120\\100" }
        initializer { dims: 1 data_type: 11 name: "d64" raw_data: "\\234\\165\\000\\210\\074\\344\\067\\176" }
        initializer { dims: 2 data_type: 6 name: "i32" raw_data: "\\005\\000\\000\\000\\372\\377\\377\\377" }
        initializer { dims: 2 data_type: 10 name: "half" raw_data: "\\000\\076\\000\\100" }
        initializer { dims: 4 data_type: 1 name: "big"
          external_data { key: "location" value: "big.bin" }
          external_data { key: "offset" value: "8" }
          external_data { key: "length" value: "16" }
          data_location: EXTERNAL }
        input { name: "x" type { tensor_type { elem_type: 1
          shape { dim { dim_param: "n" } dim { dim_value: 3 } dim {} } } } }
        output { name: "y" type { tensor_type { elem_type: 11 } } }
        value_info { name: "z" type { tensor_type { elem_type: 7 shape {} } } }
      }
      opset_import { version: 17 } opset_import { domain: "d" version: 1 }
      metadata_props { key: "k" value: "v" }
      """;

  @Test
  void fieldsAreThoseOfTheReferenceImplementation() throws IOException {
    ModelProto model = TextFormat.parse(TEXT, ModelProto.class);
    assertEquals(EXPECTED, HexFormat.of().formatHex(model.toByteArray()));
    assertEquals(model, ModelProto.parseFrom(HexFormat.of().parseHex(EXPECTED)));
  }

  /** Weights of several sizes, one of them longer than what is written at once. */
  @Test
  void weightsAreWrittenAsIfTheyHadBeenPartOfTheGraph() throws IOException {
    ModelProto frame = TextFormat.parse(TEXT, ModelProto.class);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    ModelProto.Builder expected = frame.toBuilder();
    for (int length : new int[] {0, 1, 50_001, 1 << 14}) {
      float[] values = new float[length];
      ByteBuffer raw = ByteBuffer.allocate(4 * length).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < length; i++) raw.putFloat(values[i] = i);
      weights.put("w" + length, new Tensor(Axes.OI, new int[] {1, length}, values));
      expected
          .getGraphBuilder()
          .addInitializerBuilder()
          .setName("w" + length)
          .setDataType(DataType.FLOAT_VALUE)
          .addDims(1)
          .addDims(length)
          .setRawData(ByteString.copyFrom(raw.array()));
    }
    OnnxModel model = new OnnxModel(frame, weights);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxWriter.write(model, out);
    assertEquals(expected.build(), ModelProto.parseFrom(out.toByteArray()));
    assertEquals(out.size(), OnnxWriter.size(model));
    assertEquals(ByteBuffer.wrap(out.toByteArray()), OnnxWriter.toDirectBuffer(model));
  }

  @Test
  void whatOneProtocolBufferCannotHoldIsRefused() {
    Tensor tensor = new Tensor(Axes.C, new int[] {1 << 20}, new float[1 << 20]);
    Map<String, Tensor> weights = new HashMap<>();
    for (int i = 0; i < 512; i++) weights.put("w" + i, tensor);
    OnnxModel model = new OnnxModel(ModelProto.getDefaultInstance(), weights);
    SpyhopException e = assertThrows(SpyhopException.class, () -> OnnxWriter.size(model));
    assertEquals(
        "An ONNX model in one piece holds less than 2 GB, this one takes 2048 MB.", e.getMessage());
  }
}
