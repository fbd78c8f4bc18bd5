package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.Learning;
import sc.fiji.spyhop.job.ModelLearning;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.StoppedException;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.ImageInputs;
import sc.fiji.spyhop.training.ImageNetwork;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingRun;
import sc.fiji.spyhop.ui.TrainingView;

/** What is left of a training that a person ends, by button, by Esc, or by a mistake. */
class TrainingEndTest {

  private static final int EPOCHS = 50;

  @TempDir Path folder;
  private ModelTarget made;
  private final TrainingView view = TrainingView.open("test"); // without a display: no window
  private final Asked command = new Asked();

  /** Remembers why it was cancelled. */
  private static class Asked extends JobCommand {
    Optional<String> reason = Optional.empty();

    @Override
    void work(Caller caller) {}

    @Override
    public void cancel(String why) {
      reason = Optional.of(why);
    }
  }

  @BeforeEach
  void name() {
    made = ModelTarget.of(folder.resolve("dark.spyhop").toFile(), true);
  }

  private static Frame frame(int level) {
    byte[] pixels = new byte[64];
    for (int i = 0; i < 64; i++) pixels[i] = (byte) (level + i % 5);
    return new Frame(
        "frame " + level, ArrayImgs.unsignedBytes(pixels, 8, 8, 1), PixelSize.UNCALIBRATED);
  }

  /** Tells dark frames from bright ones; calls someone after each epoch. */
  private TrainingRun training(Runnable afterEpoch) {
    List<Frame> frames = List.of(frame(5), frame(20), frame(90), frame(110));
    ClassImages images = ClassImages.of(frames, List.of("dark", "dark", "light", "light"));
    Classification task = Classification.of(images.classes());
    ModelSpec.Input input =
        ImageInputs.of(images.samples(), Optional.empty(), Optional.empty(), Progress.NONE);
    ModelTraining<?> training =
        ModelTraining.of(task, images.samples())
            .named(made.name())
            .network(ImageNetwork.of("2C3 GAP", Shape.of(1, 8, 8), task))
            .input(input)
            .options(TrainingOptions.IMAGES.with().epochs(EPOCHS).batch(2).build())
            .build();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void epoch(Epoch epoch, int epochs) {
            if (epoch.number() == 2) afterEpoch.run();
          }
        };
    return (engine, device, checkpoints, other, progress) ->
        training.run(engine, device, checkpoints, other.and(listener), progress);
  }

  private void train(Function<Progress, TrainingRun> plan, Progress progress) {
    Learning learning =
        new ModelLearning(made, Checkpoints.startIn(checkpoints()), Precision.AUTO, plan);
    new ImageJCaller(command, null, null).train(learning, view, progress);
  }

  private Path checkpoints() {
    return made.trainingFolder(Optional.empty());
  }

  private boolean isKept() {
    return Files.exists(checkpoints().resolve("last.safetensors"));
  }

  @Test
  void stopLeavesAUsableModelAndTheCommandEndsWell() {
    train(p -> training(view::stop), Progress.NONE);
    var model = ModelFile.read(made.path());
    assertTrue(model.spec().training().epochs() <= 3, "long before epoch " + EPOCHS);
    assertEquals(Optional.empty(), command.reason, "a macro goes on with the model");
    assertTrue(isKept(), "it can go on");
    try (Runner<ClassScores> classifier =
        Runner.open(made.path().toString(), TaskKind.CLASSIFICATION)) {
      assertEquals(2, classifier.predict(frame(7)).classes());
    }
  }

  @Test
  void cancelLeavesNothing() {
    train(p -> training(view::discard), Progress.NONE);
    assertFalse(Files.exists(made.path()));
    assertFalse(Files.exists(checkpoints()));
    assertEquals(Optional.of("Cancelled; nothing of the training is kept."), command.reason);
  }

  @Test
  void cancelDoesNotTouchTheModelOfAnEarlierTraining() throws Exception {
    Files.writeString(made.path(), "earlier");
    train(p -> training(view::discard), Progress.NONE);
    assertEquals("earlier", Files.readString(made.path()));
  }

  @Test
  void escKeepsTheModelButEndsTheCommand() {
    boolean[] pressed = new boolean[1];
    Progress esc =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {}

          @Override
          public boolean isCancelled() {
            return pressed[0];
          }
        };
    train(p -> training(() -> pressed[0] = true), esc);
    assertTrue(Files.exists(made.path()));
    String reason = command.reason.orElseThrow();
    assertTrue(reason.startsWith("Stopped in epoch 3.") && reason.contains("Written"), reason);
  }

  @Test
  void whatIsStoppedWhileItIsPlannedHasNoModel() {
    train(
        p -> {
          view.stop();
          p.checkCancelled();
          throw new AssertionError("goes on");
        },
        Progress.NONE);
    assertFalse(Files.exists(made.path()));
    assertEquals(Optional.of("Stopped before anything was learnt."), command.reason);
  }

  @Test
  void mistakesAreToldAsSuch() {
    assertThrows(
        SpyhopException.class,
        () ->
            train(
                p -> {
                  throw new SpyhopException("No.");
                },
                Progress.NONE));
    assertEquals(Optional.empty(), command.reason);
  }

  /** What is left of a job is not covered up by the sentence for those that leave nothing. */
  @Test
  void aStoppedJobSaysWhatIsLeftOfIt() {
    Asked batch =
        new Asked() {
          @Override
          void work(Caller caller) {
            throw new StoppedException("Stopped after 3 of 9 images; the run can be resumed.");
          }
        };
    batch.run();
    assertEquals(Optional.of("Stopped after 3 of 9 images; the run can be resumed."), batch.reason);
  }
}
