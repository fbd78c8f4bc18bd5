package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;

/** What commands draw over an image, beside what the user and other commands have drawn. */
public final class CommandOverlay {

  /** Property of a region that names the command that drew it; is saved with the image. */
  private static final String OWNER = "spyhop";

  private CommandOverlay() {}

  /** Whether a command drew it. */
  static boolean isOwn(Roi roi) {
    return roi.getProperty(OWNER) != null;
  }

  /**
   * Adds copies of regions, and removes those that the same command added before.
   *
   * @param owner the command
   */
  public static void replace(ImagePlus image, String owner, Iterable<Roi> rois) {
    Overlay overlay = image.getOverlay() == null ? new Overlay() : image.getOverlay();
    for (int i = overlay.size() - 1; i >= 0; i--) {
      if (owner.equals(overlay.get(i).getProperty(OWNER))) overlay.remove(i);
    }
    for (Roi roi : rois) {
      Roi copy = (Roi) roi.clone();
      copy.setProperty(OWNER, owner);
      overlay.add(copy);
    }
    image.setOverlay(overlay);
  }
}
