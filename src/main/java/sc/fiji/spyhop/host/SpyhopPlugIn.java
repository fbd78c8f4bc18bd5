package sc.fiji.spyhop.host;

import ij.plugin.PlugIn;

/** What plain ImageJ's menu calls; the argument is the name of a menu entry. */
public final class SpyhopPlugIn implements PlugIn {

  @Override
  public void run(String entry) {
    Host.instance().run(entry);
  }
}
