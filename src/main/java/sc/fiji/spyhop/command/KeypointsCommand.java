package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.util.List;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.AnnotationRois;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.ij.Tables;
import sc.fiji.spyhop.inference.KeypointsInBoxes;
import sc.fiji.spyhop.inference.Runner;
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
    description = "Finds named points in an image with a trained network.")
public final class KeypointsCommand extends SceneCommand {

  @Parameter(
      label = "Look at",
      choices = {"slices", "selection", "overlay", "manager"},
      persist = false,
      description =
          "Whole slices, or the boxes of the selection, of the overlay or of the ROI Manager, for"
              + " models that find the keypoints of objects in boxes.")
  private String regions = "slices";

  @Override
  String title() {
    return "Spyhop Keypoints";
  }

  @Override
  TaskKind<Annotation, KeypointDetection> kind() {
    return TaskKind.KEYPOINTS;
  }

  @Override
  HyperstackResults.Look<Annotation> look(Runner<Annotation> finder, Frames frames) {
    boolean whole = regions.strip().equalsIgnoreCase("slices");
    boolean inBoxes = KeypointsInBoxes.picture(finder.spec()).isPresent();
    if (inBoxes == whole) {
      throw new SpyhopException(
          Strings.format(
              "Look at: this model finds keypoints in %s; expected %s, received \"%s\".",
              whole ? "boxes" : "whole slices",
              whole ? "selection, overlay or manager" : "slices",
              regions));
    }
    if (whole) return super.look(finder, frames);
    List<Region> boxes = RegionChoice.regions(regions, frames);
    return (z, t, frame, progress) ->
        KeypointsInBoxes.find(finder, frame, objects(boxes, z, t), progress);
  }

  /** Areas in a plane; points and lines, such as those of this command, are none. */
  private static List<LocalizedObject> objects(List<Region> regions, int z, int t) {
    return regions.stream()
        .filter(r -> r.z() == z && r.t() == t)
        .flatMap(r -> r.roi().stream())
        .flatMap(r -> AnnotationRois.object(r).stream())
        .toList();
  }

  @Override
  void fill(ResultsTable results, ImagePlus of, HyperstackResults.Plane<Annotation> plane) {
    Tables.fillKeypoints(results, of, plane.z(), plane.t(), plane.result());
  }
}
