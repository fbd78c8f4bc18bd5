package sc.fiji.spyhop.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.TestModels;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.pipeline.FakeEngine;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.sample.NucleiGenerator;
import sc.fiji.spyhop.sample.SyntheticImage;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;

class RunnerTest {

  /** How far the perfect network below looks. */
  private static final int SIGHT = 8;

  /** A model that reads pixel values as they are. */
  private static Model model(int channels, int tile) {
    Model m = TestModels.unet("tiny", InstanceSegmentation.of("nucleus"), channels, tile, SIGHT);
    ModelSpec s = m.spec();
    ModelSpec.Input input =
        new ModelSpec.Input(
            Axes.NCHW,
            channels,
            new Normalization.Fixed(List.of(0.0), List.of(1.0)),
            s.input().pixelSize());
    ModelSpec.Inference inference = new ModelSpec.Inference(tile, s.inference().halo());
    return m.withSpec(
        new ModelSpec(
            s.name(),
            s.description(),
            s.task(),
            input,
            inference,
            s.training(),
            s.author(),
            s.license(),
            s.citation()));
  }

  private static Frame frame(LabelMap labels) {
    float[] values = new float[labels.size()];
    for (int i = 0; i < values.length; i++) values[i] = labels.get(i);
    return new Frame(
        "labels.tif",
        ArrayImgs.floats(values, labels.width(), labels.height(), 1),
        PixelSize.UNCALIBRATED);
  }

  /**
   * What a perfect network would say of an image whose pixels are the numbers of their objects:
   * whether there is an object, and the distance to its edge (Chebyshev), up to {@link #SIGHT}.
   */
  private static List<Tensor> perfect(Tensor input) {
    int w = input.size('W');
    int h = input.size('H');
    float[] in = input.data();
    Tensor object = Tensor.zeros(Axes.NCHW, 1, 1, h, w);
    Tensor depth = Tensor.zeros(Axes.NCHW, 1, 1, h, w);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        float label = in[y * w + x];
        if (label == 0) continue;
        object.data()[y * w + x] = 1;
        int r = 1;
        while (r <= SIGHT && uniform(in, w, h, x, y, r)) r++;
        depth.data()[y * w + x] = (float) r / (SIGHT + 1);
      }
    }
    return List.of(object, depth);
  }

  private static boolean uniform(float[] in, int w, int h, int x, int y, int r) {
    for (int j = Math.max(0, y - r); j <= Math.min(h - 1, y + r); j++) {
      for (int i = Math.max(0, x - r); i <= Math.min(w - 1, x + r); i++) {
        if (in[j * w + i] != in[y * w + x]) return false;
      }
    }
    return true;
  }

  /** Discs that do not touch, several of them across the seams of tiles of 64. */
  private static LabelMap discs(int width, int height) {
    LabelMap labels = new LabelMap(width, height);
    int next = 0;
    for (int cy = 16; cy < height; cy += 24) {
      for (int cx = 16; cx < width; cx += 24) {
        next++;
        for (int y = cy - 9; y <= cy + 9; y++) {
          for (int x = cx - 9; x <= cx + 9; x++) {
            boolean inside = (x - cx) * (x - cx) + (y - cy) * (y - cy) <= 81;
            if (inside && x < width && y < height) labels.set(x, y, next);
          }
        }
      }
    }
    return labels;
  }

  /** Each pixel as a square of pixels. */
  private static LabelMap magnified(LabelMap labels, int times) {
    LabelMap large = new LabelMap(labels.width() * times, labels.height() * times);
    for (int y = 0; y < large.height(); y++) {
      for (int x = 0; x < large.width(); x++) {
        large.set(x, y, labels.get(x / times, y / times));
      }
    }
    return large;
  }

  /**
   * The network knows discs of 19 pixels; those of the image are three times as large. To its eye a
   * mixed pixel at an edge belongs to an object, so they grow by three pixels of the image.
   */
  @Test
  void anImageIsShownInTheScaleThatIsAskedFor() {
    LabelMap truth = magnified(discs(150, 110), 3);
    FakeEngine engine = new FakeEngine(RunnerTest::perfect);
    try (Runner<Segmentation> segmenter =
        Runner.of(
            model(1, 512),
            TaskKind.SEGMENTATION,
            Runner.Options.DEFAULT,
            engine,
            FakeEngine.DEVICE)) {
      assertEquals(1, segmenter.scale(List.of(frame(truth)), Progress.NONE).factor());
      Segmentation found = segmenter.predict(frame(truth), 1 / 3.0, Progress.NONE);
      assertEquals(truth.width(), found.labels().width());
      assertEquals(truth.height(), found.labels().height());
      InstanceMetrics metrics = new InstanceMetrics();
      metrics.add(found.labels(), truth);
      assertEquals(truth.max(), metrics.at(70).tp(), metrics::table);
      assertEquals(truth.max(), found.segments().size());
      int calls = engine.calls.get();
      assertEquals(1, calls, "150 x 110 pixels are one tile");
    }
    try (Runner<Segmentation> segmenter =
        Runner.of(
            model(1, 128),
            TaskKind.SEGMENTATION,
            Runner.Options.DEFAULT.withScaling(new Scaling.Factor(1 / 3.0)),
            engine,
            FakeEngine.DEVICE)) {
      Segmentation tiled = segmenter.predict(frame(truth));
      InstanceMetrics metrics = new InstanceMetrics();
      metrics.add(tiled.labels(), truth);
      assertEquals(truth.max(), metrics.at(70).tp(), metrics::table);
    }
  }

  @Test
  void objectsOnSeamsAreWhole() {
    LabelMap truth = discs(300, 200);
    FakeEngine engine = new FakeEngine(RunnerTest::perfect);
    try (Runner<Segmentation> segmenter =
        Runner.of(
            model(1, 64),
            TaskKind.SEGMENTATION,
            Runner.Options.DEFAULT,
            engine,
            FakeEngine.DEVICE)) {
      Segmentation found = segmenter.predict(frame(truth));
      assertEquals(5 * 4, engine.calls.get(), "tiles");
      assertEquals(truth.max(), found.segments().size());
      for (int i = 0; i < truth.size(); i++) {
        assertEquals(truth.get(i) == 0, found.labels().get(i) == 0);
      }
      for (Segment s : found.segments()) {
        int label = truth.get((int) s.x(), (int) s.y());
        long area = IntStream.range(0, truth.size()).filter(i -> truth.get(i) == label).count();
        assertEquals(area, s.area(), "area of " + s);
        assertEquals(1, s.probability(), 1e-6);
      }
    }
    assertEquals(0, engine.open.get(), "predictors left open");
  }

  @Test
  void tilesGiveWhatTheUndividedImageGives() {
    SyntheticImage nuclei = NucleiGenerator.ofSeries(5, 1, 330, 270);
    List<Segmentation> found = new ArrayList<>();
    for (int tile : new int[] {64, 1024}) {
      FakeEngine engine = new FakeEngine(RunnerTest::perfect);
      try (Runner<Segmentation> segmenter =
          Runner.of(
              model(1, tile),
              TaskKind.SEGMENTATION,
              Runner.Options.DEFAULT,
              engine,
              FakeEngine.DEVICE)) {
        found.add(segmenter.predict(frame(nuclei.labels())));
      }
      assertEquals(tile == 64 ? 6 * 5 : 1, engine.calls.get());
    }
    assertTrue(found.get(0).segments().size() > 20);
    assertEquals(found.get(1).labels(), found.get(0).labels());
    for (int i = 0; i < found.get(0).segments().size(); i++) {
      Segment a = found.get(0).segments().get(i);
      Segment b = found.get(1).segments().get(i);
      assertEquals(b.area(), a.area());
      assertArrayEquals(
          new double[] {b.x(), b.y(), b.probability()},
          new double[] {a.x(), a.y(), a.probability()},
          1e-6);
    }
  }

  /** Two maps of each place, made of statistics of all. */
  private static Model ofParts(int core, int halo) {
    Network network =
        NetworkBuilder.image(1)
            .convolution("c", 2, 3)
            .maxPool("p", 2)
            .instanceNorm()
            .upsample("u", 2)
            .convolution("object_logits", 1, 1)
            .activation("object", Function.SIGMOID)
            .from("u")
            .convolution("depth", 1, 1)
            .build("object", "depth");
    ModelSpec s = model(1, core).spec();
    return new Model(
        new ModelSpec(
            s.name(),
            s.description(),
            s.task(),
            s.input(),
            new ModelSpec.Inference(core, halo),
            s.training(),
            s.author(),
            s.license(),
            s.citation()),
        network,
        Initialization.of(network, 1));
  }

  @Test
  void aNetworkThatLooksAtAllOfTheImageIsShownPartsOfOneSize() {
    SyntheticImage nuclei = NucleiGenerator.ofSeries(5, 1, 330, 271);
    List<String> shown = Collections.synchronizedList(new ArrayList<>());
    FakeEngine engine =
        new FakeEngine(
            t -> {
              shown.add(t.size('W') + " x " + t.size('H'));
              return perfect(t);
            });
    List<Segmentation> found = new ArrayList<>();
    for (Model m : List.of(ofParts(64, 16), ofParts(512, 64))) {
      try (Runner<Segmentation> segmenter =
          Runner.of(m, TaskKind.SEGMENTATION, Runner.Options.DEFAULT, engine, FakeEngine.DEVICE)) {
        found.add(segmenter.predict(frame(nuclei.labels())));
      }
    }
    // 64 and 16 on both sides; the second time as it is, but for a row that makes it even
    assertEquals(Set.of("96 x 96", "330 x 272"), Set.copyOf(shown));
    assertEquals(found.get(1).labels(), found.get(0).labels());
  }

  @Test
  void partsOfOneSizeAreWhatModelsOfSuchNetworksSay() {
    Network network = ofParts(64, 16).network();
    assertEquals(new ModelSpec.Inference(384, 64), ModelSpec.Inference.of(network));
    Network fixed =
        new Network(
            List.of(new Network.Input("image", Shape.of(1, 96, 128))),
            network.layers(),
            network.outputs());
    assertEquals(new ModelSpec.Inference(72, 12), ModelSpec.Inference.of(fixed));
  }

  @Test
  void imagesSmallerThanTheNetworkTakesAreMirrored() {
    FakeEngine engine =
        new FakeEngine(
            t -> {
              assertEquals(0, t.size('W') % 2, "width " + t);
              assertEquals(0, t.size('H') % 2, "height " + t);
              return perfect(t);
            });
    try (Runner<Segmentation> segmenter =
        Runner.of(
            model(1, 64),
            TaskKind.SEGMENTATION,
            Runner.Options.DEFAULT,
            engine,
            FakeEngine.DEVICE)) {
      for (int[] size : new int[][] {{1, 1}, {1, 7}, {5, 3}, {2, 2}}) {
        LabelMap labels = segmenter.predict(frame(new LabelMap(size[0], size[1]))).labels();
        assertEquals(size[0], labels.width());
        assertEquals(size[1], labels.height());
      }
    }
  }

  @Test
  void cancelStopsBetweenTiles() {
    FakeEngine engine = new FakeEngine(RunnerTest::perfect);
    Progress afterThree =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {}

          @Override
          public boolean isCancelled() {
            return engine.calls.get() >= 3;
          }
        };
    try (Runner<Segmentation> segmenter =
        Runner.of(
            model(1, 64),
            TaskKind.SEGMENTATION,
            Runner.Options.DEFAULT,
            engine,
            FakeEngine.DEVICE)) {
      Frame frame = frame(discs(300, 200));
      assertThrows(CancellationException.class, () -> segmenter.predict(frame, afterThree));
      assertEquals(3, engine.calls.get());
      assertEquals(discs(300, 200).max(), segmenter.predict(frame).segments().size(), "next image");
    }
    assertEquals(0, engine.open.get());
  }

  @Test
  void severalThreadsAtOnce() {
    FakeEngine engine = new FakeEngine(RunnerTest::perfect);
    try (Runner<Segmentation> segmenter =
        Runner.of(
            model(1, 64),
            TaskKind.SEGMENTATION,
            Runner.Options.DEFAULT,
            engine,
            FakeEngine.DEVICE)) {
      Frame frame = frame(discs(200, 100));
      Segmentation alone = segmenter.predict(frame);
      List<CompletableFuture<Segmentation>> jobs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        jobs.add(CompletableFuture.supplyAsync(() -> segmenter.predict(frame)));
      }
      jobs.forEach(job -> assertEquals(alone, job.join()));
    }
  }

  // -- Bad input --

  private static void assertRefused(Frame frame, int channels, String... words) {
    FakeEngine engine = new FakeEngine(RunnerTest::perfect);
    try (Runner<Segmentation> segmenter =
        Runner.of(
            model(channels, 64),
            TaskKind.SEGMENTATION,
            Runner.Options.DEFAULT,
            engine,
            FakeEngine.DEVICE)) {
      SpyhopException e = assertThrows(SpyhopException.class, () -> segmenter.predict(frame));
      for (String word : words) assertTrue(e.getMessage().contains(word), e.getMessage());
      assertEquals(0, engine.calls.get(), "nothing may be computed");
    }
  }

  private static Frame frame(int channels, float... values) {
    int width = values.length / channels;
    return new Frame(
        "odd.tif", ArrayImgs.floats(values, width, 1, channels), PixelSize.UNCALIBRATED);
  }

  @Test
  void wrongNumberOfChannels() {
    assertRefused(
        frame(3, 1, 2, 3), 1, "odd.tif", "expects 1 channel, the image has 3", "Choose one");
    assertRefused(frame(1, 1, 2, 3), 3, "odd.tif", "expects 3 channels, the image has 1");
  }

  @Test
  void pixelsThatAreNoNumbers() {
    assertRefused(frame(1, 1, Float.NaN), 1, "odd.tif", "NaN");
    assertRefused(frame(1, 1, Float.POSITIVE_INFINITY), 1, "odd.tif");
  }

  @Test
  void emptyImage() {
    assertRefused(frame(1), 1, "empty");
  }

  @Test
  void imagesAreShownToANetworkOfOneSizeInParts() {
    Model any = model(1, 128);
    Network n = any.network();
    Network.Input image = new Network.Input(n.inputs().get(0).name(), Shape.of(1, 48, 64));
    Model fixed =
        new Model(any.spec(), new Network(List.of(image), n.layers(), n.outputs()), any.weights());
    List<List<Integer>> shown = new ArrayList<>();
    FakeEngine engine =
        new FakeEngine(
            input -> {
              shown.add(List.of(input.size('H'), input.size('W')));
              return perfect(input);
            });
    LabelMap truth = discs(150, 110);
    try (Runner<Segmentation> segmenter =
        Runner.of(
            fixed, TaskKind.SEGMENTATION, Runner.Options.DEFAULT, engine, FakeEngine.DEVICE)) {
      InstanceMetrics metrics = new InstanceMetrics();
      metrics.add(segmenter.predict(frame(truth)).labels(), truth);
      assertEquals(truth.max(), metrics.at(70).tp(), metrics::table);
      assertEquals(Set.of(List.of(48, 64)), Set.copyOf(shown));
      // cores of 48 - 2 * 8 pixels
      assertEquals(5 * 4, shown.size());
    }
  }

  @Test
  void checkComparesWithTheExample() {
    FakeEngine engine = new FakeEngine(RunnerTest::perfect);
    Tensor pixels = new Tensor(Axes.NCHW, new int[] {1, 1, 2, 2}, new float[] {0, 3, 3, 0});
    Model model = model(1, 64).withExample(pixels, RunnerTest::perfect);
    try (Runner<Segmentation> same =
        Runner.of(
            model, TaskKind.SEGMENTATION, Runner.Options.DEFAULT, engine, FakeEngine.DEVICE)) {
      assertTrue(same.check().passed());
      assertEquals(0, same.check().largestDifference());
    }
    FakeEngine off =
        new FakeEngine(
            t -> {
              List<Tensor> outputs = perfect(t);
              outputs.get(1).data()[2] += 0.25f;
              return outputs;
            });
    try (Runner<Segmentation> other =
        Runner.of(model, TaskKind.SEGMENTATION, Runner.Options.DEFAULT, off, FakeEngine.DEVICE)) {
      assertEquals(0.25, other.check().largestDifference(), 1e-6);
      assertTrue(!other.check().passed());
    }
  }

  /**
   * As where a program's own work, which waits for a model, has all the threads that Java shares.
   */
  @Test
  void openingNeedsNoneOfJavasThreads() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    int threads = Math.max(1, ForkJoinPool.getCommonPoolParallelism());
    for (int i = 0; i < threads; i++) {
      ForkJoinPool.commonPool()
          .execute(
              () -> {
                try {
                  done.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }
    Thread opening = new Thread(() -> Runner.open("digits", TaskKind.CLASSIFICATION).close());
    opening.setDaemon(true);
    opening.start();
    opening.join(60_000);
    done.countDown();
    assertTrue(!opening.isAlive());
  }

  @Test
  void aClosedRunnerSaysNothingOfTheLastImageEither() {
    Model model = model(1, 64);
    Runner<Segmentation> runner = Runner.of(model, TaskKind.SEGMENTATION);
    Frame image = frame(new LabelMap(32, 32));
    runner.predict(image);
    runner.close();
    assertThrows(IllegalStateException.class, () -> runner.predict(image));
    assertThrows(
        IllegalStateException.class, () -> runner.outputs(Tensor.zeros(Axes.NCHW, 1, 1, 32, 32)));
  }

  @Test
  void otherAxesAreRefused() {
    try (Runner<Segmentation> runner = Runner.of(model(1, 64), TaskKind.SEGMENTATION)) {
      for (String axes : List.of("NHWC", "CHWN")) {
        Tensor other = Tensor.zeros(new Axes(axes), 1, 32, 32, 1);
        for (var use :
            List.<java.util.function.Consumer<Tensor>>of(
                runner::predict, runner::outputs, t -> Frame.ofEach(t))) {
          String said = assertThrows(SpyhopException.class, () -> use.accept(other)).getMessage();
          assertEquals(
              "Tensor: expected axes NCHW, received "
                  + axes
                  + "[1, 32, 32, 1]. Bring its values into that order.",
              said);
        }
      }
    }
  }
}
