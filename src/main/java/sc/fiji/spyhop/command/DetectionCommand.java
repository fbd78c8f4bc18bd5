package sc.fiji.spyhop.command;

import ij.gui.Roi;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.CommandOverlay;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.KeypointsInBoxes;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.batch.FoundAnnotations;
import sc.fiji.spyhop.job.preview.ModelUse;
import sc.fiji.spyhop.job.preview.SeenAnnotations;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Strings;

/** Localizes things in an open image: overlay, Results table, ROI Manager. */
abstract class DetectionCommand extends ScaledCommand {

  @Parameter(
      label = "Score threshold",
      required = false,
      persist = false,
      description =
          "Minimum score of what is reported, from 0 to 1; empty for what was best for the model's"
              + " validation images. For figures such as mAP, use 0.01.")
  @InShell("N")
  private String score = "";

  @Parameter(
      label = "Fill Results table",
      persist = false,
      description = "A row for each: place and what is measured, in pixels and calibrated units.")
  @InImageJ
  private boolean table = true;

  @Parameter(
      label = "Add to ROI Manager",
      persist = false,
      description = "Regions are added to those that are there; without a display, nothing.")
  @InImageJ
  private boolean manager = true;

  DetectionCommand() {
    super("");
  }

  abstract TaskKind<Annotation, ? extends AnnotationTask> task();

  /**
   * The boxes in which a model looks; absent if it looks at whole slices.
   *
   * @throws SpyhopException if the model does not do it as the parameters say
   */
  Optional<SeenAnnotations.Boxes> boxes(ModelSpec spec) {
    return Optional.empty();
  }

  /** Of which classes objects are kept. */
  KeptClasses kept() {
    return KeptClasses.ALL;
  }

  /** Columns that all images have. */
  abstract List<Column> columns();

  /** What is measured. */
  abstract Measures.Of measured();

  /** Measures what was found. */
  abstract FoundAnnotations found(
      String title, HyperstackAnnotations found, FoundAnnotations.Shown shown, ShownScale scale);

  @Override
  final Class<?> kind() {
    return task().type();
  }

  /** Minimum score of what is reported; absent for the model's. */
  final OptionalDouble threshold() {
    return number("score", score, 1);
  }

  @Override
  void check() {
    super.check();
    threshold();
    look().requireMeasures(measured());
  }

  @Override
  public Map<String, String> hints(Map<String, Object> settings) {
    return ModelHints.of(settings.get("model"));
  }

  @Override
  public Optional<Previewer> previewer() {
    return Optional.of(new PartPreviewer<>(this, new SeenAnnotations(), this::seen));
  }

  private SeenAnnotations.Asked seen() {
    ModelUse use = new ModelUse(model(), channels(), look().options());
    return new SeenAnnotations.Asked(
        use, task(), threshold(), image(), area(), this::boxes, kept());
  }

  @Override
  void look(Caller caller) {
    Runner.Options options = look().options().withThreshold(threshold());
    try (Runner<Annotation> runner = Runner.open(model(), task(), options);
        Caller.Shown progress = caller.progress(activity())) {
      setting("classes", () -> kept().among(runner.spec().names()));
      Frames frames = frames(runner.spec().input());
      ShownScale scale = scale(runner, frames, caller, progress);
      LookArea.Of within = where(caller);
      Optional<SeenAnnotations.Boxes> boxes = boxes(runner.spec());
      KeypointsInBoxes.Pictures pictures = new KeypointsInBoxes.Pictures();
      HyperstackResults.Look<Annotation> look =
          (z, t, frame, part) ->
              boxes.isEmpty()
                  ? runner.predict(frame, scale.factor(), part)
                  : KeypointsInBoxes.find(runner, frame, boxes.get().at(z, t), pictures, part);
      HyperstackAnnotations found =
          HyperstackAnnotations.run(
              frames,
              (z, t, frame, part) -> within.clip(z, t, look.at(z, t, frame, part)),
              progress);
      warn(runner.spec(), pictures.shown().unlike());
      show(runner, found, scale, caller);
    }
  }

  private void show(
      Runner<Annotation> runner, HyperstackAnnotations found, ShownScale scale, Caller caller) {
    AnnotationTask task = runner.spec().task(task());
    FoundAnnotations measured =
        found(
            image().getTitle(),
            found,
            new FoundAnnotations.Shown(task.names(), task.layout()),
            scale);
    List<Roi> rois = measured.rois();
    CommandOverlay.replace(image(), title(), rois);
    if (table) ResultsWindow.show(image(), columns(), measured, runner.device().name());
    if (manager) Rois.appendToManager(rois);
    caller.seen(
        Strings.format(
            "%s: %s, %s; on %s",
            image().getTitle(),
            Strings.count(measured.found().boxes(), "box"),
            Strings.count(measured.found().points(), "keypoint"),
            runner.device()));
  }
}
