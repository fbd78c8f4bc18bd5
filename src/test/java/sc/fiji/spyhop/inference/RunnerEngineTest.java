package sc.fiji.spyhop.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.TestModels;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.sample.NucleiGenerator;
import sc.fiji.spyhop.sample.SyntheticImage;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** The whole chain on the engine that ships, with networks that know nothing. */
class RunnerEngineTest {

  @TempDir Path folder;

  private static Runner<Segmentation> open(Model model) {
    Engine engine = Engines.forPrediction(model.network());
    return Runner.of(
        model, TaskKind.SEGMENTATION, Runner.Options.DEFAULT, engine, engine.devices().get(0));
  }

  private static Model random(SegmentationTask task, int tile) {
    Model any = TestModels.unet("random", task, 1, tile, 0);
    int halo = ModelSpec.Inference.of(any.network()).halo();
    assertTrue(halo > 0);
    return TestModels.unet("random", task, 1, tile, halo);
  }

  /**
   * A network that engines compute without any rounding, in whatever order they add: pixels are
   * multiples of 1/256 and weights of 1/16, and after three layers all sums still fit into a float.
   * What is bright on a fine and a coarse scale is an object; the other features are random.
   */
  private static Model exact(SegmentationTask task, int tile) {
    NetworkBuilder b =
        NetworkBuilder.image(1)
            .convolution("fine", 4, 3)
            .relu()
            .maxPool("pool", 2)
            .convolution("coarse", 4, 3)
            .relu()
            .upsample("up", 2)
            .concat("both", "fine_relu");
    for (Head head : task.heads()) {
      b.from("both").convolution(head.logits(), head.channels(), 1);
      if (head.activation() != Layer.Function.IDENTITY) {
        b.activation(head.name(), head.activation());
      }
    }
    Network network = b.build(task.heads().stream().map(Head::name).toArray(String[]::new));
    Random random = new Random(3);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (Parameter p : Parameters.of(network)) {
      int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
      Tensor values = Tensor.zeros(p.axes(), shape);
      for (int i = 0; i < values.length(); i++) values.data()[i] = (random.nextInt(9) - 4) / 16f;
      weights.put(p.name(), values);
    }
    Arrays.fill(weights.get("fine.weight").data(), 0, 9, 1 / 8f);
    Arrays.fill(weights.get("coarse.weight").data(), 0, 9, 1 / 8f);
    for (Head head : task.heads()) {
      boolean depth = head.activation() == Layer.Function.IDENTITY;
      float[] limits = head.channels() == 1 ? new float[] {-3} : new float[] {0, -4, -12};
      float[] of = weights.get(head.logits() + ".weight").data();
      for (int c = 0; c < head.channels(); c++) {
        of[8 * c] = depth ? 0.5f : 8 * (c + 1); // of the coarse feature
        of[8 * c + 4] = of[8 * c]; // of the fine one
        weights.get(head.logits() + ".bias").data()[c] = depth ? 0 : limits[c];
      }
    }
    ModelSpec spec =
        new ModelSpec(
            "exact",
            "",
            task,
            new ModelSpec.Input(
                Axes.NCHW,
                1,
                new Normalization.Fixed(List.of(0.0), List.of(1 / 256.0)),
                PixelSize.UNCALIBRATED),
            new ModelSpec.Inference(tile, ModelSpec.Inference.of(network).halo()),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    return new Model(spec, network, new Weights(weights), Optional.empty());
  }

  /** Nuclei in whole numbers from 0 to 255. */
  private static Frame image() {
    Frame nuclei = NucleiGenerator.ofSeries(3, 3, 203, 170).frame();
    int[] values = new int[203 * 170];
    int most = 1;
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) nuclei.pixels().getAt(i % 203, i / 203, 0).getRealDouble();
      most = Math.max(most, values[i]);
    }
    float[] pixels = new float[values.length];
    for (int i = 0; i < values.length; i++) pixels[i] = values[i] * 255 / most;
    return new Frame("nuclei", ArrayImgs.floats(pixels, 203, 170, 1), PixelSize.UNCALIBRATED);
  }

  /** Outputs as planes [head][channel * height * width]. */
  private static List<float[]> planes(Runner<Segmentation> segmenter, Frame image) {
    int w = image.width();
    int h = image.height();
    List<float[]> planes = new ArrayList<>();
    segmenter
        .model()
        .spec()
        .task()
        .heads()
        .forEach(head -> planes.add(new float[head.channels() * w * h]));
    segmenter.outputs(
        image,
        Progress.NONE,
        (tile, outputs) -> {
          for (int k = 0; k < planes.size(); k++) {
            Tensor t = outputs.get(k);
            for (int c = 0; c < t.size('C'); c++) {
              for (int y = tile.y(); y < tile.y() + tile.height(); y++) {
                for (int x = tile.x(); x < tile.x() + tile.width(); x++) {
                  planes.get(k)[(c * h + y) * w + x] =
                      t.get(0, c, y - tile.regionY(), x - tile.regionX());
                }
              }
            }
          }
        });
    return planes;
  }

  private static void assertTilesDoNotMatter(SegmentationTask task) {
    Frame image = image();
    for (boolean exact : new boolean[] {false, true}) {
      Segmentation whole;
      List<float[]> expected;
      try (Runner<Segmentation> segmenter = open(exact ? exact(task, 1024) : random(task, 1024))) {
        whole = segmenter.predict(image);
        expected = planes(segmenter, image);
      }
      try (Runner<Segmentation> segmenter = open(exact ? exact(task, 64) : random(task, 64))) {
        List<float[]> tiled = planes(segmenter, image);
        float least = Float.MAX_VALUE;
        float most = -Float.MAX_VALUE;
        for (int k = 0; k < expected.size(); k++) {
          assertArrayEquals(expected.get(k), tiled.get(k), exact ? 1e-6f : 1e-4f);
          for (float v : tiled.get(k)) {
            least = Math.min(least, v);
            most = Math.max(most, v);
          }
        }
        assertTrue(most - least > 0.1, "the network says the same everywhere");
        if (!exact) continue; // there a pixel may lie on a threshold but for the last digit
        assertTrue(whole.segments().size() > 1, "the network finds nothing");
        assertEquals(whole.labels(), segmenter.predict(image).labels());
      }
    }
  }

  @Test
  void objectsAreTheSameInTilesAndInOnePiece() {
    assertTilesDoNotMatter(InstanceSegmentation.of("nucleus"));
  }

  @Test
  void classesAreTheSameInTilesAndInOnePiece() {
    assertTilesDoNotMatter(SemanticSegmentation.of(List.of("background", "nucleus", "edge")));
  }

  @Test
  void aModelFromAFileGivesWhatItsTestOutputSays() {
    Model model = random(InstanceSegmentation.of("nucleus"), 64);
    Tensor pixels = Tensor.zeros(Axes.NCHW, 1, 1, 32, 32);
    for (int i = 0; i < pixels.length(); i++) pixels.data()[i] = i * 37 % 251;
    Path file = folder.resolve("random.spyhop");
    try (Runner<Segmentation> segmenter = open(model)) {
      ModelFile.write(model.withExample(pixels, segmenter::outputs), file);
    }
    try (Runner<Segmentation> segmenter = Runner.open(file.toString(), TaskKind.SEGMENTATION)) {
      Model.Check check = segmenter.check();
      assertTrue(check.passed(), "largest difference " + check.largestDifference());
      assertEquals(
          Engines.forPrediction(segmenter.model().network()).devices().get(0).kind(),
          segmenter.device().kind());
    }
  }

  @Test
  void anImageSmallerThanTheNetworkTakesIsSegmented() {
    try (Runner<Segmentation> segmenter = open(random(InstanceSegmentation.of("nucleus"), 64))) {
      SyntheticImage image = NucleiGenerator.ofSeries(3, 0, 3, 1);
      Segmentation found = segmenter.predict(image.frame());
      assertEquals(3, found.labels().width());
      assertEquals(1, found.labels().height());
    }
  }

  /** On images it was not trained on: those of the project's own generator, truth included. */
  @Test
  void theShippedModelFindsNuclei() {
    InstanceMetrics metrics = new InstanceMetrics();
    try (Runner<Segmentation> segmenter = Runner.open("nuclei", TaskKind.SEGMENTATION)) {
      Model.Check check = segmenter.check();
      assertTrue(check.passed(), "largest difference " + check.largestDifference());
      for (int i = 0; i < 5; i++) {
        SyntheticImage image = NucleiGenerator.ofSeries(1, i, 192, 192);
        metrics.add(segmenter.predict(image.frame()).labels(), image.labels());
      }
    }
    assertTrue(metrics.at(50).f1() > 0.8, "F1 " + metrics.at(50).f1());
  }

  /**
   * Where a probability is within rounding of the threshold a pixel may go either way. On 40
   * painted images of 256 x 256 pixels no pixel did, with SSE4.1, AVX2 and AVX-512.
   */
  @Test
  void labelImagesAreTheSameOnEveryEngine() {
    Model model = ModelRegistry.standard().find("nuclei");
    List<SyntheticImage> images =
        IntStream.range(0, 3).mapToObj(i -> NucleiGenerator.ofSeries(7, i, 192, 160)).toList();
    List<LabelMap> expected = List.of();
    List<String> names = new ArrayList<>();
    for (Engine engine : Plugins.all(Engine.class)) {
      if (engine.devices().isEmpty()) continue;
      names.add(engine.name());
      List<LabelMap> found;
      try (Runner<Segmentation> segmenter =
          Runner.of(
              model,
              TaskKind.SEGMENTATION,
              Runner.Options.DEFAULT,
              engine,
              engine.devices().get(0))) {
        found = images.stream().map(i -> segmenter.predict(i.frame()).labels()).toList();
      }
      if (expected.isEmpty()) expected = found;
      for (int i = 0; i < found.size(); i++) {
        int different = different(expected.get(i), found.get(i));
        assertTrue(different <= 192 * 160 / 1000, names + ": " + different + " pixels differ");
      }
    }
    assertTrue(expected.get(0).max() > 10, "nothing to compare");
  }

  /** Pixels in other objects, whatever the numbers of the objects are. */
  private static int different(LabelMap a, LabelMap b) {
    Map<Integer, Map<Integer, Integer>> shared = new TreeMap<>();
    for (int i = 0; i < a.width() * a.height(); i++) {
      shared.computeIfAbsent(a.get(i), k -> new TreeMap<>()).merge(b.get(i), 1, Integer::sum);
    }
    int same = 0;
    for (Map.Entry<Integer, Map<Integer, Integer>> e : shared.entrySet()) {
      same +=
          e.getKey() == 0
              ? e.getValue().getOrDefault(0, 0)
              : e.getValue().entrySet().stream()
                  .filter(o -> o.getKey() != 0)
                  .mapToInt(Map.Entry::getValue)
                  .max()
                  .orElse(0);
    }
    return a.width() * a.height() - same;
  }
}
