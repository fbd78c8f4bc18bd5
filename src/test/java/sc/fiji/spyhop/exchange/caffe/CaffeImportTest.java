package sc.fiji.spyhop.exchange.caffe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** A small network in both versions of Caffe's format, with results calculated by hand. */
class CaffeImportTest {

  private static final String SECOND =
      """
      name: "small" # a comment
      input: "data"
      input_shape { dim: 1 dim: 1 dim: 3 dim: 3 }
      layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
              convolution_param { num_output: 2 kernel_size: 1 } }
      layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" batch_norm_param { eps: 1e-9 } }
      layer { name: "scale" type: "Scale" bottom: "conv" top: "conv" scale_param { bias_term: true } }
      layer { name: "pool" type: "Pooling" bottom: "conv" top: "pool"
              pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
      layer { name: "fc" type: "InnerProduct" bottom: "pool" top: "fc"
              inner_product_param { num_output: 1 bias_term: false } }
      layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "loss"
              include { phase: TRAIN } }
      """;

  private static final String FIRST =
      """
      input: 'data' input_dim: 1 input_dim: 1 input_dim: 3 input_dim: 3
      layers { name: "conv" type: CONVOLUTION bottom: "data" top: "conv" blobs_lr: 1
               convolution_param { num_output: 2 kernel_size: 1 } }
      layers { name: "pool" type: POOLING bottom: "conv" top: "pool"
               pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
      layers { name: "fc" type: INNER_PRODUCT bottom: "pool" top: "fc"
               inner_product_param { num_output: 1 bias_term: false } }
      """;

  @TempDir Path folder;

  private interface Content {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    content.writeTo(out);
    out.flush();
    return bytes.toByteArray();
  }

  /** With its shape as a message, or as four numbers and its values not packed, as in old files. */
  private static byte[] blob(boolean old, int[] shape, float... values) throws IOException {
    return message(
        out -> {
          if (old) {
            for (int i = 0; i < 4; i++) {
              int missing = 4 - shape.length;
              out.writeInt32(i + 1, i < missing ? 1 : shape[i - missing]);
            }
            for (float v : values) out.writeFloat(5, v);
            return;
          }
          out.writeByteArray(
              7,
              message(
                  s -> {
                    for (int n : shape) s.writeInt64(1, n);
                  }));
          out.writeByteArray(
              5,
              message(
                  s -> {
                    for (float v : values) s.writeFloatNoTag(v);
                  }));
        });
  }

  private static void layer(CodedOutputStream out, boolean old, String name, byte[]... blobs)
      throws IOException {
    out.writeByteArray(
        old ? 2 : 100,
        message(
            l -> {
              l.writeString(old ? 4 : 1, name);
              for (byte[] b : blobs) l.writeByteArray(old ? 6 : 7, b);
            }));
  }

  private Imported read(String prototxt, boolean old) throws IOException {
    Path text = Files.writeString(folder.resolve("net.prototxt"), prototxt);
    Path model = folder.resolve("net.caffemodel");
    Files.write(
        model,
        message(
            out -> {
              layer(
                  out,
                  old,
                  "conv",
                  blob(old, new int[] {2, 1, 1, 1}, 1, -1),
                  blob(old, new int[] {2}, 0, 0));
              layer(
                  out,
                  old,
                  "bn",
                  blob(old, new int[] {2}, 2, 0),
                  blob(old, new int[] {2}, 8, 2),
                  blob(old, new int[] {1}, 2));
              layer(
                  out,
                  old,
                  "scale",
                  blob(old, new int[] {2}, 4, 1),
                  blob(old, new int[] {2}, 1, 0));
              layer(out, old, "fc", blob(old, new int[] {1, 8}, 1, 0, 0, 10, 0, 0, 0, 100));
            }));
    return CaffeImport.read(text, model, Optional.empty());
  }

  private static float[] run(Imported net) {
    float[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    Engine engine = Engines.forPrediction(net.network());
    try (Predictor p = engine.predictor(net.network(), net.weights(), engine.devices().get(0))) {
      return p.predict(new Tensor(Axes.NCHW, new int[] {1, 1, 3, 3}, pixels)).data();
    }
  }

  /**
   * The first channel, after (x - 1) / 2 * 4 + 1, is 2 x - 1; the second is -x. Pooling rounds up:
   * maxima of the first are 9, 11, 15, 17 and of the second -1, -3, -7, -9.
   */
  @Test
  void readsTheSecondVersion() throws IOException {
    Imported net = read(SECOND, false);
    assertEquals(List.of("fc"), net.network().outputs());
    assertEquals(1, net.network().layers().stream().filter(l -> l instanceof BatchNorm).count());
    assertArrayEquals(new float[] {9 + 170 - 900}, run(net), 1e-3f);
  }

  @Test
  void readsTheFirstVersion() throws IOException {
    assertArrayEquals(new float[] {5 + 90 - 900}, run(read(FIRST, true)), 1e-4f);
  }

  @Test
  void namesAllThatIsUnsupported() {
    String prototxt = SECOND.replace("\"Scale\"", "\"MVN\"").replace("\"Pooling\"", "\"SPP\"");
    String message = assertThrows(SpyhopException.class, () -> read(prototxt, false)).getMessage();
    assertTrue(message.contains("MVN") && message.contains("layer scale"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "layer {",
        "layer }",
        "layer { name: \"a }",
        "layer: [",
        "a b",
        "1: {",
        ": :",
        "\0"
      })
  void refusesTextThatIsNone(String text) {
    assertThrows(SpyhopException.class, () -> read(text, false));
  }

  @Test
  void refusesEndlessDepth() {
    String message =
        assertThrows(SpyhopException.class, () -> read("a { ".repeat(10_000), false)).getMessage();
    assertTrue(message.contains("deep"), message);
  }

  @Test
  void refusesFilesThatAreCutOffOrChanged() throws IOException {
    read(SECOND, false);
    byte[] whole = Files.readAllBytes(folder.resolve("net.caffemodel"));
    Path bad = folder.resolve("bad.caffemodel");
    for (int n = 0; n < whole.length; n++) {
      byte[] changed = whole.clone();
      changed[n] ^= (byte) 0xff;
      for (byte[] bytes : List.of(Arrays.copyOf(whole, n), changed)) {
        Files.write(bad, bytes);
        try {
          CaffeImport.read(folder.resolve("net.prototxt"), bad, Optional.empty());
        } catch (SpyhopException e) {
          assertTrue(e.getMessage().startsWith(folder.toString()), e.getMessage());
        }
      }
    }
  }
}
