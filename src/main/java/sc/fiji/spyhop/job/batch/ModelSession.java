package sc.fiji.spyhop.job.batch;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.ModelSpec;

/**
 * A job with one model.
 *
 * @param columns of the table; empty if there is none
 * @param job what is done with an image
 */
record ModelSession(
    Runner<?> runner,
    List<Column> columns,
    BiFunction<BatchJob.Image, Progress, BatchJob.Found> job)
    implements BatchJob.Session {

  @Override
  public String title() {
    return "Model " + model() + " on " + runner.device();
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
  public ModelSpec.Input input() {
    return runner.spec().input();
  }

  /** What says something about each place is shown images in its own scale. */
  @Override
  public Optional<String> remark(PixelSize image) {
    return runner.spec().task().mapped() ? Optional.empty() : BatchJob.Session.super.remark(image);
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
