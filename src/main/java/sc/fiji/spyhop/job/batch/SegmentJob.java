package sc.fiji.spyhop.job.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.maps.MapsWriter;
import sc.fiji.spyhop.job.maps.Segmenting;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Strings;

/**
 * Finds the objects in images: label image, outlines and a picture of each, and a table with a row
 * for each object.
 *
 * @param model name or file
 * @param look how they are looked for
 * @param adjust what is wanted otherwise than the model has it
 * @param probabilities whether the maps that objects are decoded from are kept
 */
public record SegmentJob(String model, Look look, Adjust adjust, boolean probabilities)
    implements BatchJob {

  @Override
  public String name() {
    return "segment";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = look.settings();
    settings.putAll(adjust.settings());
    if (probabilities) settings.put("probabilities", "true");
    return settings;
  }

  @Override
  public LookArea area() {
    return look.area();
  }

  @Override
  public List<String> endings() {
    List<String> endings = new ArrayList<>(FoundObjects.ENDINGS);
    if (probabilities) endings.add(Endings.PROBABILITIES);
    return endings;
  }

  @Override
  public Precision precision() {
    return look.precision();
  }

  @Override
  public List<String> averaged() {
    return FoundObjects.AVERAGED;
  }

  @Override
  public String counted(long count) {
    return Strings.count(count, "object");
  }

  @Override
  public Session open() {
    Runner<Segmentation> segmenter =
        Runner.open(model, TaskKind.SEGMENTATION, look.options().withAdjustment(adjust.decoding()));
    SegmentationTask task = (SegmentationTask) segmenter.task();
    try {
      adjust.require(task.regionNames());
    } catch (SpyhopException e) {
      segmenter.close();
      throw e;
    }
    return new ModelSession(
        segmenter,
        FoundObjects.COLUMNS,
        task.adjustment().settings(),
        (image, progress) -> look(segmenter, image, progress));
  }

  private Found look(Runner<Segmentation> segmenter, Image image, Progress progress) {
    ShownScale scale = segmenter.scale(image.frames().samples(), progress);
    MapsWriter.Work<Found> work =
        maps ->
            FoundObjects.find(
                image.title(),
                Segmenting.by(segmenter, image.frames(), scale, maps),
                adjust,
                image.within(),
                look.measures(),
                progress);
    return probabilities
        ? MapsWriter.toFile(
            image.place().apply(Endings.PROBABILITIES), segmenter, image.frames(), scale, work)
        : work.with(MapsWriter.NONE);
  }
}
