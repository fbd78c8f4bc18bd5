package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.gui.Roi;
import java.awt.Rectangle;
import java.util.List;
import java.util.function.Supplier;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.job.maps.SeenObjects;

/** Shows objects as they will be found. */
final class ObjectsPreviewer implements Previewer {

  private final Supplier<SeenObjects.Asked> settings;
  private final SeenObjects objects = new SeenObjects();

  /**
   * @param settings what is asked for now
   */
  ObjectsPreviewer(Supplier<SeenObjects.Asked> settings) {
    this.settings = settings;
  }

  @Override
  public Asked asked() {
    SeenObjects.Asked asked = settings.get();
    return new Asked() {
      @Override
      public ImagePlus image() {
        return asked.image();
      }

      @Override
      public List<Roi> outlines(int z, int t, Rectangle seen, Progress progress) {
        return objects.outlines(asked, new SeenObjects.View(z, t, seen), progress);
      }
    };
  }

  @Override
  public void close() {
    objects.close();
  }
}
