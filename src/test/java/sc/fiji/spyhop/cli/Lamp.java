package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.task.Classification;

/** A bright spot in the dark, and a model written by hand that says whether there is one. */
public final class Lamp {

  private Lamp() {}

  /** Writes the model, whose logit for "on" grows with the brightest pixel; its file. */
  public static Path model(Path folder) {
    Network network =
        NetworkBuilder.image(1)
            .globalPool("brightest", Layer.PoolingKind.MAX)
            .dense("classes_logits", 2)
            .activation("classes", Layer.Function.SOFTMAX)
            .build("classes");
    return Handmade.write(
        folder,
        "lamp",
        Classification.of(List.of("off", "on")),
        network,
        new Resize.AnySize(),
        255,
        Map.of(
            "classes_logits.weight",
            new float[] {0, 8},
            "classes_logits.bias",
            new float[] {0, -4}));
  }

  /** Dark but for a lamp of 3 x 3 pixels about a place. */
  public static ByteProcessor plane(int width, int height, int x, int y) {
    ByteProcessor plane = new ByteProcessor(width, height);
    for (int v = -1; v <= 1; v++) for (int u = -1; u <= 1; u++) plane.set(x + u, y + v, 255);
    return plane;
  }

  /**
   * A folder for each class: off/a is dark, on/b has a lamp, on/c one so faint, 100 of 255, that it
   * is taken for none, and on/d is no image.
   */
  public static Path classes(Path folder) throws IOException {
    save(folder.resolve("off/a.tif"), 0);
    save(folder.resolve("on/b.tif"), 255);
    save(folder.resolve("on/c.tif"), 100);
    Files.writeString(folder.resolve("on/d.tif"), "none");
    return folder;
  }

  private static void save(Path file, int brightness) throws IOException {
    Files.createDirectories(file.getParent());
    ByteProcessor plane = new ByteProcessor(20, 20);
    plane.set(7, 8, brightness);
    LabelImages.save(new ImagePlus("", plane), file);
  }
}
