package sc.fiji.spyhop.exchange.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.OnnxValue.Dimension;

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

  private static OnnxModel model() {
    Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
    attributes.put("i", new OnnxAttribute.Int(-1));
    attributes.put("f", new OnnxAttribute.Real(0.5f));
    attributes.put("s", new OnnxAttribute.Text("\u00e9"));
    attributes.put("is", new OnnxAttribute.Ints(List.of(2L, 300L)));
    attributes.put("fs", new OnnxAttribute.Reals(List.of(1.5f, -2f)));
    attributes.put("ss", new OnnxAttribute.Texts(List.of("a", "")));
    OnnxTensor seven = tensor("", ElementType.INT64, new OnnxTensor.Longs(new long[] {7}));
    attributes.put("t", new OnnxAttribute.Constant(seven));
    byte[] half = {0, 0x3e, 0, 0x40};
    List<OnnxTensor> initializers =
        List.of(
            tensor(
                "w", ElementType.FLOAT, new OnnxTensor.Floats(new float[] {1, -2, 3.25f}), 1L, 3L),
            tensor("d64", ElementType.DOUBLE, new OnnxTensor.Doubles(new double[] {1e300}), 1L),
            tensor("i32", ElementType.INT32, new OnnxTensor.Ints(new int[] {5, -6}), 2L),
            tensor("half", ElementType.FLOAT16, new OnnxTensor.Raw(ByteBuffer.wrap(half)), 2L),
            tensor("big", ElementType.FLOAT, new OnnxTensor.External("big.bin", 8, 16), 4L));
    List<Dimension> shape = List.of(Dimension.open("n"), Dimension.of(3), Dimension.open(""));
    OnnxGraph graph =
        new OnnxGraph(
            "g",
            List.of(
                new OnnxNode(
                    "first", "d", "Test", List.of("x", "", "w"), List.of("y"), attributes)),
            initializers,
            List.of(new OnnxValue("x", ElementType.FLOAT, Optional.of(shape))),
            List.of(new OnnxValue("y", ElementType.DOUBLE, Optional.empty())),
            List.of(new OnnxValue("z", ElementType.INT64, Optional.of(List.of()))));
    Map<String, Long> opsets = new LinkedHashMap<>();
    opsets.put("", 17L);
    opsets.put("d", 1L);
    return new OnnxModel(8, opsets, "p", "1", "doc", Map.of("k", "v"), graph);
  }

  private static OnnxTensor tensor(
      String name, ElementType type, OnnxTensor.Values values, Long... shape) {
    return new OnnxTensor(name, type, List.of(shape), values);
  }

  @Test
  void bytesAreThoseOfTheReferenceImplementation() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxWriter.write(model(), out);
    assertEquals(EXPECTED, HexFormat.of().formatHex(out.toByteArray()));
    assertEquals(out.size(), OnnxWriter.size(model()));
    byte[] direct = new byte[out.size()];
    OnnxWriter.toDirectBuffer(model()).get(direct);
    assertEquals(EXPECTED, HexFormat.of().formatHex(direct));
  }

  @Test
  void tensorsLongerThanOneChunkAreWhole() throws IOException {
    float[] values = new float[50_001];
    for (int i = 0; i < values.length; i++) values[i] = i;
    OnnxTensor t = tensor("w", ElementType.FLOAT, new OnnxTensor.Floats(values), 50_001L);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxWriter.write(only(List.of(t)), out);
    ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    int at = out.size() - 4 * values.length - 4;
    for (int i = 0; i < values.length; i++) assertEquals(i, bytes.getFloat(at + 4 * i));
  }

  @Test
  void whatOneProtocolBufferCannotHoldIsRefused() {
    float[] values = new float[1 << 20];
    OnnxTensor t = tensor("w", ElementType.FLOAT, new OnnxTensor.Floats(values), 1L << 20);
    OnnxModel model = only(Collections.nCopies(512, t));
    SpyhopException e = assertThrows(SpyhopException.class, () -> OnnxWriter.size(model));
    assertEquals(
        "An ONNX model in one piece holds less than 2 GB, this one takes 2048 MB.", e.getMessage());
  }

  private static OnnxModel only(List<OnnxTensor> initializers) {
    OnnxGraph graph = new OnnxGraph("", List.of(), initializers, List.of(), List.of(), List.of());
    return new OnnxModel(8, Map.of("", 17L), "", "", "", Map.of(), graph);
  }
}
