package sc.fiji.spyhop.host.headless;

import ij.WindowManager;
import ij.text.TextPanel;
import ij.text.TextWindow;
import java.util.List;

/** A table or the log without a display: ImageJ finds them by their windows. */
public final class HiddenTextWindow extends TextWindow {

  private static final String TABLE = "(Results)";

  /** Java asks for it; it is not called. */
  private HiddenTextWindow() {
    super("", "", 0, 0);
  }

  /** As the constructor of {@link TextWindow} with the same parameters. */
  public static TextWindow open(String title, String text, int width, int height) {
    return open(title, "", text, width, height);
  }

  /** As the constructor of {@link TextWindow} with the same parameters. */
  public static TextWindow open(String title, String headings, String text, int width, int height) {
    return open(title, headings, text == null || text.isEmpty() ? List.of() : List.of(text));
  }

  /** The panel of the log. It is not in front when it opens: macros go on with the same table. */
  public static TextPanel log() {
    return make("Log", "", List.of()).getTextPanel();
  }

  private static TextWindow open(String title, String headings, List<String> lines) {
    TextWindow window = make(title, headings, lines);
    WindowManager.setWindow(window);
    return window;
  }

  private static TextWindow make(String title, String headings, List<String> lines) {
    boolean named = title.endsWith(TABLE);
    String name = named ? title.substring(0, title.length() - TABLE.length()) : title;
    HiddenTextWindow window = Unshown.create(HiddenTextWindow.class);
    window.setTitle(name);
    TextPanel panel = HiddenTextPanel.create(window, name);
    Unshown.set(TextWindow.class, window, "textPanel", panel);
    Unshown.set(TextWindow.class, window, "isResultsTable", named || name.equals("Results"));
    panel.setColumnHeadings(headings);
    lines.forEach(panel::append);
    WindowManager.addWindow(window);
    return window;
  }

  @Override
  public void toFront() {
    WindowManager.setWindow(this);
  }

  @Override
  public void setVisible(boolean visible) {}

  @Override
  public void setState(int state) {}

  @Override
  public void dispose() {}

  @Override
  protected void firePropertyChange(String name, Object before, Object after) {}
}
