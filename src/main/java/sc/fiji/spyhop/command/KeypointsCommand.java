package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.dataset.format.EvaluationTables;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.ij.AnnotationRois;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.KeypointsInBoxes;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.FoundAnnotations;
import sc.fiji.spyhop.job.batch.KeypointsJob;
import sc.fiji.spyhop.job.preview.SeenAnnotations;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Strings;

/**
 * Finds named points in an opened image: an overlay, rows in the Results table, and points in the
 * ROI Manager. In a macro:
 *
 * <pre>run("Spyhop Keypoints", "model=/data/mouse.spyhop channel=auto table=true manager=false");
 * run("Spyhop Keypoints", "model=/data/mice.spyhop regions=overlay");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Keypoints",
    headless = true,
    initializer = "offerModels",
    description = "Finds keypoints in images, one of each name, or in the boxes of objects.")
public final class KeypointsCommand extends DetectionCommand {

  @Parameter(
      label = "Look at",
      choices = {"slices", "selection", "overlay", "manager"},
      persist = false,
      description =
          "Whole slices, or the boxes of the selection, of the overlay or of the ROI Manager, for"
              + " models that find the keypoints of objects in boxes.")
  @InImageJ
  private String regions = "slices";

  @Parameter(
      label = "Table of boxes",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Of files: boxes of the objects to find the keypoints of, a CSV file as Spyhop Localize"
              + " writes them; for models that were trained on objects in boxes.")
  @InShell("CSV")
  private File boxes = new File("");

  @Override
  TaskKind<Annotation, KeypointDetection> task() {
    return TaskKind.KEYPOINTS;
  }

  @Override
  BatchJob job(Caller caller) {
    return new KeypointsJob(
        model(),
        threshold(),
        look(),
        word(boxes.getPath()).map(Path::of).map(p -> read(p, caller)));
  }

  private static KeypointsJob.Boxes read(Path table, Caller caller) {
    Problems problems = new Problems();
    KeypointsJob.Boxes read =
        new KeypointsJob.Boxes(table, EvaluationTables.boxes(table, true, problems).images());
    problems.summary().forEach(caller::note);
    return read;
  }

  @Override
  Optional<SeenAnnotations.Boxes> boxes(ModelSpec spec) {
    boolean whole = regions.equals("slices");
    boolean inBoxes = KeypointsInBoxes.picture(spec).isPresent();
    if (inBoxes == whole) {
      throw SettingException.wrong(
          "regions",
          Strings.format(
              "this model finds keypoints in %s; expected %s, received \"%s\".",
              whole ? "boxes" : "whole slices",
              whole ? "selection, overlay or manager" : "slices",
              regions));
    }
    if (whole) return Optional.empty();
    List<Region> boxes = RegionChoice.regions(regions, Frames.of(image()));
    return Optional.of((z, t) -> objects(boxes, z, t));
  }

  /** Areas in a plane; points and lines, such as those of this command, are none. */
  private static List<LocalizedObject> objects(List<Region> regions, int z, int t) {
    return regions.stream()
        .filter(r -> r.z() == z && r.t() == t)
        .flatMap(r -> r.roi().stream())
        .flatMap(r -> AnnotationRois.object(r).stream())
        .toList();
  }

  /** It may be the box of an object. */
  @Override
  boolean isSelectionTaken() {
    return super.isSelectionTaken() || !regions.equals("slices");
  }

  @Override
  Measures.Of measured() {
    return Measures.Of.POINTS;
  }

  @Override
  List<Column> columns() {
    return FoundAnnotations.POINTS;
  }

  @Override
  FoundAnnotations found(
      String title, HyperstackAnnotations found, FoundAnnotations.Shown shown, ShownScale scale) {
    return FoundAnnotations.points(title, Path.of(""), found, shown, measures(), scale);
  }
}
