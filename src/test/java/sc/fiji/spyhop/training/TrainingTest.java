package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

class TrainingTest {

  @TempDir Path folder;

  private static final ModelSpec.Input INPUT =
      new ModelSpec.Input(Axes.NCHW, 1, new Normalization.MinMax(), PixelSize.UNCALIBRATED);

  private static final SegmentationTask TASK =
      new SemanticSegmentation(List.of("background", "bright"), List.of(), -1, 0);

  private static final TrainingOptions OPTIONS =
      TrainingOptions.DEFAULT
          .with()
          .epochs(4)
          .stepsPerEpoch(10)
          .batch(2)
          .crop(16)
          .learningRate(2)
          .averaging(0.9)
          .build();

  /** A bright square of class 1 on dark noise; sizes differ. */
  private static Sample<LabelMap> sample(String name, int width, int height, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[width * height];
    LabelMap truth = new LabelMap(width, height);
    int left = random.nextInt(width - 8);
    int top = random.nextInt(height - 8);
    for (int i = 0; i < pixels.length; i++) {
      boolean in = i % width >= left && i % width < left + 8 && i / width >= top;
      in &= i / width < top + 8;
      truth.set(i, in ? 1 : 0);
      pixels[i] = (byte) ((in ? 180 : 20) + random.nextInt(40));
    }
    return new Sample<>(
        new Frame(name, ArrayImgs.unsignedBytes(pixels, width, height, 1), PixelSize.UNCALIBRATED),
        truth);
  }

  private static Dataset<LabelMap> set(String prefix, int n) {
    List<Sample<LabelMap>> samples = new ArrayList<>();
    for (int i = 0; i < n; i++) samples.add(sample(prefix + i, 12 + 7 * i, 40 - 5 * i, i));
    return Dataset.ofSamples(samples);
  }

  private static Training<LabelMap> training(TrainingOptions options) {
    return new Training<>(
        PixelEngine.NETWORK,
        PixelEngine.INITIAL,
        TASK,
        INPUT,
        set("train", 4),
        set("validation", 2),
        options);
  }

  private static TrainingResult run(Training<?> training) {
    return run(training, new PixelEngine(), Checkpoints.NONE, Progress.NONE);
  }

  private static TrainingResult run(
      Training<?> training, PixelEngine engine, Checkpoints checkpoints, Progress progress) {
    TrainingResult result =
        training.run(engine, PixelEngine.DEVICE, checkpoints, TrainingListener.NONE, progress);
    assertEquals(0, engine.open, "compiled networks left open");
    return result;
  }

  private static void assertSame(Weights expected, Weights actual) {
    assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
    for (String name : expected.tensors().keySet()) {
      assertArrayEquals(expected.get(name).data(), actual.get(name).data(), name);
    }
  }

  @Test
  void learnsWhatThereIsToLearn() {
    List<Epoch> heard = new ArrayList<>();
    List<String> messages = new ArrayList<>();
    TrainingResult result =
        training(OPTIONS.with().epochs(15).build())
            .run(
                new PixelEngine(),
                PixelEngine.DEVICE,
                Checkpoints.NONE,
                new TrainingListener() {
                  @Override
                  public void message(String text) {
                    messages.add(text);
                  }

                  @Override
                  public void epoch(Epoch epoch, int epochs) {
                    assertEquals(15, epochs);
                    heard.add(epoch);
                  }
                },
                Progress.NONE);
    assertEquals(StopReason.FINISHED, result.reason());
    assertEquals(heard, result.history().epochs());
    assertEquals(150, heard.get(14).step());
    assertTrue(heard.get(14).loss() < 0.5 * heard.get(0).loss());
    assertTrue(heard.get(14).metrics().get("mean IoU") > 0.95, heard.get(14).metrics().toString());
    assertTrue(messages.get(0).startsWith("Training on 4 images, 4 regions"), messages.get(0));
  }

  @Test
  void theSameSeedGivesTheSameNetworkHoweverThreadsAreTimed() {
    PixelEngine one = new PixelEngine();
    PixelEngine two = new PixelEngine();
    TrainingResult a = run(training(OPTIONS), one, Checkpoints.NONE, Progress.NONE);
    TrainingResult b =
        run(
            training(OPTIONS),
            two,
            Checkpoints.NONE,
            (message, done, total) -> {
              if (done % 7 == 0) pause();
            });
    assertSame(a.last(), b.last());
    assertEquals(one.seen, two.seen);
    PixelEngine three = new PixelEngine();
    run(training(OPTIONS.with().seed(2).build()), three, Checkpoints.NONE, Progress.NONE);
    assertNotEquals(one.seen, three.seen);
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Cancels when so many steps are reported. */
  private static Progress cancelAfter(long steps) {
    return new Progress() {
      private boolean cancelled;

      @Override
      public void update(String message, long done, long total) {
        cancelled |= message.startsWith("Epoch") && done >= steps;
      }

      @Override
      public boolean isCancelled() {
        return cancelled;
      }
    };
  }

  @Test
  void resumingGivesWhatAnUninterruptedTrainingGives() throws IOException {
    TrainingResult whole = run(training(OPTIONS));
    TrainingResult part =
        run(
            training(OPTIONS),
            new PixelEngine(),
            Checkpoints.startIn(folder.resolve("new/run")),
            cancelAfter(25));
    assertEquals(StopReason.CANCELLED, part.reason());
    assertEquals(2, part.history().epochs().size());
    PixelEngine engine = new PixelEngine();
    TrainingResult rest =
        run(
            training(OPTIONS),
            engine,
            Checkpoints.resumeIn(folder.resolve("new/run")),
            Progress.NONE);
    assertEquals(20, engine.steps);
    assertSame(whole.last(), rest.last());
    assertSame(whole.best(), rest.best());
    assertEquals(whole.history().epochs().size(), rest.history().epochs().size());
    for (int i = 0; i < 4; i++) {
      Epoch expected = whole.history().epochs().get(i);
      Epoch actual = rest.history().epochs().get(i);
      assertEquals(expected.loss(), actual.loss());
      assertEquals(expected.metrics(), actual.metrics());
      assertEquals(expected.learningRate(), actual.learningRate());
      assertEquals(expected.best(), actual.best());
    }
    String csv = Files.readString(folder.resolve("new/run/history.csv"));
    assertEquals(5, csv.lines().count());
    assertEquals(
        "epoch,step,loss,mean IoU,mean Dice,pixel accuracy,learning_rate,seconds,best,symptoms",
        csv.lines().findFirst().orElseThrow());
    try (var files = Files.list(folder.resolve("new/run"))) {
      assertEquals(3, files.count());
    }
  }

  @Test
  void resumingSomethingElseIsRefused() {
    run(training(OPTIONS), new PixelEngine(), Checkpoints.startIn(folder), Progress.NONE);
    Training<LabelMap> other = training(OPTIONS.with().batch(3).build());
    String message = refusal(other, Checkpoints.resumeIn(folder));
    assertTrue(message.contains("batch: expected 2, as the training in"), message);
    Training<LabelMap> t = training(OPTIONS);
    Training<LabelMap> images =
        new Training<>(
            t.network(),
            t.weights(),
            t.task(),
            t.input(),
            set("other", 4),
            t.validation(),
            t.options());
    message = refusal(images, Checkpoints.resumeIn(folder));
    assertTrue(message.contains("same training images as before, received others"), message);
    message = refusal(training(OPTIONS), Checkpoints.resumeIn(folder.resolve("empty")));
    assertTrue(message.startsWith("Nothing to resume in"), message);
    assertFalse(Files.exists(folder.resolve("empty")), "an empty folder is left");
    TrainingResult longer =
        run(
            training(OPTIONS.with().epochs(6).build()),
            new PixelEngine(),
            Checkpoints.resumeIn(folder),
            Progress.NONE);
    assertEquals(6, longer.history().epochs().size());
  }

  @Test
  void theBestNetworkIsTheOneOfTheLastCheckpointWhateverLiesBesideIt() throws IOException {
    // a rate that makes everything worse after the first epochs: the best is an early one
    TrainingOptions options = OPTIONS.with().epochs(3).learningRate(0.5).build();
    TrainingResult whole =
        run(training(options), new PixelEngine(), Checkpoints.startIn(folder), Progress.NONE);
    Path best = folder.resolve("best.safetensors");
    int epoch =
        whole.history().epochs().stream()
            .filter(Epoch::best)
            .mapToInt(Epoch::number)
            .max()
            .orElse(0);
    assertEquals(
        String.valueOf(epoch),
        Safetensors.read(best).metadata().get("epoch"),
        "the epoch is named");
    assertTrue(Safetensors.read(best).metadata().containsKey("training"));
    Safetensors.write(best, PixelEngine.INITIAL, Map.of());
    TrainingResult resumed =
        run(training(options), new PixelEngine(), Checkpoints.resumeIn(folder), Progress.NONE);
    assertSame(whole.best(), resumed.best());
    Files.delete(best);
    resumed =
        run(training(options), new PixelEngine(), Checkpoints.resumeIn(folder), Progress.NONE);
    assertSame(whole.best(), resumed.best());
  }

  /** Weights that have learned, and images to go on with that say the opposite. */
  private static Training<LabelMap> spoiling(boolean learned) {
    Training<LabelMap> t = training(OPTIONS.with().epochs(15).build());
    List<Sample<LabelMap>> opposite = new ArrayList<>();
    for (int i = 0; i < t.train().size(); i++) {
      Sample<LabelMap> sample = t.train().get(i);
      LabelMap truth = new LabelMap(sample.truth().width(), sample.truth().height());
      for (int p = 0; p < truth.width() * truth.height(); p++) {
        truth.set(p, 1 - sample.truth().get(p));
      }
      opposite.add(new Sample<>(sample.frame(), truth));
    }
    return new Training<>(
        t.network(),
        run(t).best(),
        learned,
        t.task(),
        t.input(),
        Dataset.ofSamples(opposite),
        t.validation(),
        OPTIONS.with().epochs(3).build());
  }

  @Test
  void aNetworkThatHasLearnedIsKeptIfNoEpochIsBetter() throws IOException {
    Training<LabelMap> learned = spoiling(true);
    TrainingResult result =
        run(learned, new PixelEngine(), Checkpoints.startIn(folder), Progress.NONE);
    assertSame(learned.weights(), result.best());
    assertEquals(Optional.empty(), result.history().best());
    assertTrue(result.history().start().get("mean IoU") > 0.95);
    assertTrue(
        result.explanation().contains("The network that the training began with is kept"),
        result.explanation());
    String csv = Files.readString(folder.resolve("history.csv"));
    assertEquals(1 + 1 + 3, csv.lines().count());
    assertTrue(csv.lines().toList().get(1).startsWith("0,0,,"), csv);
    assertFalse(spoiling(false).weights().equals(run(spoiling(false)).best()));
    assertTrue(run(spoiling(false)).history().best().isPresent());
  }

  @Test
  void theStartIsStillTheBestAfterAnInterruption() {
    Training<LabelMap> learned = spoiling(true);
    run(learned, new PixelEngine(), Checkpoints.startIn(folder), cancelAfter(15));
    TrainingResult resumed =
        run(learned, new PixelEngine(), Checkpoints.resumeIn(folder), Progress.NONE);
    assertSame(learned.weights(), resumed.best());
    assertEquals(3, resumed.history().epochs().size());
    assertTrue(resumed.history().isStartBest());
  }

  /** A rate of next to nothing changes weights so little that any epoch is as good as the start. */
  @Test
  void anEpochThatIsAsGoodAsTheStartIsTaken() {
    Training<LabelMap> t = spoiling(true);
    TrainingResult result =
        run(
            new Training<>(
                t.network(),
                t.weights(),
                true,
                t.task(),
                t.input(),
                t.train(),
                t.validation(),
                OPTIONS.with().epochs(2).learningRate(1e-12).build()));
    assertEquals(2, result.history().best().orElseThrow().number());
  }

  @Test
  void twoTrainingsDoNotShareAFolder() {
    List<String> refused = new ArrayList<>();
    training(OPTIONS)
        .run(
            new PixelEngine(),
            PixelEngine.DEVICE,
            Checkpoints.startIn(folder),
            new TrainingListener() {
              @Override
              public void epoch(Epoch epoch, int epochs) {
                if (epoch.number() == 1) {
                  refused.add(refusal(training(OPTIONS), Checkpoints.startIn(folder)));
                }
              }
            },
            Progress.NONE);
    assertTrue(refused.get(0).contains("another training keeps its checkpoints here"));
    assertFalse(Files.exists(folder.resolve(".lock")));
    run(training(OPTIONS), new PixelEngine(), Checkpoints.startIn(folder), Progress.NONE);
  }

  private static String refusal(Training<?> training, Checkpoints checkpoints) {
    PixelEngine engine = new PixelEngine();
    String message =
        assertThrows(
                SpyhopException.class,
                () ->
                    training.run(
                        engine,
                        PixelEngine.DEVICE,
                        checkpoints,
                        TrainingListener.NONE,
                        Progress.NONE))
            .getMessage();
    assertEquals(0, engine.steps);
    assertEquals(0, engine.open);
    return message;
  }

  @Test
  void aCheckpointFolderThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertTrue(
        refusal(training(OPTIONS), Checkpoints.startIn(file)).startsWith("Cannot write check"));
  }

  @Test
  void cancellingKeepsTheBestSoFar() {
    TrainingResult result =
        run(training(OPTIONS), new PixelEngine(), Checkpoints.NONE, cancelAfter(15));
    assertEquals(StopReason.CANCELLED, result.reason());
    assertEquals(
        "Stopped in epoch 2. The best network so far, of epoch 1, is kept.", result.explanation());
    TrainingResult first =
        run(training(OPTIONS), new PixelEngine(), Checkpoints.NONE, cancelAfter(10));
    assertSame(first.last(), result.best());
    assertNotEquals(
        result.best().get("classes_logits.bias").data()[0],
        result.last().get("classes_logits.bias").data()[0]);
  }

  @Test
  void cancellingInTheFirstEpochIsTold() {
    TrainingResult result =
        run(training(OPTIONS), new PixelEngine(), Checkpoints.NONE, cancelAfter(3));
    assertEquals(0, result.history().epochs().size());
    assertEquals(
        "Stopped in epoch 1. No epoch was completed, so there is no network to keep.",
        result.explanation());
  }

  @Test
  void overflowStopsWithAnExplanationAndKeepsTheLastGoodNetwork() {
    PixelEngine engine = new PixelEngine();
    engine.overflowAt = 23;
    TrainingResult result = run(training(OPTIONS), engine, Checkpoints.NONE, Progress.NONE);
    assertEquals(StopReason.NOT_FINITE, result.reason());
    assertEquals(2, result.history().epochs().size());
    assertTrue(
        result
            .explanation()
            .startsWith(
                "Stopped in epoch 3 at step 23: the loss is no longer a finite number. Numbers"
                    + " that are not finite appear first in the gradients below layer"
                    + " classes_logits"),
        result.explanation());
    assertTrue(
        result.explanation().contains("Usual causes are a learning rate that is too high"),
        result.explanation());
    assertTrue(result.explanation().contains("Try a learning rate of 0.2000"));
    assertTrue(result.explanation().contains("look at the images train"));
    for (Tensor t : result.best().tensors().values()) {
      for (float v : t.data()) assertTrue(Float.isFinite(v));
    }
  }

  /** With a rate this small nothing changes, so the score of the first epoch is never beaten. */
  @Test
  void patienceEndsATrainingThatNoLongerImproves() {
    TrainingResult result =
        run(training(OPTIONS.with().learningRate(1e-12).epochs(20).patience(3).build()));
    assertEquals(StopReason.NO_IMPROVEMENT, result.reason());
    assertEquals(4, result.history().epochs().size());
  }

  @Test
  void withoutValidationTheLossDecides() {
    Training<LabelMap> t = training(OPTIONS);
    TrainingResult result =
        run(
            new Training<>(
                t.network(),
                t.weights(),
                t.task(),
                t.input(),
                t.train(),
                Dataset.ofSamples(List.of()),
                t.options()));
    List<Epoch> epochs = result.history().epochs();
    double lowest = epochs.stream().mapToDouble(Epoch::loss).min().orElseThrow();
    Epoch best = epochs.stream().filter(Epoch::best).reduce((a, b) -> b).orElseThrow();
    assertEquals(lowest, best.loss());
    assertTrue(best.metrics().isEmpty());
  }

  @Test
  void validationCanBeRarer() {
    TrainingResult result = run(training(OPTIONS.with().epochs(5).validateEvery(3).build()));
    assertEquals(
        List.of(false, false, true, false, true),
        result.history().epochs().stream().map(e -> !e.metrics().isEmpty()).toList());
  }

  private static Training<LabelMap> on(SegmentationTask task, Dataset<LabelMap> train) {
    return new Training<>(
        PixelEngine.NETWORK,
        PixelEngine.INITIAL,
        task,
        INPUT,
        train,
        Dataset.ofSamples(List.of()),
        OPTIONS);
  }

  @Test
  void setsThatTeachNothingAreRefusedBeforeAnyWork() {
    assertTrue(
        refusal(on(TASK, Dataset.ofSamples(List.of())), Checkpoints.NONE)
            .startsWith("The training set is empty"));
    Sample<LabelMap> plain = new Sample<>(sample("a", 30, 30, 1).frame(), new LabelMap(30, 30));
    Dataset<LabelMap> set = Dataset.ofSamples(List.of(plain));
    assertEquals(
        "Nothing to learn: every training label image shows one value only (0). Expected 0 for"
            + " background and at least one other class.",
        refusal(on(TASK, set), Checkpoints.NONE));
  }

  @Test
  void aNetworkThatDoesNotFitTheTaskIsRefused() {
    assertEquals(
        "The network does not fit the task: expected a network with the outputs [object, depth],"
            + " received [classes].",
        refusal(on(InstanceSegmentation.of("cell"), set("a", 2)), Checkpoints.NONE));
  }

  @Test
  void everyImageThatCannotBeUsedIsNamedAtTheDoor() {
    Sample<LabelMap> good = sample("good", 30, 30, 1);
    LabelMap strange = new LabelMap(30, 30);
    strange.set(5, 5, 2);
    Frame two = new Frame("two", ArrayImgs.unsignedBytes(30, 30, 2), PixelSize.UNCALIBRATED);
    Dataset<LabelMap> set =
        Dataset.of(
            List.of(
                new Dataset.Entry<>("good", () -> good),
                new Dataset.Entry<>(
                    "broken",
                    () -> {
                      throw new SpyhopException("Cannot read broken.tif.");
                    }),
                new Dataset.Entry<>("strange", () -> new Sample<>(good.frame(), strange)),
                new Dataset.Entry<>("two", () -> new Sample<>(two, new LabelMap(30, 30)))));
    assertEquals(
        "3 of 4 images cannot be used: Cannot read broken.tif; strange has label 2, but there are"
            + " only the classes 0 to 1 (name as many classes as there are labels; or if it"
            + " stands for pixels that nobody has labelled, give ignore=2, or write it into a"
            + " column unknown of index.csv); two has 2 channels, but the network takes 1. Correct or"
            + " remove these and start again.",
        refusal(on(TASK, set), Checkpoints.NONE));
  }

  @Test
  void progressTellsTheTimeLeftAndEndsComplete() {
    List<String> messages = new ArrayList<>();
    long[] last = new long[2];
    run(
        training(OPTIONS),
        new PixelEngine(),
        Checkpoints.NONE,
        (message, done, total) -> {
          messages.add(message);
          last[0] = done;
          last[1] = total;
        });
    assertArrayEquals(new long[] {40, 40}, last);
    int begun = messages.indexOf("Epoch 1 of 4, step 1 of 10");
    assertTrue(begun > 0, messages.toString());
    assertTrue(messages.get(begun + 1).matches("Epoch 1 of 4, step 1 of 10, loss [0-9.]+"));
    assertTrue(
        messages.stream()
            .anyMatch(m -> m.matches("Epoch 2 of 4, step 7 of 10, loss [0-9.]+, \\d+ s left")),
        messages.toString());
    assertFalse(messages.get(0).startsWith("Epoch"));
  }
}
