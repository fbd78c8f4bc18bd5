package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Networks that normalize by statistics of all that they are shown, from import to prediction. */
class NormalizedNetworksTest {

  @TempDir Path folder;

  private NetworkImport.Result imported(String name, String preparation) throws IOException {
    Path file = folder.resolve("net.onnx");
    try (InputStream in = getClass().getResourceAsStream("onnx/" + name + ".onnx")) {
      Files.write(file, in.readAllBytes());
    }
    return new NetworkImport(
            NetworkImport.About.named("net"),
            Source.of(file),
            Preprocessing.parse(preparation),
            "",
            NetworkImport.Way.TRANSLATE,
            "",
            Optional.of(Meaning.SEGMENT))
        .run(Progress.NONE);
  }

  private static Frame noise(int width, int height) {
    float[] values = new float[2 * width * height];
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < values.length; i++) values[i] = random.nextInt(256);
    return new Frame("noise", ArrayImgs.floats(values, width, height, 2), PixelSize.UNCALIBRATED);
  }

  private static List<Tensor> tiles(Model model, Frame frame) {
    List<Tensor> all = new ArrayList<>();
    try (Runner<Segmentation> runner =
        Runner.of(model, Runner.Options.DEFAULT).as(TaskKind.SEGMENTATION)) {
      runner.outputs(frame, Progress.NONE, (tile, maps) -> all.add(maps.get(0)));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"resunet-17", "resunet-18"})
  void imagesNoLargerThanAPartAreLookedAtAsAWhole(String name) throws IOException {
    NetworkImport.Result result = imported(name, "channels/255");
    Model model = result.model();
    assertEquals(Shape.of(2, Shape.ANY, Shape.ANY), model.network().inputs().get(0).shape());
    assertEquals(new ModelSpec.Inference(384, 64), model.spec().inference());
    String notes = String.join("\n", result.notes());
    assertTrue(notes.contains("Checked"), notes);
    assertTrue(notes.contains("parts of 512 x 512 pixels"), notes);
    Path file = folder.resolve("net.spyhop");
    ModelFile.write(model, file);
    Model again = ModelFile.read(file);
    Frame frame = noise(28, 14);
    Tensor image = again.spec().input().read(frame);
    assertEquals(Axes.NCHW, image.axes());
    try (Runner<?> runner = Runner.of(again, Runner.Options.DEFAULT)) {
      Tensor whole = runner.outputs(image).get(0);
      assertArrayEquals(whole.data(), tiles(again, frame).get(0).data(), 1e-6f);
    }
  }

  /** Of 600 columns, the first part ends with column 512, of which 448 are told. */
  @Test
  void ofLargerImagesPartsOfOneSizeAreLookedAt() throws IOException {
    Model model = imported("resunet-17", "channels/255").model();
    Frame frame = noise(600, 20);
    List<Tensor> parts = tiles(model, frame);
    assertEquals(600, parts.stream().mapToInt(t -> t.size('W')).sum());
    Tensor image = model.spec().input().read(frame);
    Tensor first = Tensor.zeros(Axes.NCHW, 1, 2, 20, 512);
    for (int row = 0; row < 40; row++) {
      System.arraycopy(image.data(), row * 600, first.data(), row * 512, 512);
    }
    try (Runner<?> runner = Runner.of(model, Runner.Options.DEFAULT)) {
      Tensor told = runner.outputs(first).get(0);
      Tensor seen = parts.get(0);
      int columns = seen.size('W');
      for (int row = 0; row < 20; row++) {
        for (int x = 0; x < columns; x++) {
          assertEquals(told.data()[row * 512 + x], seen.data()[row * columns + x], 1e-6);
        }
      }
    }
  }

  @Test
  void aFileOfOneSizeSaysHowLargePartsAre() throws IOException {
    Model model = imported("nnunet-17", "channels/255").model();
    assertEquals(Shape.of(2, 8, 6), model.network().inputs().get(0).shape());
    int columns = tiles(model, noise(13, 9)).stream().mapToInt(t -> t.size('W')).max().orElse(0);
    assertTrue(columns <= 6, columns + " columns");
    Model sized = imported("resunet-17", "channels/255 crop 64").model();
    assertEquals(Shape.of(2, 64, 64), sized.network().inputs().get(0).shape());
    assertEquals(new ModelSpec.Inference(48, 8), sized.spec().inference());
  }
}
