package sc.fiji.spyhop.image;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Shows a frame of any size to a network tile by tile, such that the result is the one the network
 * would give for the whole frame at once.
 */
public final class TiledPrediction {

  private TiledPrediction() {}

  /** As the longer form, without mirrored context around the image. */
  public static void run(
      Frame frame,
      Intensity intensity,
      List<Tile> tiles,
      int halo,
      int multiple,
      Function<Tensor, List<Tensor>> network,
      Progress progress,
      BiConsumer<Tile, List<Tensor>> sink) {
    run(frame, intensity, tiles, halo, multiple, 0, network, progress, sink);
  }

  /**
   * For each tile: reads its region and the halo around it, normalises, runs the network, and hands
   * on the outputs, cut to the region.
   *
   * <p>The input of a tile begins and ends at multiples of {@code multiple}, so that pooling and
   * strides fall on the same pixels whichever tile they are seen from. It does not reach beyond the
   * frame but for {@code border} pixels, and as many at the right and bottom as rounding needs;
   * these are mirrored (the edge pixel is not repeated; as often as it takes for a small image).
   *
   * @param frame read one tile ahead of the network, in another thread
   * @param halo how far a pixel of the output looks: at least the radius of the receptive field
   * @param multiple sizes the network takes are multiples of this
   * @param border mirrored pixels around the frame; with {@code border >= halo} the network never
   *     sees the edge of the image
   * @param network takes NCHW of one sample, gives outputs NCHW with the rows and columns of its
   *     input
   * @param sink called once a tile, in the order of the list, from the calling thread, with NCHW
   *     tensors of the size of the region
   * @throws sc.fiji.spyhop.SpyhopException if channels do not fit or an output has another size
   * @throws java.util.concurrent.CancellationException if the user asked to stop
   */
  public static void run(
      Frame frame,
      Intensity intensity,
      List<Tile> tiles,
      int halo,
      int multiple,
      int border,
      Function<Tensor, List<Tensor>> network,
      Progress progress,
      BiConsumer<Tile, List<Tensor>> sink) {
    throw new UnsupportedOperationException();
  }
}
