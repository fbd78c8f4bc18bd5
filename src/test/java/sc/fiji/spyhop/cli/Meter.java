package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
}
