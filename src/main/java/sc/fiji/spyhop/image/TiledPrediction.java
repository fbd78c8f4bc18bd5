package sc.fiji.spyhop.image;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Background;
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
    if (intensity.channels() != frame.channels()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected %d channels, received %d.",
              frame.name(), intensity.channels(), frame.channels()));
    }
    cut(Shown.asItIs(frame, intensity), tiles, halo, multiple, border, network, progress, sink);
  }

  /** As {@link #run}, with something that is shown already normalised. */
  public static void cut(
      Shown shown,
      List<Tile> tiles,
      int halo,
      int multiple,
      int border,
      Function<Tensor, List<Tensor>> network,
      Progress progress,
      BiConsumer<Tile, List<Tensor>> sink) {
    run(
        shown,
        tiles,
        tile -> Window.of(tile, shown, halo, multiple, border),
        network,
        progress,
        (tile, window, outputs) ->
            sink.accept(
                tile, outputs.stream().map(o -> window.crop(o, tile, shown.name())).toList()));
  }

  /**
   * The same for networks that take one size alone: each tile lies about in the middle of what is
   * shown of its surroundings, or at the edge of the image.
   *
   * @param width of what the network takes, at least that of each tile's region
   * @param height of the same
   */
  public static void cutOfSize(
      Shown shown,
      List<Tile> tiles,
      int width,
      int height,
      Function<Tensor, List<Tensor>> network,
      Progress progress,
      BiConsumer<Tile, List<Tensor>> sink) {
    run(
        shown,
        tiles,
        tile -> Window.of(tile, shown, width, height),
        network,
        progress,
        (tile, window, outputs) ->
            sink.accept(
                tile, outputs.stream().map(o -> window.crop(o, tile, shown.name())).toList()));
  }

  /**
   * The same for networks whose outputs are maps of any scale: these are handed on uncut, for tiles
   * whose regions are all that the network was shown of them.
   */
  public static void uncut(
      Shown shown,
      List<Tile> tiles,
      int halo,
      int multiple,
      Function<Tensor, List<Tensor>> network,
      Progress progress,
      BiConsumer<Tile, List<Tensor>> sink) {
    run(
        shown,
        tiles,
        tile -> Window.of(tile, shown, halo, multiple, 0),
        network,
        progress,
        (tile, window, outputs) -> sink.accept(window.around(tile), outputs));
  }

  private interface Sink {
    void accept(Tile tile, Window window, List<Tensor> outputs);
  }

  private static void run(
      Shown shown,
      List<Tile> tiles,
      Function<Tile, Window> around,
      Function<Tensor, List<Tensor>> network,
      Progress progress,
      Sink sink) {
    ExecutorService reader = Background.threads("spyhop-tile-reader", 1);
    try {
      List<Window> windows = tiles.stream().map(around).toList();
      Future<Tensor> next = reader.submit(() -> windows.get(0).read(shown));
      for (int i = 0; i < tiles.size(); i++) {
        progress.checkCancelled();
        Future<Tensor> input = next;
        if (i + 1 < tiles.size()) {
          Window following = windows.get(i + 1);
          next = reader.submit(() -> following.read(shown));
        }
        List<Tensor> outputs = network.apply(Background.await(input));
        progress.checkCancelled();
        sink.accept(tiles.get(i), windows.get(i), outputs);
        progress.update("Predicting " + shown.name(), i + 1, tiles.size());
      }
    } finally {
      reader.shutdownNow();
    }
  }

  /** What the network is shown for a tile; begins before the frame where there is a border. */
  private record Window(long x, long y, int width, int height) {

    static Window of(Tile tile, Shown shown, int halo, int multiple, int border) {
      if (halo < 0 || multiple < 1 || border < 0) {
        throw new IllegalArgumentException(
            Strings.format(
                "tiled prediction: expected halo >= 0, multiple >= 1, border >= 0, received %d, %d, %d",
                halo, multiple, border));
      }
      long left = start(tile.regionX(), halo, multiple, border);
      long top = start(tile.regionY(), halo, multiple, border);
      long right =
          end((long) tile.regionX() + tile.regionWidth(), shown.width(), halo, multiple, border);
      long bottom =
          end((long) tile.regionY() + tile.regionHeight(), shown.height(), halo, multiple, border);
      return new Window(left, top, Math.toIntExact(right - left), Math.toIntExact(bottom - top));
    }

    static Window of(Tile tile, Shown shown, int width, int height) {
      return new Window(
          middle(tile.regionX(), tile.regionWidth(), width, shown.width()),
          middle(tile.regionY(), tile.regionHeight(), height, shown.height()),
          width,
          height);
    }

    private static long middle(int from, int length, int taken, int size) {
      if (length > taken) {
        throw new IllegalArgumentException(
            Strings.format("tiled prediction: a part of %d pixels, shown %d", length, taken));
      }
      int wanted = from - (taken - length) / 2;
      return Math.max(0, Math.min(wanted, (long) size - taken));
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

    Tensor read(Shown shown) {
      return shown.read(x, y, width, height);
    }

    /** The core of a tile, and all of this as its region. */
    Tile around(Tile tile) {
      return new Tile(
          tile.x(),
          tile.y(),
          tile.width(),
          tile.height(),
          Math.toIntExact(x),
          Math.toIntExact(y),
          width,
          height);
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
