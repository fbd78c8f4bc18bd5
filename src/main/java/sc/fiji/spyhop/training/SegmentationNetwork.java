package sc.fiji.spyhop.training;

import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.task.PixelTask;

/**
 * A network for segmentation, by name and size.
 *
 * @param name one of {@link #NAMES}
 * @param widths channels of each level, finest first; empty for those that suit most images
 */
public record SegmentationNetwork(String name, List<Integer> widths) {

  /**
   * Networks by name: the plain one, and a faster one that works on half size with a thin branch at
   * full size for outlines.
   */
  public static final List<String> NAMES = List.of("unet", "unet-half");

  private static final List<Integer> FULL = List.of(16, 32, 64, 128, 256);
  private static final List<Integer> HALF = List.of(32, 48, 64, 96);

  /**
   * Copies the widths.
   *
   * @throws SpyhopException if there is no network of that name
   */
  public SegmentationNetwork {
    if (!NAMES.contains(name)) {
      throw new SpyhopException(
          "Network: expected one of " + String.join(", ", NAMES) + ", received \"" + name + "\".");
    }
    widths = List.copyOf(widths);
  }

  /**
   * The network for a task.
   *
   * @param channels of the images, at least 1
   * @return with one output for each head of the task, for images of any size that its levels
   *     divide
   */
  public Network network(int channels, PixelTask<?> task) {
    UNet.Head[] heads =
        task.heads().stream()
            .map(h -> new UNet.Head(h.name(), h.channels(), h.activation()))
            .toArray(UNet.Head[]::new);
    boolean half = name.equals("unet-half");
    List<Integer> levels = widths.isEmpty() ? half ? HALF : FULL : widths;
    UNet unet = UNet.of(channels, heads).withWidths(levels.toArray(Integer[]::new));
    int finest = levels.get(0);
    return (half
            ? unet.onHalfSizeWithDetails(Math.max(1, finest / 4), Math.max(1, finest / 2))
            : unet)
        .network();
  }
}
