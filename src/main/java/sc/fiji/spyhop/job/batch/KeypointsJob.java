package sc.fiji.spyhop.job.batch;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.EvaluationTables;
import sc.fiji.spyhop.dataset.format.KeypointCsv;
import sc.fiji.spyhop.dataset.format.PathIndex;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.inference.KeypointsInBoxes;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.TaskKind;

/**
 * Finds named points, in whole images or in the boxes of objects: regions and a picture of each
 * image, and a table of all points.
 *
 * @param model name or file
 * @param score from which a point is reported, in [0, 1]; absent: the model's
 * @param scaling in which scale whole images are shown
 * @param precision in which it is asked to compute
 * @param boxes of the objects, for models that need them
 */
public record KeypointsJob(
    String model, OptionalDouble score, Scaling scaling, Precision precision, Optional<Boxes> boxes)
    implements BatchJob {

  /**
   * Boxes of many images.
   *
   * @param table that they were read from
   * @param objects by {@link EvaluationTables#key}
   */
  public record Boxes(Path table, Map<String, List<LocalizedObject>> objects) {}

  @Override
  public String name() {
    return "keypoints";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(FoundAnnotations.settings(score, scaling));
    boxes.ifPresent(b -> settings.put("boxes", Integer.toHexString(b.objects().hashCode())));
    return settings;
  }

  @Override
  public String table() {
    return "keypoints.csv";
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
    Runner<Annotation> finder =
        Runner.open(
            model,
            TaskKind.KEYPOINTS,
            Runner.Options.DEFAULT
                .withThreshold(score)
                .withScaling(scaling)
                .withPrecision(precision));
    if (KeypointsInBoxes.picture(finder.spec()).isPresent() != boxes.isPresent()) {
      String name = finder.spec().name();
      finder.close();
      throw new SpyhopException(
          boxes.isPresent()
              ? "Boxes: model " + name + " was trained on whole images and needs none."
              : "Model " + name + " finds keypoints in boxes: name a table of them, --boxes.");
    }
    Map<String, List<LocalizedObject>> objects = boxes.map(Boxes::objects).orElse(Map.of());
    PathIndex tabled = new PathIndex(objects.keySet());
    return new ModelSession(
        finder,
        ScaleColumn.after(KeypointCsv.columns()),
        (image, progress) -> {
          String file = image.file().toAbsolutePath().normalize().toString();
          ShownScale scale = finder.scale(image.frames().samples(), progress);
          HyperstackAnnotations found =
              HyperstackAnnotations.run(
                  image.frames(),
                  (z, t, frame, part) ->
                      boxes.isEmpty()
                          ? finder.predict(frame, scale.factor(), part)
                          : KeypointsInBoxes.find(
                              finder,
                              frame,
                              tabled
                                  .find(EvaluationTables.key(file, z, t))
                                  .map(objects::get)
                                  .orElse(List.of()),
                              part),
                  progress);
          return new FoundAnnotations(
              image,
              found,
              List.of(),
              finder.spec().task(TaskKind.KEYPOINTS).layout(),
              KeypointCsv::rows,
              found.points(),
              scale);
        });
  }
}
