package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.Map;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.task.Restoration;

/** A model written by hand that makes an image of twice the values. */
public final class Doubler {

  private Doubler() {}

  /** Writes the model; its file. */
  public static Path model(Path folder) {
    Network network =
        NetworkBuilder.image(1)
            .bias(true)
            .convolution(Restoration.HEAD, 1, 1)
            .build(Restoration.HEAD);
    return Handmade.write(
        folder,
        "doubler",
        Restoration.of(1),
        network,
        new Resize.AnySize(),
        255,
        Map.of("restored.weight", new float[] {2}, "restored.bias", new float[] {0}));
  }
}
