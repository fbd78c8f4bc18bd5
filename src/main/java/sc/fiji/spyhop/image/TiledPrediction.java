package sc.fiji.spyhop.image;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

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
    if (halo < 0 || multiple < 1 || border < 0) {
      throw new IllegalArgumentException(
          Strings.format(
              "tiled prediction: expected halo >= 0, multiple >= 1, border >= 0, received %d, %d, %d",
              halo, multiple, border));
    }
    if (intensity.channels() != frame.channels()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected %d channels, received %d.",
              frame.name(), intensity.channels(), frame.channels()));
    }
    FloatBlocks blocks = new FloatBlocks(frame);
    ExecutorService reader = Executors.newSingleThreadExecutor(TiledPrediction::daemon);
    try {
      List<Window> windows =
          tiles.stream().map(t -> Window.of(t, frame, halo, multiple, border)).toList();
      Future<Tensor> next = null;
      for (int i = 0; i < tiles.size(); i++) {
        progress.checkCancelled();
        Future<Tensor> input = i == 0 ? read(reader, blocks, intensity, windows.get(0)) : next;
        if (i + 1 < tiles.size()) next = read(reader, blocks, intensity, windows.get(i + 1));
        List<Tensor> outputs = network.apply(await(input));
        progress.checkCancelled();
        Tile tile = tiles.get(i);
        Window window = windows.get(i);
        sink.accept(tile, outputs.stream().map(o -> window.crop(o, tile, frame.name())).toList());
        progress.update("Predicting " + frame.name(), i + 1, tiles.size());
      }
    } finally {
      reader.shutdownNow();
    }
  }

  private static Thread daemon(Runnable job) {
    Thread thread = new Thread(job, "spyhop-tile-reader");
    thread.setDaemon(true);
    return thread;
  }

  private static Future<Tensor> read(
      ExecutorService reader, FloatBlocks blocks, Intensity intensity, Window w) {
    return reader.submit(
        () -> {
          float[] chw = blocks.readMirrored(w.x, w.y, w.width, w.height);
          intensity.apply(chw, intensity.channels());
          return new Tensor(Axes.NCHW, new int[] {1, intensity.channels(), w.height, w.width}, chw);
        });
  }

  private static Tensor await(Future<Tensor> input) {
    try {
      return input.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      if (e.getCause() instanceof Error cause) throw cause;
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Cancelled.");
    }
  }

  /** What the network is shown for a tile; begins before the frame where there is a border. */
  private record Window(long x, long y, int width, int height) {

    static Window of(Tile tile, Frame frame, int halo, int multiple, int border) {
      long left = start(tile.regionX(), halo, multiple, border);
      long top = start(tile.regionY(), halo, multiple, border);
      long right =
          end((long) tile.regionX() + tile.regionWidth(), frame.width(), halo, multiple, border);
      long bottom =
          end((long) tile.regionY() + tile.regionHeight(), frame.height(), halo, multiple, border);
      return new Window(left, top, Math.toIntExact(right - left), Math.toIntExact(bottom - top));
    }

    private static long start(long from, int halo, int multiple, int border) {
      long wanted = Math.floorDiv(from - halo, (long) multiple) * multiple;
      return Math.max(-roundUp(border, multiple), wanted);
    }

    private static long end(long to, int size, int halo, int multiple, int border) {
      return Math.min(roundUp((long) size + border, multiple), roundUp(to + halo, multiple));
    }

    private static long roundUp(long value, int multiple) {
      return -Math.floorDiv(-value, (long) multiple) * multiple;
    }

    Tensor crop(Tensor output, Tile tile, String name) {
      if (output.rank() != 4
          || output.size(0) != 1
          || output.size(2) != height
          || output.size(3) != width) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected a network output of %d x %d pixels, like its input, received %s.",
                name, width, height, output));
      }
      int channels = output.size(1);
      int w = tile.regionWidth();
      int h = tile.regionHeight();
      if (w == width && h == height) return output;
      int dx = Math.toIntExact(tile.regionX() - x);
      int dy = Math.toIntExact(tile.regionY() - y);
      float[] cut = new float[Math.multiplyExact(Math.multiplyExact(w, h), channels)];
      for (int c = 0; c < channels; c++) {
        for (int j = 0; j < h; j++) {
          int from = (c * height + dy + j) * width + dx;
          System.arraycopy(output.data(), from, cut, (c * h + j) * w, w);
        }
      }
      return new Tensor(Axes.NCHW, new int[] {1, channels, h, w}, cut);
    }
  }
}
