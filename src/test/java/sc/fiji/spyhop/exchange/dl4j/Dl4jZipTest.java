package sc.fiji.spyhop.exchange.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.network.LocalResponseNorm;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.network.Pad;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Preset;
import sc.fiji.spyhop.network.SelectChannels;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/** Deeplearning4j itself writes what is imported here, and runs what is exported. */
class Dl4jZipTest {

  @TempDir Path folder;

  private static float[] noise(int length, double low, double high) {
    float[] values = new float[length];
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < length; i++) values[i] = (float) random.nextDouble(low, high);
    return values;
  }

  private static Tensor image(int channels, int height, int width) {
    float[] pixels = noise(channels * height * width, -1, 1);
    return new Tensor(Axes.NCHW, new int[] {1, channels, height, width}, pixels);
  }

  private static INDArray array(Tensor t) {
    long[] shape = {1, t.size(1), t.size(2), t.size(3)};
    return Nd4j.create(t.data(), shape, 'c');
  }

  private static float[] values(INDArray a) {
    return a.dup('c').data().asFloat();
  }

  private static List<Tensor> run(Network network, Weights weights, Tensor image) {
    Engine engine = Engines.forPrediction(network);
    try (Predictor p = engine.predictor(network, weights, engine.devices().get(0))) {
      return p.predict(Map.of(network.inputs().get(0).name(), image));
    }
  }

  private Path file() {
    return folder.resolve("net.zip");
  }

  private static NeuralNetConfiguration.Builder builder() {
    return new NeuralNetConfiguration.Builder().seed(1);
  }

  private static MultiLayerNetwork sequential() {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            builder()
                .list()
                .layer(
                    new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .padding(1, 1)
                        .activation(Activation.RELU)
                        .build())
                .layer(
                    new SubsamplingLayer.Builder(PoolingType.AVG)
                        .kernelSize(3, 3)
                        .stride(2, 2)
                        .padding(1, 1)
                        .build())
                .layer(new BatchNormalization())
                .layer(new LocalResponseNormalization.Builder().n(3).alpha(0.5).build())
                .layer(new PReLULayer.Builder().inputShape(4, 6, 5).sharedAxes(2, 3).build())
                .layer(
                    new FrozenLayer(
                        new ConvolutionLayer.Builder(3, 2)
                            .nIn(4)
                            .nOut(5)
                            .stride(2, 1)
                            .hasBias(false)
                            .convolutionMode(ConvolutionMode.Same)
                            .activation(Activation.SWISH)
                            .build()))
                .layer(
                    new DenseLayer.Builder()
                        .nOut(7)
                        .dropOut(0.8)
                        .activation(Activation.TANH)
                        .build())
                .layer(new BatchNormalization.Builder().useLogStd(false).build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutionalFlat(12, 10, 2))
                .build());
    net.init();
    net.setParams(parameters(net.params()));
    return net;
  }

  private static INDArray parameters(INDArray like) {
    return Nd4j.create(noise((int) like.length(), 0.05, 0.4), like.shape(), 'c');
  }

  private static ComputationGraph branched() {
    ComputationGraph net =
        new ComputationGraph(
            builder()
                .graphBuilder()
                .addInputs("image")
                .addLayer(
                    "deep",
                    new DepthwiseConvolution2D.Builder(3, 2)
                        .depthMultiplier(2)
                        .nIn(3)
                        .nOut(6)
                        .convolutionMode(ConvolutionMode.Same)
                        .activation(new ActivationLReLU(0.2))
                        .build(),
                    "image")
                .addLayer(
                    "apart",
                    new SeparableConvolution2D.Builder(3, 3)
                        .dataFormat(CNN2DFormat.NCHW)
                        .depthMultiplier(2)
                        .nIn(6)
                        .nOut(8)
                        .convolutionMode(ConvolutionMode.Same)
                        .activation(Activation.ELU)
                        .build(),
                    "deep")
                .addLayer("zeros", new ZeroPaddingLayer(1, 0, 2, 1), "apart")
                .addLayer(
                    "dilated",
                    new ConvolutionLayer.Builder(2, 2)
                        .nIn(8)
                        .nOut(8)
                        .dilation(1, 3)
                        .activation(Activation.HARDSIGMOID)
                        .build(),
                    "zeros")
                .addVertex("scale", new ScaleVertex(3), "apart")
                .addVertex(
                    "sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "scale", "dilated")
                .addVertex(
                    "product", new ElementWiseVertex(ElementWiseVertex.Op.Product), "sum", "apart")
                .addVertex("some", new SubsetVertex(2, 5), "product")
                .addLayer(
                    "small",
                    new SubsamplingLayer.Builder(PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .convolutionMode(ConvolutionMode.Same)
                        .build(),
                    "some")
                .addLayer(
                    "large",
                    new Deconvolution2D.Builder(3, 3)
                        .stride(2, 2)
                        .nIn(4)
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "small")
                .addLayer("cropped", new Cropping2D(1, 0, 0, 1), "large")
                .addLayer(
                    "enlarged",
                    new Deconvolution2D.Builder(3, 2)
                        .stride(2, 2)
                        .nIn(4)
                        .nOut(5)
                        .convolutionMode(ConvolutionMode.Same)
                        .activation(Activation.SIGMOID)
                        .build(),
                    "small")
                .addLayer("repeated", new Upsampling2D.Builder(2).build(), "small")
                .addVertex("joined", new MergeVertex(), "cropped", "repeated", "enlarged")
                .addLayer("clipped", new ActivationLayer(Activation.RELU6), "joined")
                .addLayer(
                    "classes",
                    new ConvolutionLayer.Builder(1, 1)
                        .nIn(14)
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "clipped")
                .addLayer(
                    "map",
                    new CnnLossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "classes")
                .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "classes")
                .addLayer(
                    "whole",
                    new LossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "mean")
                .setOutputs("map", "whole")
                .build());
    net.init();
    net.setParams(parameters(net.params()));
    return net;
  }

  @Test
  void readsWhatAMultiLayerNetworkWrote() throws IOException {
    MultiLayerNetwork net = sequential();
    ModelSerializer.writeModel(net, file().toFile(), true);
    Tensor image = image(2, 12, 10);
    Imported imported = Dl4jImport.read(file(), Optional.empty());
    assertEquals(Shape.of(2, 12, 10), imported.network().inputs().get(0).shape());
    float[] expected = values(net.output(array(image).reshape('c', 1, 240)));
    List<Tensor> actual = run(imported.network(), imported.weights(), image);
    assertArrayEquals(expected, actual.get(0).data(), 1e-5f);
  }

  @Test
  void readsWhatAComputationGraphWrote() throws IOException {
    ComputationGraph net = branched();
    ModelSerializer.writeModel(net, file().toFile(), false);
    Tensor image = image(3, 8, 10);
    Imported imported = Dl4jImport.read(file(), Optional.empty());
    INDArray[] expected = net.output(array(image));
    List<Tensor> actual = run(imported.network(), imported.weights(), image);
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(values(expected[i]), actual.get(i).data(), 1e-5f);
    }
  }

  /** Values that differ from channel to channel, and keep activations near 1. */
  private static Tensor uneven(String name, Tensor t) {
    if (!name.matches(".*(bias|running_mean|running_var)")) return t;
    boolean isVariance = name.endsWith("var");
    int n = t.data().length;
    return new Tensor(t.axes(), t.shape(), isVariance ? noise(n, 0.8, 2) : noise(n, -0.3, 0.3));
  }

  private void exported(Network network, Tensor image, float tolerance) throws IOException {
    Weights weights = Initialization.of(network, 1);
    Map<String, Tensor> uneven = new LinkedHashMap<>();
    weights.tensors().forEach((name, t) -> uneven.put(name, uneven(name, t)));
    Weights all = new Weights(uneven);
    try (OutputStream out = Files.newOutputStream(file())) {
      Dl4jExport.of(network, all).write(out);
    }
    ComputationGraph graph = ModelSerializer.restoreComputationGraph(file().toFile(), true);
    INDArray[] actual = graph.output(array(image));
    List<Tensor> expected = run(network, all, image);
    Imported again = Dl4jImport.read(file(), Optional.of(List.of(image.size(2), image.size(3))));
    List<Tensor> back = run(again.network(), again.weights(), image);
    for (int i = 0; i < actual.length; i++) {
      assertArrayEquals(expected.get(i).data(), values(actual[i]), tolerance, "in Deeplearning4j");
      assertArrayEquals(expected.get(i).data(), back.get(i).data(), tolerance, "read again");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Preset.class,
      names = {"LENET", "RESNET18", "MOBILENETV2"})
  void writesWhatDeeplearning4jRuns(Preset preset) throws IOException {
    boolean small = preset == Preset.LENET;
    Shape input = small ? Shape.of(1, 28, 28) : Shape.of(3, 64, 64);
    exported(
        preset.of(input, 10), image(input.channels(), small ? 28 : 64, small ? 28 : 64), 1e-5f);
  }

  @Test
  void writesMapsOfAnySize() throws IOException {
    exported(
        UNet.of(1, new UNet.Head("prob", 3, Function.SOFTMAX)).network(), image(1, 32, 48), 1e-5f);
  }

  @Test
  void writesEveryLayerThatThereIs() throws IOException {
    NetworkBuilder b =
        NetworkBuilder.input("image", Shape.of(4, 16, 16))
            .layer(
                new sc.fiji.spyhop.network.Convolution(
                    "uneven",
                    "image",
                    4,
                    8,
                    List.of(3, 2),
                    List.of(2, 1),
                    List.of(1, 2),
                    Padding.of(1, 0, 2, 3),
                    true))
            .layer(
                new sc.fiji.spyhop.network.Convolution(
                    "grouped",
                    "uneven",
                    8,
                    12,
                    List.of(3, 3),
                    List.of(1, 1),
                    List.of(1, 1),
                    Padding.SAME,
                    true,
                    4))
            .layer(
                new sc.fiji.spyhop.network.Convolution(
                    "deep",
                    "grouped",
                    12,
                    24,
                    List.of(3, 3),
                    List.of(1, 1),
                    List.of(1, 1),
                    Padding.SAME,
                    false,
                    12))
            .layer(new sc.fiji.spyhop.network.Activation("hs", "deep", Function.HARD_SWISH))
            .layer(new LocalResponseNorm("lrn", "hs", 5, 0.7, 0.75, 1))
            .layer(new PRelu("prelu", "lrn", 24))
            .layer(
                new Pooling(
                    "counted",
                    "prelu",
                    PoolingKind.AVERAGE,
                    List.of(3, 3),
                    List.of(2, 2),
                    Padding.of(1, 0, 1, 2),
                    false,
                    true))
            .layer(
                new TransposedConvolution(
                    "same", "counted", 24, 6, List.of(3, 4), List.of(2, 3), Padding.SAME, true))
            .layer(
                new TransposedConvolution(
                    "cropped",
                    "same",
                    6,
                    5,
                    List.of(3, 3),
                    List.of(2, 2),
                    Padding.of(1, 1, 0, 1),
                    false))
            .layer(new sc.fiji.spyhop.network.GlobalPooling("mean", "cropped", PoolingKind.AVERAGE))
            .layer(new sc.fiji.spyhop.network.Activation("gate", "mean", Function.HARD_SIGMOID))
            .layer(new sc.fiji.spyhop.network.Multiply("weighed", List.of("cropped", "gate")))
            .layer(new sc.fiji.spyhop.network.Activation("map", "weighed", Function.SOFTMAX))
            .layer(new sc.fiji.spyhop.network.Activation("whole", "gate", Function.SOFTMAX));
    Network all = b.build();
    exported(
        new Network(all.inputs(), all.layers(), List.of("map", "whole")), image(4, 16, 16), 1e-5f);
  }

  @Test
  void writesBordersCropsAndPartsOfChannels() throws IOException {
    exported(
        NetworkBuilder.input("image", Shape.of(4, 9, 8))
            .convolution("first", 4, 1)
            .layer(new Pad("more", "first", List.of(1, 0), List.of(2, 3), Pad.Mode.ZEROS))
            .pool("max", PoolingKind.MAX, 2, 2, Padding.VALID)
            .layer(new SelectChannels("some", "max", List.of(1, 2, 3)))
            .layer(new Pad("fewer", "some", List.of(-1, -2), List.of(0, -1), Pad.Mode.ZEROS))
            .build(),
        image(4, 9, 8),
        1e-5f);
  }

  @Test
  void namesTheLayerThatDeeplearning4jDoesNotHave() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 8, 8))
            .layer(
                new sc.fiji.spyhop.network.Upsampling(
                    "up", "image", List.of(2, 2), Interpolation.BILINEAR))
            .build();
    SpyhopException e =
        assertThrows(
            SpyhopException.class, () -> Dl4jExport.of(network, Initialization.of(network, 1)));
    assertTrue(e.getMessage().contains("layer up"), e.getMessage());
    assertTrue(e.getMessage().contains("bilinear"), e.getMessage());
  }

  // -- Files that are not what they should be --

  private void changed(String entry, UnaryOperator<byte[]> change) throws IOException {
    Path whole = folder.resolve("whole.zip");
    ModelSerializer.writeModel(sequential(), whole.toFile(), false);
    try (ZipFile from = new ZipFile(whole.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(file()))) {
      for (ZipEntry e : from.stream().toList()) {
        to.putNextEntry(new ZipEntry(e.getName()));
        byte[] bytes = from.getInputStream(e).readAllBytes();
        to.write(e.getName().equals(entry) ? change.apply(bytes) : bytes);
      }
    }
  }

  private void refused(String... told) {
    SpyhopException e =
        assertThrows(SpyhopException.class, () -> Dl4jImport.read(file(), Optional.empty()));
    for (String part : told) assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "org.deeplearning4j.nn.conf.layers.DenseLayer, javax.script.ScriptEngineManager",
    "org.deeplearning4j.nn.conf.layers.DenseLayer, org.deeplearning4j.nn.conf.layers.LSTM",
    "org.nd4j.linalg.activations.impl.ActivationTanH, org.nd4j.linalg.activations.impl.ActivationGELU",
    "org.nd4j.linalg.activations.impl.ActivationTanH, com.example.Mine",
    "org.deeplearning4j.nn.conf.dropout.Dropout, com.example.Dropout"
  })
  void namesClassesThatAreNotOnTheList(String known, String other) throws IOException {
    changed(
        "configuration.json",
        json ->
            new String(json, StandardCharsets.UTF_8)
                .replace(known, other)
                .getBytes(StandardCharsets.UTF_8));
    String shown = other.replace("org.deeplearning4j.nn.conf.", "");
    refused(file().toString(), shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NHWC", "Causal"})
  void refusesWhatItWouldComputeOtherwise(String setting) throws IOException {
    String known = setting.equals("NHWC") ? "NCHW" : "Truncate";
    changed(
        "configuration.json",
        json ->
            new String(json, StandardCharsets.UTF_8)
                .replace('"' + known + '"', '"' + setting + '"')
                .getBytes(StandardCharsets.UTF_8));
    refused(setting);
  }

  @Test
  void refusesParametersThatAreCutOffOrTooMany() throws IOException {
    changed("coefficients.bin", all -> java.util.Arrays.copyOf(all, all.length - 2));
    refused("cut off");
    changed(
        "configuration.json",
        json ->
            new String(json, StandardCharsets.UTF_8)
                .replace("\"nout\" : 3", "\"nout\" : 2")
                .getBytes(StandardCharsets.UTF_8));
    refused("8 parameters more");
    changed(
        "configuration.json",
        json ->
            new String(json, StandardCharsets.UTF_8)
                .replace("\"nout\" : 3", "\"nout\" : 2000000000")
                .getBytes(StandardCharsets.UTF_8));
    refused("layer8", "parameters");
  }

  @Test
  void anEntryThatTellsOfMoreThanItHasTakesNoMemory() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Coefficients.Writer writer = new Coefficients.Writer();
    writer.add(new float[16]);
    writer.write(bytes);
    byte[] all = bytes.toByteArray();
    // 16 values in shape and length: some billions
    for (int i = 0; i + 7 < all.length; i++) {
      boolean is16 = all[i + 7] == 16;
      for (int k = 0; k < 7; k++) is16 &= all[i + k] == 0;
      if (is16) all[i + 3] = 1;
    }
    changed("coefficients.bin", old -> all);
    refused("cut off");
  }

  @Test
  void softmaxOverColumnsIsNotTakenForOneOverChannels() throws IOException {
    ComputationGraph net =
        new ComputationGraph(
            builder()
                .graphBuilder()
                .addInputs("image")
                .addLayer(
                    "columns",
                    new ConvolutionLayer.Builder(1, 1)
                        .nIn(2)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "image")
                .setOutputs("columns")
                .validateOutputLayerConfig(false)
                .build());
    net.init();
    ModelSerializer.writeModel(net, file().toFile(), false);
    refused("softmax over columns", "columns");
  }
}
