package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.NetworkImport.Way;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.exchange.onnx.proto.StringStringEntryProto;
import sc.fiji.spyhop.explain.Explainer;
import sc.fiji.spyhop.explain.GradCam;
import sc.fiji.spyhop.explain.learned.Kernels;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.quantization.Quantizer;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Networks that are kept as they are give what ONNX Runtime gives in Python, see {@code
 * src/test/python/as_is_networks.py}.
 */
class AsIsTest {

  @TempDir Path folder;

  /** The classes of the detectors that have three. */
  private static final List<String> CLASSES = List.of("red", "green", "blue");

  @BeforeEach
  void copy() throws IOException {
    for (String name : List.of("transformer", "transformer_data", "qdq", "dynamic", "half")) {
      copy(name + ".onnx");
    }
    for (String name : List.of("pixels", "pixels_global", "pixels_fixed", "pixels_last")) {
      copy(name + ".onnx");
    }
    copy("transformer_data.data");
    for (String name : List.of("yolov5", "yolov8", "yolov10", "ssd", "detr")) copy(name + ".onnx");
  }

  private Model detector(String name, String preparation, String outputs) {
    return new NetworkImport(
            NetworkImport.About.named(name),
            Source.of(folder.resolve(name + ".onnx")),
            Preprocessing.parse(preparation),
            String.join(",", CLASSES),
            Way.AUTO,
            outputs,
            Optional.empty())
        .run(Progress.NONE)
        .model();
  }

  @ParameterizedTest
  @ValueSource(strings = {"yolov5", "yolov8", "yolov10", "ssd", "detr"})
  void detectsAsInPython(String family) {
    Model model = again(detector(family, "yolo", family));
    Tensor image = array("detector_image");
    Tensor expected = array(family + "_found");
    Frame frame =
        new Frame("image", ArrayImgs.floats(image.data(), 64, 48, 3), PixelSize.UNCALIBRATED);
    try (Runner<Annotation> runner =
        Runner.of(model, Runner.Options.DEFAULT).as(TaskKind.LOCALIZATION)) {
      List<LocalizedObject> found = runner.predict(frame).objects();
      assertEquals(expected.size(0), found.size());
      for (int i = 0; i < found.size(); i++) {
        float[] e = Arrays.copyOfRange(expected.data(), 6 * i, 6 * i + 6);
        LocalizedObject o = found.get(i);
        assertEquals(CLASSES.get((int) e[0]), o.type());
        assertEquals(e[1], o.score(), 1e-5);
        assertEquals(e[2], o.box().x(), 1e-3);
        assertEquals(e[3], o.box().y(), 1e-3);
        assertEquals(e[4], o.box().right(), 1e-3);
        assertEquals(e[5], o.box().bottom(), 1e-3);
      }
    }
  }

  @Test
  void boxesOfAnotherShapeThanIsSaidAreRefused() {
    for (String[] wrong :
        new String[][] {
          {"yolov8", "yolov5", "8 values"},
          {"yolov8", "ssd", "one output of boxes [1, candidates, 4]"},
          {"ssd", "yolov8", "one output of the shape"},
          {"ssd", "ssd boxes=nothing", "(boxes=NAME)"},
          {"ssd", "rfb320", "the priors make"},
          {"yolov8", "yolov8 unit=miles", "expected pixels, shares, priors, received miles"},
          {"yolov8", "yolo9", "expected one of detr, rfb320"},
        }) {
      String message =
          assertThrows(SpyhopException.class, () -> detector(wrong[0], "yolo", wrong[1]))
              .getMessage();
      assertTrue(message.contains(wrong[2]), message);
    }
  }

  private void copy(String name) throws IOException {
    try (InputStream in = AsIsTest.class.getResourceAsStream("asis/" + name)) {
      Files.copy(in, folder.resolve(name));
    }
  }

  private Model model(String name, String preparation, Way way) {
    return new NetworkImport(
            NetworkImport.About.named(name),
            Source.of(folder.resolve(name + ".onnx")),
            Preprocessing.parse(preparation),
            "",
            way,
            "",
            Optional.of(name.startsWith("pixels") ? Meaning.SEGMENT : Meaning.CLASSIFY))
        .run(Progress.NONE)
        .model();
  }

  /** Through the file of the model, as everyone will have it. */
  private Model again(Model model) {
    Path file = folder.resolve(model.spec().name() + ".spyhop");
    ModelFile.write(model, file);
    return ModelFile.read(file);
  }

  private static Tensor array(String name) {
    try (InputStream in = AsIsTest.class.getResourceAsStream("asis/" + name + ".npy")) {
      ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      int length = bytes.getShort(8);
      String header = new String(bytes.array(), 10, length, StandardCharsets.US_ASCII);
      Matcher shape = Pattern.compile("\\(([0-9, ]+)\\)").matcher(header);
      assertTrue(shape.find(), header);
      int[] sizes = Stream.of(shape.group(1).split(", ?")).mapToInt(Integer::parseInt).toArray();
      float[] values = new float[(int) Tensor.length(sizes)];
      bytes
          .position(10 + length)
          .slice()
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values);
      return new Tensor(new Axes("NCHW".substring(0, sizes.length)), sizes, values);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static double[] softmax(double[] logits) {
    double sum = 0;
    double[] all = new double[logits.length];
    for (int i = 0; i < all.length; i++) sum += all[i] = Math.exp(logits[i]);
    for (int i = 0; i < all.length; i++) all[i] /= sum;
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"transformer", "transformer_data", "qdq", "dynamic", "half"})
  void classifiesAsInPython(String name) {
    Model model = again(model(name, "rgb/255 cover", Way.AS_IS));
    float[] told = array(name + "_output").data();
    double[] expected = new double[told.length];
    for (int i = 0; i < told.length; i++) expected[i] = told[i];
    if (!name.equals("transformer")) expected = softmax(expected);
    double tolerance =
        switch (name) {
          case "half" -> 2e-3;
          case "qdq", "dynamic" -> 1e-2; // a processor may round to the next of 255 steps
          default -> 1e-5;
        };
    try (Runner<?> runner = Runner.of(model, Runner.Options.DEFAULT)) {
      assertTrue(runner.check().passed());
      Tensor one = array(name + "_input");
      Tensor both = Tensor.concatenate(one, one);
      float[] found = runner.outputs(both).get(0).data();
      assertEquals(2 * expected.length, found.length);
      for (int i = 0; i < found.length; i++) {
        assertEquals(expected[i % expected.length], found[i], tolerance, name + " " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pixels", "pixels_fixed"})
  void segmentsAsInPython(String name) {
    Model model = again(model(name, "grey/255", Way.AS_IS));
    Tensor expected = array(name + "_output");
    int places = expected.size(2) * expected.size(3);
    try (Runner<?> runner = Runner.of(model, Runner.Options.DEFAULT)) {
      float[] found = runner.outputs(array(name + "_input")).get(0).data();
      for (int i = 0; i < places; i++) {
        double[] logits = new double[3];
        for (int c = 0; c < 3; c++) logits[c] = expected.data()[c * places + i];
        double[] probabilities = softmax(logits);
        for (int c = 0; c < 3; c++) {
          assertEquals(probabilities[c], found[c * places + i], 1e-5);
        }
      }
    }
  }

  /** Channels last in the file, and one place for 4 x 4 pixels, which is enlarged. */
  @Test
  void mapsOfOtherAxesAndCoarserOnesAreBroughtToPixels() {
    Model model = again(model("pixels_last", "rgb/255", Way.AS_IS));
    assertEquals(Shape.of(3, 32, 64), model.network().inputs().get(0).shape());
    Tensor last = array("pixels_last_input");
    float[] first = new float[last.length()];
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < 32 * 64; i++) first[c * 32 * 64 + i] = last.data()[3 * i + c];
    }
    Tensor input = new Tensor(Axes.NCHW, new int[] {1, 3, 32, 64}, first);
    float[] expected = array("pixels_last_output").data();
    try (Runner<?> runner = Runner.of(model, Runner.Options.DEFAULT)) {
      float[] places = runner.activations(input, List.of("network")).get("network").data();
      for (int c = 0; c < 3; c++) {
        for (int i = 0; i < 8 * 16; i++)
          assertEquals(expected[3 * i + c], places[c * 128 + i], 1e-5);
      }
      assertEquals(3 * 32 * 64, runner.outputs(input).get(0).length());
    }
  }

  private static Frame noise(int width, int height) {
    float[] values = new float[width * height];
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < values.length; i++) values[i] = random.nextInt(256);
    return new Frame("noise", ArrayImgs.floats(values, width, height, 1), PixelSize.UNCALIBRATED);
  }

  @Test
  void howFarItLooksIsFoundSoThatTilesChangeNothing() {
    Model model = model("pixels", "grey/255", Way.AUTO);
    OnnxGraph graph = (OnnxGraph) model.network().layers().get(0);
    assertEquals(1, graph.stride());
    // a kernel of 3 behind a grid of 2: one pixel beyond the block, in the place next to it
    assertEquals(2, graph.halo());
    assertEquals(2, graph.multiple());
    assertEquals(List.of("Einsum"), graph.missing());
    Frame frame = noise(131, 150);
    assertEquals(
        labels(model, Runner.Options.DEFAULT, frame),
        labels(model, Runner.Options.DEFAULT.withTile(64), frame));
  }

  private static List<Integer> labels(Model model, Runner.Options options, Frame frame) {
    try (Runner<Segmentation> runner = Runner.of(model, options).as(TaskKind.SEGMENTATION)) {
      Segmentation found = runner.predict(frame);
      return IntStream.range(0, found.labels().size()).mapToObj(found.labels()::get).toList();
    }
  }

  /** Looks no further than a pixel or two, so that parts of one size give what the whole does. */
  @Test
  void aNetworkOfOneSizeIsShownPartsOfIt() {
    Model fixed = model("pixels_fixed", "grey/255", Way.AS_IS);
    assertEquals(Shape.of(1, 64, 64), fixed.network().inputs().get(0).shape());
    assertEquals(48, fixed.spec().inference().tile());
    assertEquals(8, fixed.spec().inference().halo());
    for (int[] size : new int[][] {{150, 131}, {64, 64}, {40, 200}, {33, 20}}) {
      Frame frame = noise(size[0], size[1]);
      try (Runner<Segmentation> runner =
          Runner.of(fixed, Runner.Options.DEFAULT).as(TaskKind.SEGMENTATION)) {
        assertEquals(size[0] * size[1], runner.predict(frame).labels().size());
      }
    }
  }

  @Test
  void aNetworkThatSeesAllOfTheImageIsShownPartsOfOneSize() {
    Model model = model("pixels_global", "grey/255", Way.AUTO);
    assertEquals(Shape.of(1, 256, 256), model.network().inputs().get(0).shape());
    Model small = model("pixels_global", "grey/255 crop 64", Way.AS_IS);
    assertEquals(Shape.of(1, 64, 64), small.network().inputs().get(0).shape());
  }

  @Test
  void saysWhyItIsNotTranslatedAndRefusesToBeIfThatIsAskedFor() {
    SpyhopException refused =
        assertThrows(SpyhopException.class, () -> model("pixels", "grey/255", Way.TRANSLATE));
    assertTrue(refused.getMessage().contains("Einsum"), refused.getMessage());
    Model kept = model("pixels", "grey/255", Way.AUTO);
    String why = OnnxGraph.predictionOnly(kept.network()).orElseThrow();
    assertTrue(why.contains("prediction only") && why.contains("Einsum"), why);
  }

  @Test
  void whatNeedsLayersRefusesIt() {
    Model model = model("transformer", "rgb/255 cover", Way.AS_IS);
    for (Executable door :
        List.<Executable>of(
            () -> new Quantizer(model, "q", Quantizer.SHARE),
            () -> Explainer.of(model, new GradCam("network")),
            () -> Kernels.of(model.network(), model.weights(), ""))) {
      String message = assertThrows(SpyhopException.class, door).getMessage();
      assertTrue(message.contains("prediction only"), message);
    }
  }

  @Test
  void aModelWithoutItsFileIsRefused() throws IOException {
    Model model = model("transformer", "rgb/255 cover", Way.AS_IS);
    Path file = folder.resolve("whole.spyhop");
    ModelFile.write(model, file);
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int name = text.indexOf("logits") < 0 ? text.indexOf("Gemm") : text.indexOf("logits");
    assertTrue(name > 0);
    bytes[text.lastIndexOf("qkv")]++;
    Files.write(file, bytes);
    assertThrows(SpyhopException.class, () -> ModelFile.read(file));
  }

  @Test
  void aFileThatReachesForMoreIsRefused() throws IOException {
    ModelProto sound = ModelProto.parseFrom(Files.readAllBytes(folder.resolve("pixels.onnx")));
    GraphProto graph = sound.getGraph();
    write(
        sound.toBuilder()
            .setGraph(
                graph.toBuilder()
                    .setNode(0, graph.getNode(0).toBuilder().setDomain("my.library"))));
    refuses("my.library");
    write(
        sound.toBuilder()
            .setGraph(
                graph.toBuilder()
                    .setNode(
                        0,
                        graph.getNode(0).toBuilder()
                            .setDomain("com.microsoft")
                            .setOpType("EPContext"))));
    refuses("EPContext");
    write(
        sound.toBuilder()
            .setGraph(
                graph.toBuilder()
                    .setInitializer(
                        0,
                        graph.getInitializer(0).toBuilder()
                            .setRawData(ByteString.EMPTY)
                            .clearRawData()
                            .addExternalData(
                                StringStringEntryProto.newBuilder()
                                    .setKey("location")
                                    .setValue("../../etc/passwd")))));
    refuses("refused");
  }

  private void write(ModelProto.Builder model) throws IOException {
    Files.write(folder.resolve("changed.onnx"), model.build().toByteArray());
  }

  private void refuses(String named) {
    String message =
        assertThrows(SpyhopException.class, () -> model("changed", "grey/255", Way.AS_IS))
            .getMessage();
    assertTrue(message.contains(named), message);
    assertFalse(message.contains("ONNX Runtime could not"), message);
  }

  @Test
  void valuesBesideTheFileAreTakenIn() throws IOException {
    Model model = model("transformer_data", "rgb/255 cover", Way.AS_IS);
    Files.delete(folder.resolve("transformer_data.data"));
    try (Runner<?> runner = Runner.of(again(model), Runner.Options.DEFAULT)) {
      assertTrue(runner.check().passed());
    }
    assertArrayEquals(
        model.example().orElseThrow().outputs().get(0).data(),
        again(model).example().orElseThrow().outputs().get(0).data());
  }
}
