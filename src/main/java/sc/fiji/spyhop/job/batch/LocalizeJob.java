package sc.fiji.spyhop.job.batch;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import sc.fiji.spyhop.dataset.format.BoxCsv;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.task.TaskKind;

/**
 * Draws boxes around objects: regions and a picture of each image, and a table of all boxes.
 *
 * @param model name or file
 * @param score from which a box is reported, in [0, 1]; absent: the model's
 * @param scaling in which scale images are shown
 * @param precision in which it is asked to compute
 */
public record LocalizeJob(String model, OptionalDouble score, Scaling scaling, Precision precision)
    implements BatchJob {

  @Override
  public String name() {
    return "localize";
  }

  @Override
  public Map<String, String> settings() {
    return FoundAnnotations.settings(score, scaling);
  }

  @Override
  public String table() {
    return "boxes.csv";
  }

  @Override
  public List<String> endings() {
    return FoundAnnotations.ENDINGS;
  }

  @Override
  public String counted(long count) {
    return count + " found";
  }

  @Override
  public Session open() {
    Runner<Annotation> localizer =
        Runner.open(
            model,
            TaskKind.LOCALIZATION,
            Runner.Options.DEFAULT
                .withThreshold(score)
                .withScaling(scaling)
                .withPrecision(precision));
    return new ModelSession(
        localizer,
        ScaleColumn.after(BoxCsv.columns()),
        (image, progress) -> {
          ShownScale scale = localizer.scale(image.frames().samples(), progress);
          HyperstackAnnotations found =
              HyperstackAnnotations.run(
                  image.frames(),
                  (z, t, frame, part) -> localizer.predict(frame, scale.factor(), part),
                  progress);
          return new FoundAnnotations(
              image,
              found,
              localizer.spec().names(),
              KeypointLayout.NONE,
              BoxCsv::rows,
              found.boxes(),
              scale);
        });
  }
}
