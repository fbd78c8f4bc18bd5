package sc.fiji.spyhop.command;

import ij.ImagePlus;
import sc.fiji.spyhop.ij.CommandOverlay;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.job.batch.Adjust;
import sc.fiji.spyhop.job.batch.FoundObjects;

/** Objects of an open image, where a user of ImageJ looks for them. */
final class ShownObjects {

  private ShownObjects() {}

  /**
   * Draws outlines over an image, instead of those of an earlier run.
   *
   * @param by what was asked for, which rows tell, so that those of several runs can be told apart
   * @param device where it was computed
   * @param table whether the Results table gets a row for each
   * @param manager whether the ROI Manager gets an outline of each
   * @return the label image
   */
  static ImagePlus show(
      ImagePlus image,
      FoundObjects objects,
      Adjust by,
      String device,
      boolean table,
      boolean manager) {
    CommandOverlay.replace(image, "segment", objects.found().rois());
    if (table) {
      ResultsWindow.show(
          objects.found().image(), FoundObjects.COLUMNS, objects, by.settings(), device);
    }
    if (manager) Rois.appendToManager(objects.found().rois());
    return objects.found().labels();
  }
}
