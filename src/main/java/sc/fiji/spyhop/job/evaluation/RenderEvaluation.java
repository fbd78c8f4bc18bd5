package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.dataset.ReadableSamples;
import sc.fiji.spyhop.dataset.RowImages;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.generate.ImageMaker;
import sc.fiji.spyhop.generate.rendering.NearestViews;
import sc.fiji.spyhop.generate.rendering.Pixels;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.task.metrics.ImageScores;
import sc.fiji.spyhop.task.metrics.RenderingMetrics;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Compares images that a model makes of rows with the true ones.
 *
 * @param model name or file
 * @param against another model for the same rows
 * @param data the images and their rows
 * @param known images that the model learned from: the nearest of them is what there is without a
 *     model; absent: not compared
 */
public record RenderEvaluation(
    String model, Optional<String> against, Images data, Optional<Images> known) {

  private static final int AT_ONCE = 64;

  /**
   * Images with their table.
   *
   * @param table absent: that of the folder
   * @param subset only this one of the table
   */
  public record Images(
      Path folder, Optional<Path> table, Optional<String> subset, ImageReader reader) {

    RowImages read() {
      return RowImages.read(folder, table, subset, Grouping.BY_NAME, reader);
    }
  }

  /** What a model made, and which images could not be compared. */
  private record Made(ImageScores<RenderingMetrics.Outcome> scores, List<String> unread) {}

  /**
   * Compares.
   *
   * @param notes takes sentences about what was left out
   * @throws SpyhopException if a model makes no images from rows, or nothing can be compared
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Evaluation evaluate(Consumer<String> notes, Progress progress) {
    int models = against.isPresent() ? 2 : 1;
    RowImages images = data.read();
    ImageTitles titles = ImageTitles.ofSamples(images.samples().names());
    Made own = made(model, images, notes, progress.part(0, models + 1));
    Optional<Made> other = against.map(o -> made(o, images, n -> {}, progress.part(1, models + 1)));
    return Evaluation.of(
        own.scores,
        other.map(o -> new Evaluation.Against<>(against.orElseThrow(), o.scores)),
        titles::ofSample,
        new Omissions(
            List.of(),
            List.of(),
            0,
            List.of(),
            own.unread.stream().map(name -> titles.ofSample(name).text()).toList()),
        progress.part(models, models + 1));
  }

  private Made made(String name, RowImages images, Consumer<String> notes, Progress progress) {
    Generator generator = ModelRegistry.standard().findGenerator(name);
    if (!(generator.spec().source() instanceof GeneratorSource.Columns columns)) {
      throw new SpyhopException(
          Strings.format(
              "Model %s makes images from %s: expected one that makes them from the rows of a"
                  + " table.",
              name, generator.spec().source().description()));
    }
    Pixels pixels = new Pixels(generator.spec().output(), generator.width(), generator.height());
    Dataset<Map<String, String>> samples =
        ReadableSamples.of(
            images
                .samples()
                .map(
                    s -> {
                      columns.encode(s.truth());
                      pixels.read(s.frame());
                      return s;
                    }),
            "evaluate",
            progress.part(0, 2),
            notes);
    Optional<Nearest> nearest = known.map(k -> Nearest.of(k.read(), columns, pixels));
    ImageScores<RenderingMetrics.Outcome> scores = new ImageScores<>(RenderingMetrics::new);
    Set<String> unread = new LinkedHashSet<>(images.samples().names());
    try (ImageMaker maker = ImageMaker.open(generator)) {
      for (int from = 0; from < samples.size(); from += AT_ONCE) {
        progress.checkCancelled();
        progress.part(1, 2).update("Comparing", from, samples.size());
        List<Sample<Map<String, String>>> some = new ArrayList<>();
        for (int i = from; i < Math.min(samples.size(), from + AT_ONCE); i++) {
          some.add(samples.get(i));
        }
        Tensor all =
            maker.make(some.stream().map(s -> columns.encode(s.truth())).toList(), Progress.NONE);
        for (int i = 0; i < some.size(); i++) {
          Sample<Map<String, String>> sample = some.get(i);
          float[] truth = pixels.read(sample.frame()).data();
          double error = pixels.squaredError(all.data(), i * truth.length, truth);
          scores.add(
              sample.name(),
              nearest
                  .map(n -> n.outcome(error, sample.truth(), truth))
                  .orElse(new RenderingMetrics.Outcome(error, Double.NaN, "")));
          unread.remove(sample.name());
        }
      }
    }
    return new Made(scores, List.copyOf(unread));
  }

  /** Known images by their rows. */
  private record Nearest(NearestViews views, RowImages images, Pixels pixels) {

    static Nearest of(RowImages images, GeneratorSource.Columns columns, Pixels pixels) {
      return new Nearest(new NearestViews(columns, images.rows()), images, pixels);
    }

    RenderingMetrics.Outcome outcome(double error, Map<String, String> row, float[] truth) {
      Sample<Map<String, String>> known = images.samples().get(views.of(row));
      double other = pixels.squaredError(pixels.read(known.frame()).data(), 0, truth);
      return new RenderingMetrics.Outcome(error, other, known.name());
    }
  }
}
