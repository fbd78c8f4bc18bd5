package sc.fiji.spyhop.host;

import ij.IJ;
import ij.plugin.BrowserLauncher;
import java.io.IOException;
import java.util.Locale;

/** The documentation, on the web. */
public final class Help {

  private static final String REFERENCE =
      "https://github.com/fiji/spyhop/blob/main/docs/macro-reference.md";

  private Help() {}

  /**
   * Where a command is explained.
   *
   * @param entry name of its menu entry, which is a heading of the page
   */
  public static String address(String entry) {
    return REFERENCE + "#" + entry.toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  /** Opens the explanation of a command in the browser; without one, says where it is. */
  static void open(String entry) {
    try {
      BrowserLauncher.openURL(address(entry));
    } catch (IOException e) {
      IJ.error(entry, "No browser could be opened. The help is at " + address(entry));
    }
  }
}
