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
import sc.fiji.spyhop.task.Regression;

/** A model written by hand that measures the mean brightness of 8-bit images, in percent. */
public final class Meter {

  private Meter() {}

  /** Writes the model; its file. */
  public static Path model(Path folder) {
    Network network =
        NetworkBuilder.image(1)
            .globalPool("mean", Layer.PoolingKind.AVERAGE)
            .dense(Regression.HEAD, 1)
            .build(Regression.HEAD);
    return Handmade.write(
        folder,
        "meter",
        new Regression(List.of("brightness"), List.of("%"), List.of(0.0), List.of(100.0)),
        network,
        new Resize.AnySize(),
        255,
        Map.of("values.weight", new float[] {1}, "values.bias", new float[] {0}));
  }

  /** Grey images of 20, 40, 60 and 80 %, said to be of 25, 38, 60 and 90. */
  public static Path images(Path folder) throws IOException {
    Files.createDirectories(folder);
    int[] said = {25, 38, 60, 90};
    StringBuilder index = new StringBuilder("image,brightness (%)\n");
    for (int i = 0; i < 4; i++) {
      ByteProcessor plane = new ByteProcessor(16, 16);
      plane.set(51.0 * (i + 1));
      LabelImages.save(new ImagePlus("", plane), folder.resolve("g" + i + ".tif"));
      index.append("g" + i + ".tif," + said[i] + '\n');
    }
    Files.writeString(folder.resolve("index.csv"), index.toString());
    return folder;
  }
}
