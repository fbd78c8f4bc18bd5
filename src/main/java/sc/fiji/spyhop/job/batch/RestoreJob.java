package sc.fiji.spyhop.job.batch;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackRestoration;
import sc.fiji.spyhop.ij.HyperstackRestoration.Depth;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.PngFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Restores images: an image of each, of its size, slices, time points and pixel size, and a
 * picture.
 *
 * @param model name or file
 * @param depth what pixels are stored as
 * @param precision in which it is asked to compute
 */
public record RestoreJob(String model, Depth depth, Precision precision) implements BatchJob {

  private static final String IMAGE = "_restored.tif";
  private static final String PICTURE = "_restored.png";

  /** Columns of what is said: values are those of the restored image. */
  public static final List<Column> COLUMNS =
      Column.all("image", "slice", "frame", "min", "max", "mean", "clipped");

  @Override
  public String name() {
    return "restore";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("type", depth.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public List<String> endings() {
    return List.of(IMAGE, PICTURE);
  }

  @Override
  public Session open() {
    Runner<Frame> restorer =
        Runner.open(model, TaskKind.RESTORATION, Runner.Options.DEFAULT.withPrecision(precision));
    return new ModelSession(
        restorer,
        COLUMNS,
        (image, progress) -> found(image.title(), image.frames(), restorer, depth, progress));
  }

  /**
   * An image that was restored.
   *
   * @param title of the image in the table
   * @param unlike see {@link BatchJob.Found#unlike}
   */
  public record Restored(String title, HyperstackRestoration made, List<String> unlike)
      implements Found {

    @Override
    public Stream<List<String>> rows() {
      return made.planes().stream()
          .map(
              p ->
                  List.of(
                      title,
                      String.valueOf(p.slice()),
                      String.valueOf(p.frame()),
                      Digits.six(p.min()),
                      Digits.six(p.max()),
                      Digits.six(p.mean()),
                      Digits.six(p.clipped())));
    }

    @Override
    public long count() {
      return made.planes().size();
    }

    @Override
    public String summary() {
      double clipped = made.planes().stream().mapToDouble(p -> p.clipped()).average().orElse(0);
      String some =
          clipped == 0
              ? ""
              : Strings.format(
                  "; %.2g %% of the values did not fit and were clipped", 100 * clipped);
      return Strings.count(count(), "plane") + " restored" + some;
    }

    @Override
    public void write(Function<String, Path> place) {
      LabelImages.save(made.image(), place.apply(IMAGE));
      PngFile.write(made.picture(), place.apply(PICTURE));
    }
  }

  /**
   * Restores all planes of an image.
   *
   * @param title of the image in the table
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public static Restored found(
      String title, Frames frames, Runner<Frame> restorer, Depth depth, Progress progress) {
    ShownScale scale = restorer.scale(frames.samples(), progress);
    boolean sameUnits = restorer.spec().task(TaskKind.RESTORATION).units().ofImage();
    HyperstackRestoration made =
        HyperstackRestoration.run(
            frames,
            new HyperstackRestoration.Wanted(
                frames.image().getShortTitle() + "_restored", depth, sameUnits),
            (z, t, frame, part) -> restorer.predict(frame, part),
            progress);
    return new Restored(title, made, scale.unlike());
  }
}
