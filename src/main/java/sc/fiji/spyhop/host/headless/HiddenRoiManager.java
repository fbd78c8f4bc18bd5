package sc.fiji.spyhop.host.headless;

import ij.WindowManager;
import ij.plugin.frame.RoiManager;
import java.awt.Checkbox;
import java.util.ArrayList;
import javax.swing.DefaultListModel;
import javax.swing.JList;

/** The ROI Manager without a display. */
public final class HiddenRoiManager extends RoiManager {

  private static final String TITLE = "ROI Manager";

  /** Java asks for it; it is not called. */
  private HiddenRoiManager() {}

  /** The one there is, or else a new one. */
  public static RoiManager open() {
    RoiManager open = RoiManager.getRawInstance();
    return open == null ? create() : open;
  }

  private static RoiManager create() {
    HiddenRoiManager manager = Unshown.create(HiddenRoiManager.class);
    manager.setTitle(TITLE);
    DefaultListModel<String> names = new DefaultListModel<>();
    manager.set("listModel", names);
    manager.set("list", new JList<>(names));
    manager.set("rois", new ArrayList<>());
    manager.set("showAllCheckbox", Unshown.create(Checkbox.class));
    manager.set("labelsCheckbox", Unshown.create(Checkbox.class));
    manager.set("defaultLineWidth", 1);
    manager.set("firstTime", true);
    manager.set("translateX", 10.0);
    manager.set("translateY", 10.0);
    manager.set("instance", manager);
    WindowManager.addWindow(manager);
    return manager;
  }

  private void set(String field, Object value) {
    Unshown.set(RoiManager.class, this, field, value);
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
