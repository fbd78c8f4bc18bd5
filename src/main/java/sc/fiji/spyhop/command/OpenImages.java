package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.WindowManager;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.util.Strings;

/** Open images by title, where a command can do without one. */
public final class OpenImages {

  private OpenImages() {}

  /** Offers the open images, and none. */
  static void offer(JobCommand job, String key) {
    List<String> titles = new ArrayList<>(List.of(""));
    for (String title : WindowManager.getImageTitles()) {
      if (!titles.contains(title)) titles.add(title);
    }
    job.offer(key, titles, "");
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

  /**
   * The image of a title, or of a file.
   *
   * @param key of the setting
   * @param label what messages call it
   * @throws SpyhopException if there is neither
   */
  static ImagePlus openOrFile(String key, String label, String named) {
    String wanted = named.strip();
    if (List.of(WindowManager.getImageTitles()).contains(wanted)) return find(label, wanted);
    try {
      return ImageFiles.open(file(key, wanted));
    } catch (SettingException e) {
      throw SettingException.wrong(
          key,
          Strings.format(
              "expected the title of an open image or a file, received \"%s\". %s",
              wanted, told()));
    }
  }

  /**
   * The file of a name.
   *
   * @throws SettingException if there is none
   */
  static Path file(String key, String named) {
    try {
      Path file = Path.of(named.strip());
      if (Files.isRegularFile(file)) return file;
    } catch (InvalidPathException e) {
      // told below
    }
    throw SettingException.wrong(
        key, "expected an image file, there is none of the name \"" + named.strip() + "\".");
  }

  /** Which images are open, a sentence. */
  public static String told() {
    String[] titles = WindowManager.getImageTitles();
    return titles.length == 0
        ? "No image is open."
        : "Open are: " + String.join(", ", titles) + ".";
  }
}
