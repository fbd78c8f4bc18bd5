package sc.fiji.spyhop.ij;

import ij.gui.Roi;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.prediction.LabelMap;

/** Labels to ImageJ regions of interest, and where those go. */
public final class Rois {

  private Rois() {}

  /**
   * The exact outline of every label: a traced polygon, or a composite where it has holes or
   * several parts. Pixels that touch at a corner belong to one part. Time and memory are linear in
   * the pixels of the plane, whatever the labels look like.
   *
   * @return by label, ascending
   */
  public static Map<Integer, Roi> trace(LabelMap labels) {
    throw new UnsupportedOperationException();
  }

  /** Appends to the ROI Manager, opening it if need be; does nothing without a GUI. */
  public static void appendToManager(List<Roi> rois) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes the zip that the ROI Manager opens, whole or not at all.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the folder is full, missing or read-only
   */
  public static void writeZip(Path file, List<Roi> rois) {
    throw new UnsupportedOperationException();
  }
}
