package sc.fiji.spyhop.host.headless;

import java.util.Set;

/** Windows that commands open without a display. */
public final class HiddenWindows {

  private static final String FRAMES = "ij.plugin.frame.";

  /** They do nothing until someone uses them; recorded macros open them nevertheless. */
  private static final Set<String> IDLE =
      Set.of("Channels", "ColorPicker", "ContrastAdjuster", "MemoryMonitor", "ThresholdAdjuster");

  private HiddenWindows() {}

  /**
   * Opens a window that can be opened.
   *
   * @return whether all is done that there is to do
   */
  public static boolean open(String plugin) {
    if (!plugin.startsWith(FRAMES)) return false;
    String name = plugin.substring(FRAMES.length());
    if (name.equals("RoiManager")) HiddenRoiManager.open();
    return name.equals("RoiManager") || IDLE.contains(name);
  }
}
