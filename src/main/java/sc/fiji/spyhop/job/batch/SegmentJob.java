package sc.fiji.spyhop.job.batch;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.decode.Refinement;
import sc.fiji.spyhop.util.Strings;

/**
 * Finds the objects in images: label image, outlines and a picture of each, and a table with a row
 * for each object.
 *
 * @param model name or file
 * @param look how they are looked for
 * @param adjust what is wanted otherwise than the model has it
 */
public record SegmentJob(String model, Look look, Adjust adjust) implements BatchJob {

  @Override
  public String name() {
    return "segment";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = look.settings();
    settings.putAll(adjust.settings());
    return settings;
  }

  @Override
  public LookArea area() {
    return look.area();
  }

  @Override
  public List<String> endings() {
    return List.of(FoundObjects.LABELS, Endings.ROIS, Endings.OVERLAY);
  }

  @Override
  public Precision precision() {
    return look.precision();
  }

  @Override
  public List<String> averaged() {
    return List.of("area", "probability");
  }

  @Override
  public String counted(long count) {
    return Strings.count(count, "object");
  }

  @Override
  public Session open() {
    Runner<Segmentation> segmenter =
        Runner.open(model, TaskKind.SEGMENTATION, look.options().withAdjustment(adjust.decoding()));
    List<String> classes = segmenter.spec().task(TaskKind.SEGMENTATION).labelNames();
    return new ModelSession(
        segmenter,
        FoundObjects.COLUMNS,
        (image, progress) -> {
          ShownScale scale = segmenter.scale(image.frames().samples(), progress);
          LookArea.Of within = image.within();
          Refinement refinement = adjust.in(image.frames().image());
          HyperstackSegmentation found =
              HyperstackSegmentation.run(
                  image.frames(),
                  classes,
                  (z, t, frame, part) ->
                      within.clip(
                          z,
                          t,
                          refinement.of(segmenter.predict(frame, scale.factor(), part)),
                          !classes.isEmpty()),
                  progress);
          return FoundObjects.of(image.title(), found, within, look.measures(), scale);
        });
  }
}
