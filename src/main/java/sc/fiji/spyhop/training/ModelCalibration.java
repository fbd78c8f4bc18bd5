package sc.fiji.spyhop.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageTraits;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.inference.Familiarity;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.task.PixelTask.Said;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.util.Strings;

/**
 * Fits what a model makes of its network's outputs to annotated images, as a training does with its
 * validation images: thresholds, and the scores of objects. Weights stay as they are. Images are
 * shown to the model in the scale that suits each.
 *
 * @param name of the model that is made
 */
public record ModelCalibration(Model base, String name) {

  /** All that is found, so that scores see the whole range of confidence. */
  private static final double MIN_CONFIDENCE = 0.02;

  /** How good the model was and is. */
  public record Outcome(Model model, Score before, Score after) {}

  /**
   * Calibrates.
   *
   * @param images with what is true of them, as the model's task has it; at least one, none of them
   *     trained on
   * @throws SpyhopException if the model has nothing to calibrate, or cannot be shown an image
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Outcome run(Dataset<?> images, Progress progress) {
    return base.spec().task().accept(new Fitting(images, progress));
  }

  /** A task's type says what its truth is, so the casts are sound. */
  private final class Fitting implements Task.FamilyVisitor<Outcome> {

    private final Dataset<?> images;
    private final Progress progress;
    private final List<ImageTraits> traits = new ArrayList<>();

    Fitting(Dataset<?> images, Progress progress) {
      this.images = images;
      this.progress = progress;
    }

    /** Whole images are not what a model of pictures of boxes is shown. */
    private void look(Frame frame, double scale) {
      if (base.spec().input().fit() instanceof Resize.OfBox) return;
      Familiarity.traits(base.spec().input(), frame, scale).ifPresent(traits::add);
    }

    @Override
    public Outcome image(ImageTask<?> task) {
      if (task.calibrates()) {
        for (int i = 0; i < images.size(); i++) look(images.get(i).frame(), 1);
        try (Runner<?> runner = Runner.of(base, Runner.Options.DEFAULT)) {
          Calibration.Fitted of = Calibration.fitted(task, runner, images, progress);
          return outcome(of.task(), of.before(), of.after(), traits);
        }
      }
      throw nothing(task);
    }

    @Override
    public Outcome restoration(Restoration task) {
      throw nothing(task);
    }

    private SpyhopException nothing(Task<?, ?> task) {
      return new SpyhopException(
          Strings.format(
              "Model %s is for %s, which has no thresholds to calibrate: expected a model that"
                  + " segments, localizes, finds keypoints or tells several classes of an image.",
              base.spec().name(), task.kind()));
    }

    @Override
    public Outcome annotation(AnnotationTask task) {
      Runner.Options all = Runner.Options.DEFAULT.withThreshold(MIN_CONFIDENCE);
      List<Annotation> found = new ArrayList<>();
      List<Annotation> truth = new ArrayList<>();
      Model raw = base.withSpec(base.spec().withTask(task.uncalibrated()));
      try (Runner<?> runner = Runner.of(raw, all)) {
        for (int i = 0; i < images.size(); i++) {
          Progress part = progress.part(i, images.size());
          Sample<?> sample = images.get(i);
          double scale = runner.scale(List.of(sample.frame()), part).factor();
          look(sample.frame(), scale);
          found.add((Annotation) runner.predict(sample.frame(), scale, part));
          truth.add(task.relevant((Annotation) sample.truth()));
        }
      }
      AnnotationTask fitted = task.calibrate(found, truth);
      return outcome(fitted, task.score(found, truth), fitted.score(found, truth), traits);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Outcome pixels(PixelTask<?> task) {
      if (base.spec().input().fit() instanceof Resize.Scaled) {
        throw new SpyhopException(
            Strings.format(
                "Model %s shows images to its network in a size of its own, for which thresholds"
                    + " cannot be calibrated.",
                base.spec().name()));
      }
      try (Runner<?> runner = Runner.of(base, Runner.Options.DEFAULT)) {
        List<Said> said = Calibration.ask(runner, (Dataset<LabelMap>) images, this::look, progress);
        PixelTask<?> fitted = task.calibrate(said);
        return outcome(fitted, task.scored(said), fitted.scored(said), traits);
      }
    }
  }

  /** Images that it is calibrated for become images that it knows. */
  private Outcome outcome(Task<?, ?> fitted, Score before, Score after, List<ImageTraits> traits) {
    ModelSpec own = base.spec();
    ModelSpec.Training training = own.training();
    Map<String, Double> figures = new LinkedHashMap<>(training.figures());
    after.figures().forEach((what, value) -> figures.put("calibrated " + what, value));
    ModelSpec spec =
        new ModelSpec(
            name,
            own.description(),
            fitted,
            own.input().withImages(own.input().images().with(traits)),
            own.inference(),
            training.withFigures(figures),
            own.author(),
            own.license(),
            own.citation());
    return new Outcome(base.withSpec(spec), before, after);
  }
}
