package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.WindowManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.scijava.module.MutableModuleItem;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** Open images by title, where a command can do without one. */
public final class OpenImages {

  private OpenImages() {}

  /** Offers the open images, and none. */
  static void offer(MutableModuleItem<String> item) {
    List<String> titles = new ArrayList<>(List.of(""));
    for (String title : WindowManager.getImageTitles()) {
      if (!titles.contains(title)) titles.add(title);
    }
    item.setChoices(titles);
  }

  /**
   * The image of a title; of several, the active one.
   *
   * @param label what messages call it
   * @throws SpyhopException if none is open, or several of which none is active
   */
  static ImagePlus find(String label, String title) {
    String wanted = title.strip();
    ImagePlus active = WindowManager.getCurrentImage();
    if (active != null && active.getTitle().equals(wanted)) return active;
    if (Arrays.stream(WindowManager.getImageTitles()).filter(wanted::equals).count() > 1) {
      throw new SpyhopException(
          Strings.format(
              "%s: several open images have the title \"%s\". Rename one, or select the"
                  + " one that is meant before.",
              label, wanted));
    }
    ImagePlus image = WindowManager.getImage(wanted);
    if (image != null) return image;
    throw new SpyhopException(
        Strings.format(
            "%s: expected the title of an open image, received \"%s\". %s", label, wanted, told()));
  }

  /** Which images are open, a sentence. */
  public static String told() {
    String[] titles = WindowManager.getImageTitles();
    return titles.length == 0
        ? "No image is open."
        : "Open are: " + String.join(", ", titles) + ".";
  }
}
