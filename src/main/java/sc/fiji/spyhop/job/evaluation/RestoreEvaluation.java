package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.ImagePairs;
import sc.fiji.spyhop.dataset.ReadableSamples;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.metrics.ImageScores;
import sc.fiji.spyhop.task.metrics.ImageSimilarity;
import sc.fiji.spyhop.task.metrics.PluginMetrics;
import sc.fiji.spyhop.task.metrics.RestorationMetrics;
import sc.fiji.spyhop.task.metrics.RestorationMetrics.Outcome;
import sc.fiji.spyhop.util.Strings;

/**
 * Compares images that a model restores with those that they should be, and the images as they were
 * with the same.
 *
 * @param model name or file
 * @param against another model for the same images
 * @param data where images and targets are
 * @param range of values that a true image can have; absent: that of each true image
 * @param metrics figures that plugins bring
 */
public record RestoreEvaluation(
    String model,
    Optional<String> against,
    Images data,
    OptionalDouble range,
    PluginMetrics metrics) {

  /** Arguments of {@link ImagePairs#read}. */
  public record Images(
      Path folder,
      ImagePairs.Places places,
      Optional<Path> index,
      Optional<String> subset,
      ImageReader reader) {

    ImagePairs read() {
      return ImagePairs.read(folder, places, index, subset, reader);
    }
  }

  /**
   * Compares.
   *
   * @param notes takes sentences about what was left out
   * @throws SpyhopException if a model is for something else, or nothing can be compared
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Evaluation evaluate(Consumer<String> notes, Progress progress) {
    int models = against.isPresent() ? 2 : 1;
    ImagePairs pairs = data.read();
    pairs.notes().forEach(notes);
    ImageTitles titles = ImageTitles.ofSamples(pairs.samples().names());
    Dataset<Frame> readable =
        ReadableSamples.of(pairs.samples(), "evaluate", progress.part(0, models + 1), notes);
    ImageScores<Outcome> own = made(model, readable, progress.part(0, models + 1));
    Optional<ImageScores<Outcome>> other =
        against.map(o -> made(o, readable, progress.part(1, models + 1)));
    Set<String> unread = new LinkedHashSet<>(pairs.samples().names());
    readable.names().forEach(unread::remove);
    return Evaluation.of(
        own,
        other.map(o -> new Evaluation.Against<>(against.orElseThrow(), o)),
        titles::ofSample,
        new Omissions(
            List.of(),
            List.of(),
            0,
            List.of(),
            unread.stream().map(name -> titles.ofSample(name).text()).toList()),
        progress.part(models, models + 1));
  }

  private ImageScores<Outcome> made(String name, Dataset<Frame> samples, Progress progress) {
    metrics.requireOf(Frame.class, "a model that restores");
    ImageScores<Outcome> scores = new ImageScores<>(RestorationMetrics::new);
    try (Runner<Frame> restorer = Runner.open(name, TaskKind.RESTORATION)) {
      for (int i = 0; i < samples.size(); i++) {
        progress.checkCancelled();
        Sample<Frame> sample = samples.get(i);
        Frame restored = restorer.predict(sample.frame(), Progress.NONE);
        requireSameChannels(name, restored, sample);
        scores.add(
            sample.name(),
            sample.name(),
            outcome(restored, sample),
            metrics.of(restored, sample.truth()));
        progress.update("Restoring", i + 1, samples.size());
      }
    }
    return scores;
  }

  private static void requireSameChannels(String model, Frame restored, Sample<Frame> sample) {
    if (restored.channels() == sample.truth().channels()) return;
    throw new SpyhopException(
        Strings.format(
            "%s: model %s makes images of %s, but the target has %d.",
            sample.name(),
            model,
            Strings.count(restored.channels(), "channel"),
            sample.truth().channels()));
  }

  private Outcome outcome(Frame restored, Sample<Frame> sample) {
    double asked = range.orElse(Double.NaN);
    Optional<ImageSimilarity> before =
        sample.frame().channels() == sample.truth().channels()
            ? Optional.of(Restoration.similarity(sample.frame(), sample.truth(), asked))
            : Optional.empty();
    return new Outcome(Restoration.similarity(restored, sample.truth(), asked), before);
  }
}
