package sc.fiji.spyhop.model;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/** Small untrained models. */
public final class TestModels {

  private TestModels() {}

  /** A U-Net of the task's heads, widths 4 and 8. */
  public static Model unet(String name, PixelTask<?> task, int channels, int tile, int halo) {
    Network network = network(task, channels);
    ModelSpec spec =
        new ModelSpec(
            name,
            "For tests: knows nothing.",
            task,
            new ModelSpec.Input(
                Axes.NCHW,
                channels,
                new Normalization.Percentile(1, 99.8),
                new PixelSize(0.5, 0.5, "µm")),
            new ModelSpec.Inference(tile, halo),
            new ModelSpec.Training(
                "spyhop train segment --data x --output \"y\"",
                "Spyhop 0.1.0",
                "nothing",
                "2026-01-02",
                "CPU",
                1.5,
                3,
                42,
                Map.of("validation F1", 0.25, "validation mean AP", 0.125)),
            "A. U. Thor",
            "CC0-1.0",
            "Thor 2026");
    Weights weights = Initialization.of(network, 7);
    return new Model(spec, network, weights);
  }

  public static Model nuclei(String name) {
    return unet(name, InstanceSegmentation.of("nucleus"), 1, 64, 24);
  }

  private static Network network(PixelTask<?> task, int channels) {
    List<Head> heads = task.heads();
    UNet.Head[] ends = new UNet.Head[heads.size()];
    for (int i = 0; i < ends.length; i++) {
      Head h = heads.get(i);
      ends[i] = new UNet.Head(h.name(), h.channels(), h.activation());
    }
    return UNet.of(channels, ends).withWidths(4, 8).network();
  }
}
