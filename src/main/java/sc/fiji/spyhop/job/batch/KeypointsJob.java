package sc.fiji.spyhop.job.batch;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.EvaluationTables;
import sc.fiji.spyhop.dataset.format.PathIndex;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.KeypointsInBoxes;
import sc.fiji.spyhop.inference.Runner;
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
 * @param look how they are looked for; the scale is that of whole images
 * @param boxes of the objects, for models that need them
 */
public record KeypointsJob(String model, OptionalDouble score, Look look, Optional<Boxes> boxes)
    implements BatchJob {

  /**
   * Boxes of many images.
   *
   * @param table that they were read from
   * @param objects by {@link EvaluationTables#key}
   */
  public record Boxes(Path table, Map<String, List<LocalizedObject>> objects) {}

  /**
   * Throws a {@link sc.fiji.spyhop.job.SettingException} if something is to be measured that points
   * do not have.
   */
  public KeypointsJob {
    look.requireMeasures(Measures.Of.POINTS);
  }

  @Override
  public String name() {
    return "keypoints";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(look.settings(score));
    boxes.ifPresent(b -> settings.put("boxes", Integer.toHexString(b.objects().hashCode())));
    return settings;
  }

  @Override
  public String table() {
    return "keypoints.csv";
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
    Runner<Annotation> finder =
        Runner.open(model, TaskKind.KEYPOINTS, look.options().withThreshold(score));
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
    FoundAnnotations.Shown shown =
        new FoundAnnotations.Shown(List.of(), finder.spec().task(TaskKind.KEYPOINTS).layout());
    return new ModelSession(
        finder,
        FoundAnnotations.POINTS,
        (image, progress) -> {
          String file = image.file().toAbsolutePath().normalize().toString();
          ShownScale scale = finder.scale(image.frames().samples(), progress);
          LookArea.Of within = image.within();
          KeypointsInBoxes.Pictures pictures = new KeypointsInBoxes.Pictures();
          HyperstackAnnotations found =
              HyperstackAnnotations.run(
                  image.frames(),
                  (z, t, frame, part) ->
                      within.clip(
                          z,
                          t,
                          boxes.isEmpty()
                              ? finder.predict(frame, scale.factor(), part)
                              : KeypointsInBoxes.find(
                                  finder,
                                  frame,
                                  tabled
                                      .find(EvaluationTables.key(file, z, t))
                                      .map(objects::get)
                                      .orElse(List.of()),
                                  pictures,
                                  part)),
                  progress);
          return FoundAnnotations.points(
              image.title(),
              image.file(),
              found,
              shown,
              look.measures(),
              boxes.isEmpty() ? scale : pictures.shown());
        });
  }
}
