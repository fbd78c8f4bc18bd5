package sc.fiji.spyhop.exchange.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/** Small models written as Keras writes them, with results calculated by hand. */
class KerasImportTest {

  private static final String INPUT =
      "{\"class_name\":\"InputLayer\",\"name\":\"in\",\"config\":{\"name\":\"in\","
          + "\"batch_input_shape\":[null,2,2,2]},\"inbound_nodes\":[]}";

  @TempDir Path folder;

  private Path write(String config) {
    Path path = folder.resolve("net.h5");
    try (WritableHdfFile file = HdfFile.write(path)) {
      if (!config.isEmpty()) file.putAttribute("model_config", config);
      WritableGroup weights = config.isEmpty() ? file : file.putGroup("model_weights");
      weights.putAttribute("layer_names", new String[] {"conv", "fc"});
      WritableGroup conv = weights.putGroup("conv");
      conv.putAttribute("weight_names", new String[] {"kernel:0", "bias:0"});
      // rows, columns, input, output: column 0 takes channel 1, column 1 channel 0
      conv.putDataset("kernel:0", new float[][][][] {{{{0, 1}, {1, 0}}, {{2, 0}, {0, 0}}}});
      conv.putDataset("bias:0", new float[] {0.5f, 0});
      WritableGroup fc = weights.putGroup("fc");
      fc.putAttribute("weight_names", new String[] {"kernel:0"});
      float[][] matrix = new float[8][1];
      matrix[6][0] = 1; // row 1, column 1, channel 0
      matrix[3][0] = 10; // row 0, column 1, channel 1
      fc.putDataset("kernel:0", matrix);
    }
    return path;
  }

  private static String layer(String type, String name, String settings, String from) {
    return Strings.format(
        "{\"class_name\":\"%s\",\"name\":\"%s\",\"config\":{\"name\":\"%s\"%s},\"inbound_nodes\":[[[\"%s\",0,0,{}]]]}",
        type, name, name, settings, from);
  }

  private static String functional(String... layers) {
    return Strings.format(
        "{\"class_name\":\"Functional\",\"config\":{\"name\":\"net\",\"layers\":[%s],\"input_layers\":[[\"in\",0,0]],\"output_layers\":[[\"fc\",0,0]]}}",
        String.join(",", layers));
  }

  private static final String NET =
      functional(
          INPUT,
          layer(
              "Conv2D",
              "conv",
              ",\"padding\":\"same\",\"strides\":[1,1],\"activation\":\"linear\"",
              "in"),
          layer("Flatten", "flat", "", "conv"),
          layer("Dense", "fc", ",\"use_bias\":false,\"activation\":\"relu\"", "flat"));

  private static float[] run(Imported net, float... pixels) {
    Engine engine = Engines.forPrediction(net.network());
    try (Predictor p = engine.predictor(net.network(), net.weights(), engine.devices().get(0))) {
      return p.predict(new Tensor(Axes.NCHW, new int[] {1, 2, 2, 2}, pixels)).data();
    }
  }

  /**
   * Channel 0 of the convolution at row 1, column 1: channel 1 there, 8, and nothing to the right,
   * plus 0.5. Channel 1 at row 0, column 1: channel 0 there, 2.
   */
  @Test
  void channelsComeLastInKeras() {
    assertArrayEquals(
        new float[] {28.5f},
        run(KerasImport.read(write(NET), Optional.empty()), 1, 2, 3, 4, 5, 6, 7, 8),
        1e-5f);
  }

  /** As above with the convolution once more: 28.5 is 1 * 8.5 + 10 * 2, then 8.5 and 2 squared. */
  @Test
  void mergesOfKeras1DoWhatTheirModeSays() {
    assertEquals(57, merged("sum"), 1e-4);
    assertEquals(8.5 * 8.5 + 10 * 4, merged("mul"), 1e-4);
    assertEquals(28.5, merged("ave"), 1e-4);
    assertEquals(28.5, merged("max"), 1e-4);
    String message = assertThrows(SpyhopException.class, () -> merged("dot")).getMessage();
    assertTrue(message.contains("Merge: mode dot"), message);
  }

  private float merged(String mode) {
    String net =
        functional(
            INPUT,
            layer("Conv2D", "conv", ",\"padding\":\"same\",\"strides\":[1,1]", "in"),
            layer("Merge", "both", ",\"mode\":\"" + mode + "\"", "conv\",0,0,{}],[\"conv"),
            layer("Flatten", "flat", "", "both"),
            layer("Dense", "fc", ",\"use_bias\":false", "flat"));
    return run(KerasImport.read(write(net), Optional.empty()), 1, 2, 3, 4, 5, 6, 7, 8)[0];
  }

  @Test
  void laysWeightsOntoANetwork() {
    var network =
        NetworkBuilder.input("image", Shape.of(2, 2, 2))
            .layer(
                new sc.fiji.spyhop.network.Convolution(
                    "c",
                    "image",
                    2,
                    2,
                    java.util.List.of(1, 2),
                    java.util.List.of(1, 1),
                    java.util.List.of(1, 1),
                    sc.fiji.spyhop.network.Padding.SAME,
                    true))
            .flatten("f")
            .bias(false)
            .dense("d", 1)
            .build();
    Imported net = KerasImport.onto(write(""), network);
    assertArrayEquals(new float[] {28.5f}, run(net, 1, 2, 3, 4, 5, 6, 7, 8), 1e-5f);
  }

  @Test
  void namesAllThatIsUnsupported() {
    String config =
        functional(
            INPUT,
            layer("Lambda", "twice", "", "in"),
            layer("Conv2D", "conv", "", "in"),
            layer("Permute", "swap", "", "conv"),
            layer("Dense", "fc", "", "swap"));
    String message =
        assertThrows(SpyhopException.class, () -> KerasImport.read(write(config), Optional.empty()))
            .getMessage();
    assertTrue(message.contains("Lambda") && message.contains("Permute"), message);
    assertTrue(message.contains("layer twice"), message);
  }

  @Test
  void saysThatAFileHasWeightsOnly() {
    String message =
        assertThrows(SpyhopException.class, () -> KerasImport.read(write(""), Optional.empty()))
            .getMessage();
    assertTrue(message.contains("--network"), message);
  }

  @Test
  void refusesFilesThatAreCutOff() throws IOException {
    byte[] whole = Files.readAllBytes(write(NET));
    Path file = folder.resolve("bad.h5");
    int refused = 0;
    for (int n = 0; n < whole.length; n += 97) {
      Files.write(file, Arrays.copyOf(whole, n));
      try {
        KerasImport.read(file, Optional.empty());
      } catch (SpyhopException e) {
        refused++;
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
      }
    }
    // the last may lack no more than a few bytes that nothing refers to
    assertTrue(refused >= (whole.length + 96) / 97 - 1, refused + " refused");
  }

  @Test
  void whatFollowsSomethingUnknownIsNamedToo() {
    Path file =
        write(
            functional(
                INPUT,
                layer("Cropping2D", "cut", "", "in"),
                layer("Conv2D", "conv", ",\"strides\":[1,1]", "cut"),
                layer("Lambda", "do", "", "conv"),
                layer("Flatten", "flat", "", "do"),
                layer("Dense", "fc", ",\"use_bias\":false", "flat")));
    String message =
        assertThrows(SpyhopException.class, () -> KerasImport.read(file, Optional.empty()))
            .getMessage();
    assertTrue(message.contains("Cropping2D") && message.contains("Lambda"), message);
    assertTrue(!message.contains("Flatten") && !message.contains("Dense"), message);
  }

  /** As Keras 3.12 names them: by type, in the order of the layers of that type. */
  private Path third(String convolution) {
    Path path = folder.resolve("net.weights.h5");
    try (WritableHdfFile file = HdfFile.write(path)) {
      WritableGroup layers = file.putGroup("layers");
      layers.putGroup("flatten").putGroup("vars");
      WritableGroup dense = layers.putGroup("dense").putGroup("vars");
      float[][] matrix = new float[8][1];
      matrix[6][0] = 1; // row 1, column 1, channel 0
      matrix[3][0] = 10; // row 0, column 1, channel 1
      dense.putDataset("0", matrix);
      dense.putDataset("1", new float[] {7});
      WritableGroup conv = layers.putGroup(convolution).putGroup("vars");
      conv.putDataset("0", new float[][][][] {{{{0, 1}, {1, 0}}}});
      conv.putDataset("1", new float[] {0.5f, 0});
    }
    return path;
  }

  @Test
  void weightsOfKeras3AreLaidOntoANetwork() {
    var network =
        NetworkBuilder.input("image", Shape.of(2, 2, 2))
            .convolution("a", 2, 1)
            .flatten("b")
            .dense("c", 1)
            .build();
    Imported net = KerasImport.onto(third("conv2d"), network);
    // the convolution exchanges channels and adds a half to the first
    assertArrayEquals(new float[] {8.5f + 10 * 2 + 7}, run(net, 1, 2, 3, 4, 5, 6, 7, 8), 1e-5f);
    String message =
        assertThrows(
                SpyhopException.class, () -> KerasImport.onto(third("conv2d_transpose"), network))
            .getMessage();
    assertTrue(message.contains("type conv2d ") && message.contains("found none for a"), message);
  }
}
