package sc.fiji.spyhop.job.batch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Strings;

/**
 * Finds the objects in images: label image, outlines and a picture of each, and a table with a row
 * for each object.
 *
 * @param model name or file
 * @param scaling in which scale images are shown
 * @param measures what is measured of each object besides area, place and probability
 * @param area where objects are looked for
 */
public record SegmentJob(String model, Scaling scaling, Measures measures, LookArea area)
    implements BatchJob {

  @Override
  public String name() {
    return "segment";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(scaling.settings());
    settings.put("measure", measures.toString());
    settings.putAll(area.settings());
    return settings;
  }

  @Override
  public List<String> endings() {
    return List.of(FoundObjects.LABELS, Endings.ROIS, Endings.OVERLAY);
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
        Runner.open(model, TaskKind.SEGMENTATION, Runner.Options.DEFAULT.withScaling(scaling));
    List<String> classes = segmenter.spec().task(TaskKind.SEGMENTATION).labelNames();
    return new ModelSession(
        segmenter,
        FoundObjects.COLUMNS,
        (image, progress) -> {
          ShownScale scale = segmenter.scale(image.frames().samples(), progress);
          LookArea.Of within = area.in(image.frames().image(), image.file());
          HyperstackSegmentation found =
              HyperstackSegmentation.run(
                  image.frames(),
                  classes,
                  (z, t, frame, part) ->
                      within.clip(
                          z, t, segmenter.predict(frame, scale.factor(), part), !classes.isEmpty()),
                  progress);
          return FoundObjects.of(image.title(), found, within, measures, scale);
        });
  }
}
