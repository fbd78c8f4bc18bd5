package sc.fiji.spyhop.job.batch;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.task.TaskKind;

/**
 * Draws boxes around objects: regions and a picture of each image, and a table of all boxes.
 *
 * @param model name or file
 * @param score from which a box is reported, in [0, 1]; absent: the model's
 * @param look how they are looked for
 * @param classes of the objects that are kept
 */
public record LocalizeJob(String model, OptionalDouble score, Look look, KeptClasses classes)
    implements BatchJob {

  /**
   * Throws a {@link sc.fiji.spyhop.job.SettingException} if something is to be measured that boxes
   * do not have.
   */
  public LocalizeJob {
    look.requireMeasures(Measures.Of.BOXES);
  }

  @Override
  public String name() {
    return "localize";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = look.settings(score);
    settings.putAll(Adjust.settings(classes));
    return settings;
  }

  @Override
  public String table() {
    return "boxes.csv";
  }

  @Override
  public LookArea area() {
    return look.area();
  }

  @Override
  public List<String> endings() {
    return FoundAnnotations.ENDINGS;
  }

  @Override
  public Precision precision() {
    return look.precision();
  }

  @Override
  public List<String> averaged() {
    return List.of("score");
  }

  @Override
  public String counted(long count) {
    return count + " found";
  }

  @Override
  public Session open() {
    Runner<Annotation> localizer =
        Runner.open(model, TaskKind.LOCALIZATION, look.options().withThreshold(score));
    try {
      Adjust.require(classes, localizer.spec().names());
    } catch (SpyhopException e) {
      localizer.close();
      throw e;
    }
    FoundAnnotations.Shown shown =
        new FoundAnnotations.Shown(localizer.spec().names(), KeypointLayout.NONE);
    return new ModelSession(
        localizer,
        FoundAnnotations.BOXES,
        (image, progress) -> {
          ShownScale scale = localizer.scale(image.frames().samples(), progress);
          LookArea.Of within = image.within();
          HyperstackAnnotations found =
              HyperstackAnnotations.run(
                  image.frames(),
                  (z, t, frame, part) ->
                      within.clip(z, t, localizer.predict(frame, scale.factor(), part)),
                  progress);
          return FoundAnnotations.boxes(
              image.title(), image.file(), found, classes, shown, look.measures(), scale);
        });
  }
}
