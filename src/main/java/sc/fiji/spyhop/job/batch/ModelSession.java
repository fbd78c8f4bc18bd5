package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.ModelSpec;

/**
 * A job with one model.
 *
 * @param used settings that are really used, see {@link BatchJob.Session#used}
 * @param columns of the table; empty if there is none
 * @param job what is done with an image
 */
record ModelSession(
    Runner<?> runner,
    List<Column> columns,
    Map<String, String> used,
    BiFunction<BatchJob.Image, Progress, BatchJob.Found> job)
    implements BatchJob.Session {

  /** Of a job whose settings are all told. */
  ModelSession(
      Runner<?> runner,
      List<Column> columns,
      BiFunction<BatchJob.Image, Progress, BatchJob.Found> job) {
    this(runner, columns, Map.of(), job);
  }

  @Override
  public String title() {
    String settings =
        used.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return "Model " + model() + " on " + runner.device() + (used.isEmpty() ? "" : "; " + settings);
  }

  @Override
  public String model() {
    return runner.spec().name();
  }

  @Override
  public String device() {
    return runner.device().name();
  }

  @Override
  public String fingerprint() {
    return runner.model().crc32();
  }

  @Override
  public Frames frames(ImagePlus image, ChannelChoice channels) {
    ModelSpec.Input input = runner.spec().input();
    return Frames.of(image, channels, input.channels(), input.colors());
  }

  /** What says something about each place is shown images in its own scale. */
  @Override
  public Optional<String> remark(PixelSize image) {
    return runner.spec().task().mapped()
        ? Optional.empty()
        : image.shownTo(runner.spec().input().pixelSize());
  }

  @Override
  public BatchJob.Found look(BatchJob.Image image, Progress progress) {
    return job.apply(image, progress);
  }

  @Override
  public void close() {
    runner.close();
  }
}
