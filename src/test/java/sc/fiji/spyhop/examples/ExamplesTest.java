package sc.fiji.spyhop.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Imgs;
import sc.fiji.spyhop.image.NumpyImages;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.sample.DigitGenerator;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.NumpyTensors;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.NumpyArray;
import sc.fiji.spyhop.util.NumpyFile;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

/** The programs that {@code docs/java.md} shows do what they say. */
class ExamplesTest {

  private static final Path NUCLEI = Path.of("test-images/nuclei/images/nuclei_000.tif");

  @TempDir Path folder;

  @AfterEach
  void forget() {
    ResultsTable.getResultsTable().reset();
  }

  /** What a program prints. */
  private static List<String> printed(Executable program) throws Throwable {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, false, StandardCharsets.UTF_8));
    try {
      program.execute();
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void segmentImage() throws Throwable {
    NumpyImages.write(new ImageFiles().readFrame(NUCLEI).pixels(), folder.resolve("in.npy"));
    List<String> lines =
        printed(() -> SegmentImage.main(new String[] {file("in.npy"), file("labels.npy")}));
    assertTrue(lines.size() > 20);
    assertTrue(lines.stream().allMatch(l -> l.matches("[\\d.]+, [\\d.]+: \\d+ pixels")));
    NumpyArray labels = NumpyFile.read(folder.resolve("labels.npy"));
    double max = 0;
    for (int i = 0; i < labels.length(); i++) max = Math.max(max, labels.get(i));
    assertEquals(lines.size(), max);
  }

  @Test
  void trainOnArrays() throws Throwable {
    assertEquals(
        List.of("The first is of class 0"),
        printed(() -> TrainOnArrays.main(new String[] {file("stripes.spyhop")})));
    var spec = ModelFile.readSpec(folder.resolve("stripes.spyhop"));
    assertEquals("stripes", spec.name());
    assertEquals(List.of("across", "along"), spec.names());
    double accuracy = spec.training().figures().get("validation accuracy");
    assertTrue(accuracy > 0.95, "accuracy " + accuracy);
  }

  @Test
  void fineTuneFolder() throws Throwable {
    Path data = folder.resolve("data");
    for (String kind : new String[] {"images", "labels"}) {
      Files.createDirectories(data.resolve(kind));
      for (String name : new String[] {"nuclei_000.tif", "nuclei_001.tif"}) {
        Files.copy(Path.of("test-images/nuclei", kind, name), data.resolve(kind).resolve(name));
      }
    }
    String base = Discs.model(folder).toString();
    List<String> lines =
        printed(
            () ->
                FineTuneFolder.main(
                    new String[] {base, data.toString(), "1", file("mine.spyhop")}));
    assertTrue(lines.get(0).contains("training loss="), lines.toString());
    assertEquals("mine", ModelFile.read(folder.resolve("mine.spyhop")).spec().name());
  }

  @Test
  void runPipeline() throws Throwable {
    List<String> lines =
        printed(() -> RunPipeline.main(new String[] {"test-images/whales/images/photo_0000.png"}));
    assertEquals(1, lines.size());
    assertTrue(lines.get(0).matches("\\w+ in Box\\[x=[\\d.]+, y=.*"), lines.toString());
  }

  @Test
  void gradientOfScore() throws Throwable {
    NumpyImages.write(DigitGenerator.of(7, 1).pixels(), folder.resolve("seven.npy"));
    List<String> lines =
        printed(() -> GradientOfScore.main(new String[] {file("seven.npy"), file("slope.npy")}));
    assertTrue(lines.get(0).matches("7: [01]\\.\\d+, before softmax [\\d.]+"), lines.toString());
    Tensor slope = NumpyTensors.read(folder.resolve("slope.npy"), Axes.NCHW);
    assertEquals("NCHW[1, 1, 28, 28]", slope.toString());
  }

  /** Exclusive or, which no layer alone can tell: what comes out of the loop does. */
  @Test
  void ownTrainingLoop() throws Throwable {
    Tensor corners = Tensor.of(Axes.NC, new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
    Tensor different = Tensor.of(Axes.NC, new float[] {0, 1, 1, 0}, 4, 1);
    var weights = new Weights[1];
    List<String> lines =
        printed(() -> weights[0] = OwnTrainingLoop.learned(corners, different, 500));
    double[] losses = lines.stream().mapToDouble(l -> Double.parseDouble(l.substring(5))).toArray();
    assertEquals(5, losses.length);
    assertEquals(Math.log(2), losses[0], 0.4);
    Network network = Notation.parse("FC8 tanh FC2", Shape.of(2));
    try (Predictor predictor = Engines.forGradients().predictor(network, weights[0])) {
      Tensor said = predictor.predict(corners);
      for (int i = 0; i < 4; i++) {
        assertTrue(said.get(i, (int) different.get(i, 0)) > 0.9, "corner " + i);
      }
    }
  }

  /** Weights that say "cell" of every pixel, written as PyTorch writes safetensors. */
  @Test
  void packModel() throws Throwable {
    Network network = Notation.parse("8C3 BN 8C3 BN 2C1", Shape.of(1, Shape.ANY, Shape.ANY));
    Map<String, Tensor> all = new LinkedHashMap<>(Initialization.of(network, 1).tensors());
    all.put("conv3.weight", Tensor.zeros(Axes.OIHW, 2, 8, 1, 1));
    all.put("conv3.bias", Tensor.of(Axes.C, new float[] {0, 5}, 2));
    Safetensors.write(folder.resolve("w.safetensors"), new Weights(all), Map.of());
    PackModel.main(new String[] {file("w.safetensors"), file("cells.spyhop")});
    try (var cells = Runner.open(file("cells.spyhop"), TaskKind.SEGMENTATION)) {
      Segmentation found = cells.predict(new ImageFiles().readFrame(NUCLEI).pixels());
      assertEquals(found.labels().size(), found.segments().get(0).area());
      assertEquals(1, Imgs.labels(found).getAt(5, 7).getInteger());
      assertEquals(List.of("background", "cell"), cells.spec().names());
    }
  }

  @Test
  void runCommand() throws Throwable {
    Path image = Discs.two(folder.resolve("two.tif"));
    RunCommand.main(
        new String[] {image.toString(), Discs.model(folder).toString(), file("labels.tif")});
    ImagePlus labels = IJ.openImage(file("labels.tif"));
    assertEquals(2, labels.getStatistics().max);
  }

  @Test
  void imagesAndArrays() {
    Tensor tensor = Tensor.of(Axes.NCHW, new float[] {1, 2, 3, 4, 5, 6}, 1, 1, 2, 3);
    assertEquals(6, Imgs.of(tensor).getAt(2, 1, 0, 0).get());
  }
}
