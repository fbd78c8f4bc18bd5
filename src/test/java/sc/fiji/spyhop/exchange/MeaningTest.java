package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxModel;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/** What comes out of imported networks is never guessed. */
class MeaningTest {

  @TempDir Path folder;

  private static NetworkBuilder twoValues() {
    return NetworkBuilder.input("image", Shape.of(1, 8, 8))
        .convolution("conv", 3, 3)
        .flatten("flat")
        .dense("values", 2);
  }

  private Path write(OnnxModel model) throws IOException {
    Path file = folder.resolve("net.onnx");
    try (OutputStream out = Files.newOutputStream(file)) {
      OnnxWriter.write(model, out);
    }
    return file;
  }

  private Path write(Network network) throws IOException {
    return write(OnnxExport.of(network, Initialization.of(network, 1)));
  }

  private static NetworkImport.Result read(Path file, String classes, Meaning... meaning) {
    return new NetworkImport(
            NetworkImport.About.named("net"),
            Source.of(file),
            Preprocessing.parse("grey/255"),
            classes,
            NetworkImport.Way.AUTO,
            "",
            Optional.of(meaning).filter(m -> m.length > 0).map(m -> m[0]))
        .run(Progress.NONE);
  }

  private static String refusal(Path file, String classes, Meaning... meaning) {
    return assertThrows(SpyhopException.class, () -> read(file, classes, meaning)).getMessage();
  }

  @Test
  void twoValuesMayBeClassesOrMeasures() throws IOException {
    Path file = write(twoValues().build());
    String message = refusal(file, "");
    assertTrue(message.contains("ends with 2 values") && message.contains("--task"), message);
    Model measures = read(file, "", Meaning.MEASURE).model();
    assertEquals(
        Regression.standard(List.of("value 0", "value 1"), List.of("", "")),
        measures.spec().task());
    assertEquals(List.of("values"), measures.network().outputs());
    Regression named =
        assertInstanceOf(
            Regression.class, read(file, "area,length", Meaning.MEASURE).model().spec().task());
    assertEquals(List.of("area", "length"), named.names());
    for (Model classes :
        List.of(read(file, "", Meaning.CLASSIFY).model(), read(file, "a,b").model())) {
      assertInstanceOf(Classification.class, classes.spec().task());
      assertEquals(List.of("softmax"), classes.network().outputs());
    }
    message = refusal(file, "", Meaning.SEGMENT);
    assertTrue(message.contains("one vector for each image"), message);
  }

  @Test
  void noSoftmaxIsPutBehindAnotherFunction() throws IOException {
    Path file = write(twoValues().activation("end", Function.TANH).build());
    String message = refusal(file, "a,b");
    assertTrue(message.contains("ends with tanh"), message);
    assertEquals(List.of("end"), read(file, "", Meaning.MEASURE).model().network().outputs());
  }

  @Test
  void probabilitiesTellThemselves() throws IOException {
    Path file = write(twoValues().activation("end", Function.SOFTMAX).build());
    NetworkImport.Result read = read(file, "");
    assertInstanceOf(Classification.class, read.model().spec().task());
    assertTrue(read.notes().stream().anyMatch(n -> n.startsWith("Checked")), "" + read.notes());
  }

  /** A map of classes for images of one size is convolutions, which take any. */
  @Test
  void mapsOfOneSizeAreOpened() throws IOException {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 16, 16))
            .convolution("conv", 2, 3)
            .activation("end", Function.SOFTMAX)
            .build();
    Model model = read(write(network), "").model();
    assertInstanceOf(SemanticSegmentation.class, model.spec().task());
    assertEquals(Shape.of(1, Shape.ANY, Shape.ANY), model.network().inputs().get(0).shape());
  }

  /**
   * The file says itself what Spyhop exported; the preparation that is asked for does not count.
   */
  @Test
  void ourOwnRegressorComesBack() throws IOException {
    Network network = twoValues().build();
    Weights weights = Initialization.of(network, 1);
    Regression task =
        new Regression(
            List.of("area", "length"), List.of("µm²", "µm"), List.of(20.0, 5.0), List.of(3.0, 2.0));
    ModelSpec spec =
        new ModelSpec(
            "sizes",
            "Measures.",
            task,
            new ModelSpec.Input(
                Axes.NCHW,
                1,
                Colors.NONE,
                new Resize.Stretch(8, 8, Interpolation.BILINEAR),
                new Normalization.Percentile(1, 99),
                PixelSize.UNCALIBRATED),
            ModelSpec.Inference.of(network),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    Path file = write(OnnxExport.of(network, weights).withRecord(ModelFile.record(spec)));
    Model back = read(file, "").model();
    assertEquals(task, back.spec().task());
    assertEquals(spec.input(), back.spec().input());
    assertEquals("Measures.", back.spec().description());
    assertArrayEquals(
        weights.get("values.weight").data(), back.weights().get("values.weight").data());
    assertInstanceOf(Classification.class, read(file, "a,b").model().spec().task());
  }
}
