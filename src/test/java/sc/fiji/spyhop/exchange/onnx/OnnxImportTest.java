package sc.fiji.spyhop.exchange.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.OperatorSetIdProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataType;
import sc.fiji.spyhop.exchange.onnx.proto.TensorShapeProto;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Small graphs, with results calculated by hand. */
class OnnxImportTest {

  @TempDir Path folder;

  private final List<NodeProto> nodes = new ArrayList<>();
  private final List<TensorProto> constants = new ArrayList<>();
  private List<Long> input = List.of(1L, 2L, 2L, 2L);
  private long opset = 13;

  private void node(String op, List<String> in, String out, AttributeProto... settings) {
    nodes.add(
        NodeProto.newBuilder()
            .setName(op + "_" + out)
            .setOpType(op)
            .addAllInput(in)
            .addOutput(out)
            .addAllAttribute(List.of(settings))
            .build());
  }

  private static TensorProto.Builder tensor(String name, DataType type, List<Long> shape) {
    return TensorProto.newBuilder().setName(name).setDataType(type.getNumber()).addAllDims(shape);
  }

  private void floats(String name, List<Long> shape, float... values) {
    TensorProto.Builder tensor = tensor(name, DataType.FLOAT, shape);
    for (float value : values) tensor.addFloatData(value);
    constants.add(tensor.build());
  }

  private void longs(String name, long... values) {
    TensorProto.Builder tensor = tensor(name, DataType.INT64, List.of((long) values.length));
    for (long value : values) tensor.addInt64Data(value);
    constants.add(tensor.build());
  }

  private static AttributeProto ints(String name, Integer... values) {
    return Attribute.ints(name, List.of(values));
  }

  private ModelProto model(String... outputs) {
    GraphProto.Builder graph =
        GraphProto.newBuilder().setName("g").addAllNode(nodes).addAllInitializer(constants);
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : input) {
      if (size < 0) shape.addDimBuilder().setDimParam("N");
      else shape.addDimBuilder().setDimValue(size);
    }
    graph
        .addInputBuilder()
        .setName("x")
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(DataType.FLOAT_VALUE)
        .setShape(shape);
    for (String output : outputs) graph.addOutputBuilder().setName(output);
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("test")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build();
  }

  private Path write(ModelProto model) throws IOException {
    return Files.write(folder.resolve("net.onnx"), model.toByteArray());
  }

  private Imported read(String... outputs) throws IOException {
    return OnnxImport.read(write(model(outputs)), Optional.empty());
  }

  private static float[] run(Imported net, float... pixels) {
    int[] shape = new int[4];
    shape[0] = 1;
    var in = net.network().inputs().get(0).shape();
    shape[1] = in.channels();
    shape[2] = in.space().get(0);
    shape[3] = in.space().get(1);
    Engine engine = Engines.forPrediction(net.network());
    try (Predictor p = engine.predictor(net.network(), net.weights(), engine.devices().get(0))) {
      return p.predict(new Tensor(Axes.NCHW, shape, pixels)).data();
    }
  }

  private static final float[] COUNT = {1, 2, 3, 4, 5, 6, 7, 8};

  /**
   * Of 1 and 10 two steps apart a kernel of 1, 2, 3 makes 1 2 13 20 30, one of 1, 2, 3, 4 makes 1 2
   * 13 24 30 40; output_padding is one 0 more. Four numbers are left, which is twice as many as
   * there were.
   */
  @Test
  void transposedConvolutionsThatAreCutToAMultiple() throws IOException {
    float[] three = {1, 2, 3};
    float[] four = {1, 2, 3, 4};
    assertArrayEquals(new float[] {1, 2, 13, 20}, transposed("SAME_UPPER", three, 0), 1e-5f);
    assertArrayEquals(new float[] {2, 13, 20, 30}, transposed("SAME_LOWER", three, 0), 1e-5f);
    assertArrayEquals(new float[] {2, 13, 20, 30}, transposed("SAME_UPPER", three, 1), 1e-5f);
    assertArrayEquals(new float[] {2, 13, 20, 30}, transposed("SAME_LOWER", three, 1), 1e-5f);
    assertArrayEquals(new float[] {2, 13, 24, 30}, transposed("SAME_UPPER", four, 1), 1e-5f);
    assertArrayEquals(new float[] {13, 24, 30, 40}, transposed("SAME_LOWER", four, 1), 1e-5f);
  }

  private float[] transposed(String pad, float[] kernel, int extra) throws IOException {
    nodes.clear();
    constants.clear();
    input = List.of(1L, 1L, 1L, 2L);
    floats("w", List.of(1L, 1L, 1L, (long) kernel.length), kernel);
    node(
        "ConvTranspose",
        List.of("x", "w"),
        "y",
        ints("strides", 1, 2),
        ints("output_padding", 0, extra),
        Attribute.text("auto_pad", pad));
    return run(read("y"), 1, 10);
  }

  /** 1x1 kernels: channel 0 times 1 plus channel 1 times 10, and the first alone; then Mul, Add. */
  @Test
  void foldsConstantsIntoTheConvolutionBefore() throws IOException {
    floats("c.weight", List.of(2L, 2L, 1L, 1L), 1, 10, 1, 0);
    floats("two", List.of(2L, 1L, 1L), 2, 3);
    floats("one", List.of(1L), 1);
    node("Conv", List.of("x", "c.weight"), "a");
    node("Mul", List.of("a", "two"), "b");
    node("Add", List.of("one", "b"), "y");
    Imported net = read("y");
    assertEquals(1, net.network().layers().size());
    assertEquals("c", net.network().layers().get(0).name());
    assertArrayEquals(new float[] {103, 125, 147, 169, 4, 7, 10, 13}, run(net, COUNT), 1e-5f);
  }

  /** Each channel by itself, one zero in front of each row: differences along rows. */
  @Test
  void readsDepthwiseConvolutionsWithUnevenPads() throws IOException {
    floats("w", List.of(2L, 1L, 1L, 2L), -1, 1, -2, 2);
    node("Conv", List.of("x", "w"), "y", Attribute.number("group", 2), ints("pads", 0, 1, 0, 0));
    assertArrayEquals(new float[] {1, 1, 3, 1, 10, 2, 14, 2}, run(read("y"), COUNT), 1e-5f);
  }

  /** A reshaping that computes with sizes, as PyTorch writes {@code x.view(x.size(0), -1)}. */
  @Test
  void foldsComputingWithSizes() throws IOException {
    input = List.of(-1L, 2L, 2L, 2L);
    longs("zero", 0);
    longs("minus", -1);
    floats("w", List.of(1L, 8L), 1, 2, 3, 4, 5, 6, 7, 8);
    floats("b", List.of(1L), 0.5f);
    node("Shape", List.of("x"), "s");
    node("Gather", List.of("s", "zero"), "n");
    node("Concat", List.of("n", "minus"), "t", Attribute.number("axis", 0));
    node("Reshape", List.of("x", "t"), "r");
    node("Gemm", List.of("r", "w", "b"), "y", Attribute.number("transB", 1));
    assertArrayEquals(new float[] {204.5f}, run(read("y"), COUNT), 1e-4f);
  }

  /** TensorFlow flattens with channels last: weights go to where they belong. */
  @Test
  void readsGraphsWithChannelsLast() throws IOException {
    input = List.of(1L, 2L, 2L, 3L);
    floats("k", List.of(3L, 3L, 1L, 1L), 1, 0, 0, 0, 1, 0, 0, 0, 1);
    longs("row", -1, 12);
    float[] matrix = new float[12];
    matrix[7] = 1; // row 1, column 0, channel 1
    floats("m", List.of(12L, 1L), matrix);
    node("Transpose", List.of("x"), "f", ints("perm", 0, 3, 1, 2));
    node("Conv", List.of("f", "k"), "c");
    node("Transpose", List.of("c"), "l", ints("perm", 0, 2, 3, 1));
    node("Reshape", List.of("l", "row"), "r");
    node("MatMul", List.of("r", "m"), "y");
    Imported net = read("y");
    float[] planes = {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23};
    assertArrayEquals(new float[] {12}, run(net, planes), 1e-5f);
  }

  @Test
  void knowsActivationsMadeOfSeveralOperations() throws IOException {
    floats("three", List.of(), 3);
    floats("zero", List.of(), 0);
    floats("six", List.of(), 6);
    node("Sigmoid", List.of("x"), "s");
    node("Mul", List.of("x", "s"), "a");
    node("Add", List.of("a", "three"), "b");
    node("Clip", List.of("b", "zero", "six"), "c");
    node("Mul", List.of("a", "c"), "d");
    node("Div", List.of("d", "six"), "y");
    Imported net = read("y");
    assertEquals(
        List.of(Function.SWISH, Function.HARD_SWISH),
        net.network().layers().stream().map(l -> ((Activation) l).function()).toList());
  }

  @Test
  void padsAreFoldedAndKeepTheirMeaning() throws IOException {
    longs("p", 0, 0, 1, 1, 0, 0, 0, 0);
    floats("w", List.of(1L, 2L, 2L, 2L), 1, 1, 1, 1, 0, 0, 0, 0);
    node("Pad", List.of("x", "p"), "z");
    node("Conv", List.of("z", "w"), "y");
    Imported net = read("y");
    assertEquals(Padding.of(1, 1, 0, 0), ((Convolution) net.network().layers().get(0)).padding());
    assertArrayEquals(new float[] {1, 3, 4, 10}, run(net, COUNT), 1e-5f);
  }

  /** They are there to be looked at, and are no network that says something by itself. */
  @Test
  void cutsDetectionHeads() throws IOException {
    longs("boxes", 1, -1, 2);
    floats("w", List.of(4L, 2L, 1L, 1L), new float[8]);
    node("Conv", List.of("x", "w"), "c");
    node("Transpose", List.of("c"), "t", ints("perm", 0, 2, 3, 1));
    node("Reshape", List.of("t", "boxes"), "r");
    node("Softmax", List.of("r"), "y", Attribute.number("axis", 2));
    Imported net = read("y");
    assertEquals(List.of("Conv_c"), net.network().outputs());
    assertTrue(net.notes().get(0).contains("Reshape_r"), net.notes().toString());
    String message = assertThrows(SpyhopException.class, net::whole).getMessage();
    assertTrue(message.contains("Reshape_r"), message);
  }

  /** What a softmax gives is meant, not its logarithm; nor can that be computed with. */
  @Test
  void aLogarithmAndAChoiceAreLeftOutAtTheEndOnly() throws IOException {
    node("Relu", List.of("x"), "a");
    node("LogSoftmax", List.of("a"), "b", Attribute.number("axis", 1));
    Imported net = read("b");
    assertEquals(Function.SOFTMAX, ((Activation) net.network().layers().get(1)).function());
    assertEquals(List.of("x", "a"), List.copyOf(net.values().keySet()));
    node("ArgMax", List.of("a"), "c", Attribute.number("axis", 1));
    assertEquals(List.of("Relu_a"), read("c").whole().network().outputs());
    node("Relu", List.of("b"), "y");
    String message = assertThrows(SpyhopException.class, () -> read("y")).getMessage();
    assertTrue(message.contains("LogSoftmax: which other operators compute with"), message);
  }

  @Test
  void roundingIsNotLeftOut() {
    node("Cast", List.of("x"), "a", Attribute.number("to", DataType.INT32_VALUE));
    node("Relu", List.of("a"), "y");
    String message = assertThrows(SpyhopException.class, () -> read("y")).getMessage();
    assertTrue(message.contains("Cast"), message);
  }

  @Test
  void networksInTrainingModeAreRefused() {
    for (String name : List.of("s", "b", "m", "v")) floats(name, List.of(2L), 1, 1);
    node(
        "BatchNormalization",
        List.of("x", "s", "b", "m", "v"),
        "y",
        Attribute.number("training_mode", 1));
    String message = assertThrows(SpyhopException.class, () -> read("y")).getMessage();
    assertTrue(message.contains("training mode (node BatchNormalization_y)"), message);
  }

  @Test
  void theOperatorThatHasNoLayerIsNamedRatherThanWhatStandsBeforeIt() {
    longs("groups", 1, 1, -1);
    floats("s", List.of(1L), 1);
    node("Reshape", List.of("x", "groups"), "r");
    node("GRU", List.of("r", "s", "s"), "y");
    String message = assertThrows(SpyhopException.class, () -> read("y")).getMessage();
    assertTrue(message.contains("GRU: there is no counterpart"), message);
  }

  @Test
  void statisticsThatLeadToNoNormalizationAreRefused() {
    longs("groups", 1, 1, -1);
    floats("s", List.of(1L), 1);
    node("Reshape", List.of("x", "groups"), "r");
    node("InstanceNormalization", List.of("r", "s", "s"), "n");
    node("Relu", List.of("n"), "y");
    String message = assertThrows(SpyhopException.class, () -> read("y")).getMessage();
    assertTrue(message.contains("Relu: statistics of a map"), message);
    message = assertThrows(SpyhopException.class, () -> read("n")).getMessage();
    assertTrue(message.contains("InstanceNormalization: statistics of a map"), message);
  }

  /** The mean of 1 to 4 and that of 5 to 8, by normalization over two channels -1 and 1. */
  @Test
  void copiesOfVectorsOneByOneChangeNothing() throws IOException {
    node("GlobalAveragePool", List.of("x"), "g");
    longs("all", -1);
    node("Reshape", List.of("g", "all"), "list");
    constants.add(
        tensor("places", DataType.INT64, List.of(1L, 2L, 1L, 1L))
            .addInt64Data(0)
            .addInt64Data(1)
            .build());
    node("Gather", List.of("list", "places"), "again");
    node("Transpose", List.of("again"), "last", ints("perm", 0, 2, 3, 1));
    floats("one", List.of(2L), 1, 1);
    node("LayerNormalization", List.of("last", "one"), "y");
    assertArrayEquals(new float[] {-1, 1}, run(read("y"), COUNT), 1e-5f);
    longs("turned", 1, 0);
    node("Gather", List.of("list", "turned"), "z");
    assertThrows(SpyhopException.class, () -> read("z"));
  }

  private String refusal() throws IOException {
    return assertThrows(SpyhopException.class, () -> read("y")).getMessage();
  }

  @Test
  void constantsOfPlacesAreRefused() throws IOException {
    floats("k", List.of(2L, 2L), 1, 2, 3, 4);
    node("Max", List.of("x", "k"), "y");
    String message = refusal();
    assertTrue(
        message.contains(
            "Max: a constant of shape [2, 2] with [1, 2, 2, 2], where one number is known, or one"
                + " for each channel"),
        message);
  }

  @Test
  void constantsOfChannelsAreRefusedWhereOneNumberIsKnown() throws IOException {
    floats("k", List.of(2L, 1L, 1L), 3, 4);
    node("Max", List.of("x", "k"), "y");
    String message = refusal();
    assertTrue(message.contains("Max: a constant for each channel"), message);
  }

  /** Numbers are spread, whatever shape they are given; of one pixel after the other, by hand. */
  @Test
  void constantsThatAreTheSameEverywhereAreOneNumber() throws IOException {
    floats("k", List.of(1L, 2L, 2L, 2L), 3, 3, 3, 3, 3, 3, 3, 3);
    node("Max", List.of("x", "k"), "a");
    node("Pow", List.of("a", "two"), "b");
    floats("two", List.of(), 2);
    node("Sub", List.of("b", "x"), "y");
    Imported net = read("y");
    assertEquals(1, net.network().layers().size());
    assertArrayEquals(new float[] {8, 7, 6, 12, 20, 30, 42, 56}, run(net, COUNT), 1e-4f);
  }

  /** What is worked out of constants is a constant: max(min(3, 5), 1) * 2 = 6, less than 4. */
  @Test
  void limitsOfConstants() throws IOException {
    longs("three", 3);
    longs("five", 5);
    longs("one", 1);
    node("Min", List.of("three", "five"), "a");
    node("Max", List.of("a", "one"), "b");
    node("Mul", List.of("b", "two"), "c");
    longs("two", 2);
    node("Clip", List.of("c", "", "limit"), "d");
    constants.add(tensor("limit", DataType.INT64, List.of()).addInt64Data(4).build());
    node("Cast", List.of("d"), "e", Attribute.number("to", DataType.FLOAT_VALUE));
    node("Mul", List.of("x", "e"), "y");
    assertArrayEquals(new float[] {4, 8, 12, 16, 20, 24, 28, 32}, run(read("y"), COUNT), 1e-4f);
  }

  /** Oktay's gate, by hand: the first channel times each. */
  @Test
  void oneChannelIsSpreadOverMany() throws IOException {
    longs("first", 0);
    node("Gather", List.of("x", "first"), "one", Attribute.number("axis", 1));
    node("Mul", List.of("one", "x"), "m");
    node("Add", List.of("one", "m"), "y");
    assertArrayEquals(new float[] {2, 6, 12, 20, 6, 14, 24, 36}, run(read("y"), COUNT), 1e-4f);
  }

  /** By hand; slopes 10 to 80, of what is below 4.5. */
  @Test
  void slopesOfPlaces() throws IOException {
    floats("k", List.of(), -4.5f);
    floats("slopes", List.of(2L, 2L, 2L), 10, 20, 30, 40, 50, 60, 70, 80);
    node("Add", List.of("x", "k"), "a");
    node("PRelu", List.of("a", "slopes"), "y");
    assertArrayEquals(
        new float[] {-35, -50, -45, -20, 0.5f, 1.5f, 2.5f, 3.5f}, run(read("y"), COUNT), 1e-4f);
    nodes.clear();
    node("Add", List.of("x", "k"), "a");
    node("PRelu", List.of("a", "more"), "y");
    floats("more", List.of(3L, 2L, 2L), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    String message = refusal();
    assertTrue(message.contains("PRelu: slopes of shape [3, 2, 2] with [1, 2, 2, 2]"), message);
  }

  @Test
  void namesAllThatIsUnsupported() throws IOException {
    node("Einsum", List.of("x"), "a");
    node("Relu", List.of("a"), "b");
    node("Det", List.of("x"), "c");
    node("Add", List.of("b", "c"), "y");
    Path file = write(model("y"));
    String message =
        assertThrows(SpyhopException.class, () -> OnnxImport.read(file, Optional.empty()))
            .getMessage();
    assertTrue(message.contains("Einsum") && message.contains("node Einsum_a"), message);
    assertTrue(message.contains("Det"), message);
    assertFalse(message.contains("Relu"), message);
    assertTrue(message.startsWith(file.toString()), message);
  }

  @Test
  void refusesFilesThatAreCutOffOrChanged() throws IOException {
    foldsConstantsIntoTheConvolutionBefore();
    byte[] whole = Files.readAllBytes(folder.resolve("net.onnx"));
    Path file = folder.resolve("bad.onnx");
    for (int n = 0; n < whole.length; n++) {
      Files.write(file, Arrays.copyOf(whole, n));
      assertSpyhopExceptionOrNothing(file);
      byte[] changed = whole.clone();
      changed[n] ^= (byte) 0xff;
      Files.write(file, changed);
      assertSpyhopExceptionOrNothing(file);
    }
  }

  private static void assertSpyhopExceptionOrNothing(Path file) {
    try {
      OnnxImport.read(file, Optional.empty());
    } catch (SpyhopException e) {
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }
  }

  @Test
  void readsValuesBesideTheFileOnly() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : new float[] {9, 1, 10, 9}) bytes.putFloat(v);
    Files.write(folder.resolve("values.bin"), bytes.array());
    node("Conv", List.of("x", "w"), "y");
    external("values.bin", 4, 8);
    assertArrayEquals(new float[] {51, 62, 73, 84}, run(read("y"), COUNT), 1e-5f);
    for (String outside : List.of("../values.bin", "/etc/hostname", "", ".", "a/../../b")) {
      constants.clear();
      external(outside, 0, 8);
      String message = assertThrows(SpyhopException.class, () -> read("y")).getMessage();
      assertTrue(message.contains("refused"), message);
    }
    constants.clear();
    external("values.bin", 12, 8);
    assertThrows(SpyhopException.class, () -> read("y"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc"));
    constants.clear();
    external("link/hostname", 0, 8);
    String message = assertThrows(SpyhopException.class, () -> read("y")).getMessage();
    assertTrue(message.contains("refused") || message.contains("not there"), message);
  }

  private void external(String location, long offset, long length) {
    TensorProto.Builder tensor = tensor("w", DataType.FLOAT, List.of(1L, 2L, 1L, 1L));
    tensor.addExternalDataBuilder().setKey("location").setValue(location);
    tensor.addExternalDataBuilder().setKey("offset").setValue(Long.toString(offset));
    tensor.addExternalDataBuilder().setKey("length").setValue(Long.toString(length));
    constants.add(tensor.build());
  }

  /** The first output written of a map with channels last counts channels fastest. */
  @Test
  void batchNormsKnowInWhichOrderAMapWasFlattened() throws IOException {
    floats("w", List.of(2L, 2L, 1L, 1L), 1, 0, 0, 1);
    node("Conv", List.of("x", "w"), "a");
    node("Transpose", List.of("a"), "b", ints("perm", 0, 2, 3, 1));
    longs("shape", 1, -1);
    node("Reshape", List.of("b", "shape"), "c");
    float[] ones = {1, 1, 1, 1, 1, 1, 1, 1};
    floats("scale", List.of(8L), 1, 2, 3, 4, 5, 6, 7, 8);
    floats("shift", List.of(8L), 0, 0, 0, 0, 0, 0, 0, 100);
    floats("mean", List.of(8L), new float[8]);
    floats("var", List.of(8L), ones);
    node(
        "BatchNormalization",
        List.of("c", "scale", "shift", "mean", "var"),
        "d",
        Attribute.real("epsilon", 1e-9));
    floats("sum", List.of(8L, 1L), ones);
    node("Gemm", List.of("d", "sum"), "y");
    // channels last: 1 5 2 6 3 7 4 8, times 1 to 8: 1 + 10 + 6 + 24 + 15 + 42 + 28 + 64, and 100
    assertArrayEquals(new float[] {290}, run(read("y"), COUNT), 1e-3f);
  }

  @Test
  void nodesMayComeInAnyOrder() throws IOException {
    floats("w", List.of(1L, 2L, 1L, 1L), -1, 0);
    node("Relu", List.of("a"), "y");
    node("Conv", List.of("b", "w"), "a");
    node("Relu", List.of("x"), "b");
    assertArrayEquals(new float[] {0, 0, 0, 0}, run(read("y"), COUNT), 0);
  }

  @Test
  void whatFollowsSomethingUnknownIsNamedToo() {
    floats("w", List.of(1L, 2L, 1L, 1L), -1, 0);
    node("Einsum", List.of("x"), "a");
    node("Conv", List.of("a", "w"), "b");
    node("Shape", List.of("b"), "s");
    node("Gather", List.of("s"), "t");
    node("Acosh", List.of("b", "t"), "y");
    String message = assertThrows(SpyhopException.class, () -> read("y")).getMessage();
    assertTrue(message.contains("Einsum") && message.contains("Acosh"), message);
    assertFalse(message.contains("Shape") || message.contains("Gather"), message);
  }

  @Test
  void operatorsOfTheFutureAreRefused() {
    opset = 99;
    node("Relu", List.of("x"), "y");
    String message = assertThrows(SpyhopException.class, () -> read("y")).getMessage();
    assertTrue(message.contains("received 99"), message);
  }

  @Test
  void constantsThatDoubleAgainAndAgainAreRefusedAtOnce() {
    floats("c0", List.of(2L), 1, 2);
    for (int i = 0; i < 60; i++) {
      node("Concat", List.of("c" + i, "c" + i), "c" + (i + 1), Attribute.number("axis", 0));
    }
    node("Add", List.of("x", "c60"), "y");
    String message = assertThrows(SpyhopException.class, () -> read("y")).getMessage();
    assertTrue(message.contains("joins constants"), message);
  }

  @Test
  void channelsThatDoubleAgainAndAgainAreRefusedAtOnce() {
    node("Relu", List.of("x"), "c0");
    for (int i = 0; i < 24; i++) {
      node("Concat", List.of("c" + i, "c" + i), "c" + (i + 1), Attribute.number("axis", 1));
    }
    String message = assertThrows(SpyhopException.class, () -> read("c24")).getMessage();
    assertTrue(message.contains("65536 channels"), message);
  }

  @Test
  void aVectorBehindWhatIsCutOffIsNotLostWithoutAWord() throws IOException {
    floats("w", List.of(2L, 2L, 1L, 1L), 1, 0, 0, 1);
    node("Conv", List.of("x", "w"), "a");
    longs("shape", 1, 2, -1);
    node("Reshape", List.of("a", "shape"), "b");
    node("ReduceMean", List.of("b"), "y", ints("axes", -1), Attribute.number("keepdims", 0));
    Imported net = read("y");
    String message = assertThrows(SpyhopException.class, net::whole).getMessage();
    assertTrue(message.contains("Reshape_b"), message);
  }
}
