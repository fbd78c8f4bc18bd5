package sc.fiji.spyhop.host.headless;

import ij.text.TextPanel;
import java.awt.Component;
import java.awt.Container;

/** The lines of a {@link HiddenTextWindow}. */
final class HiddenTextPanel extends TextPanel {

  private Container window;

  /** Java asks for it; it is not called. */
  private HiddenTextPanel() {}

  static TextPanel create(Container window, String title) {
    HiddenTextPanel panel = Unshown.create(HiddenTextPanel.class);
    panel.window = window;
    panel.set("title", title);
    panel.set("headings", true);
    panel.set("menusExtended", true);
    panel.set("tc", canvas());
    panel.resetSelection();
    return panel;
  }

  private static Component canvas() {
    try {
      return (Component) Unshown.create(Class.forName("ij.text.TextCanvas"));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private void set(String field, Object value) {
    Unshown.set(TextPanel.class, this, field, value);
  }

  @Override
  public Container getParent() {
    return window;
  }

  @Override
  public void setSelection(int first, int last) {
    int end = getLineCount() - 1;
    set("selStart", Math.max(0, Math.min(first, end)));
    set("selEnd", Math.max(0, Math.min(Math.max(first, last), end)));
  }

  @Override
  public void showCell(int row, String column) {}

  @Override
  public void scrollToTop() {}
}
