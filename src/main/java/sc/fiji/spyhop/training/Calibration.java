package sc.fiji.spyhop.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.PixelTask.Said;
import sc.fiji.spyhop.task.metrics.Score;

/** What a model says about annotated images, to which thresholds are fitted. */
final class Calibration {

  /** Outputs are kept in memory for at most this many pixels; images beyond are left out. */
  private static final long MAX_PIXELS = 1 << 24;

  private Calibration() {}

  /**
   * A task with what is fitted to images.
   *
   * @param before how good it was
   * @param after how good it is
   */
  record Fitted(ImageTask<?> task, Score before, Score after) {}

  /**
   * Asks a model that says something about images as a whole. A task's type says what its truth is,
   * so the casts are sound.
   *
   * @param images none of them trained on
   */
  @SuppressWarnings("unchecked")
  static <T> Fitted fitted(
      ImageTask<T> task, Runner<?> runner, Dataset<?> images, Progress progress) {
    List<T> truth = new ArrayList<>();
    List<T> said =
        ((Runner<T>) runner)
            .predict(
                images.size(),
                i -> {
                  Sample<T> sample = (Sample<T>) images.get(i);
                  truth.add(sample.truth());
                  return sample.frame();
                },
                progress);
    ImageTask<T> fitted = task.calibrate(said, truth);
    return new Fitted(fitted, task.score(said, truth), fitted.score(said, truth));
  }

  /**
   * Asks a model that says something about every pixel.
   *
   * @param images none of them trained on; each is shown in the scale that the runner's options say
   * @param seen told each image and its scale
   */
  static List<Said> ask(
      Runner<?> runner,
      Dataset<LabelMap> images,
      BiConsumer<Frame, Double> seen,
      Progress progress) {
    List<Said> said = new ArrayList<>();
    long pixels = 0;
    for (int i = 0; i < images.size(); i++) {
      Sample<LabelMap> sample = images.get(i);
      Frame frame = sample.frame();
      long size = (long) frame.width() * frame.height();
      if (pixels + size > MAX_PIXELS) continue;
      pixels += size;
      Progress part = progress.part(i, images.size());
      double scale = runner.scale(List.of(frame), part).factor();
      seen.accept(frame, scale);
      Tile whole = new Tile(0, 0, frame.width(), frame.height());
      said.add(new Said(runner.maps(frame, scale, whole, part), sample.truth(), scale));
    }
    return said;
  }
}
