package sc.fiji.spyhop.image;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Puts the outputs of a network for the regions of tiles together from those for their cores, so
 * that what regions share is computed once. Keeps the outputs of a row (or column) of tiles, and of
 * the row before it the strips that reach into regions to come.
 */
public final class Mosaic {

  private final List<Tile> tiles;
  private final BiConsumer<Tile, List<Tensor>> sink;
  private final List<Piece> pieces = new ArrayList<>();
  private int next;

  /**
   * @param lastReader index of the last tile whose region the core has a part in
   */
  private record Piece(Tile core, List<Tensor> outputs, int lastReader) {

    /** The smallest part that holds all that tiles to come see of it; itself if that is most. */
    Piece seenBy(List<Tile> toCome) {
      int left = Integer.MAX_VALUE;
      int top = Integer.MAX_VALUE;
      int right = 0;
      int bottom = 0;
      for (Tile t : toCome) {
        if (shared(core, t) == 0) continue;
        left = Math.min(left, Math.max(core.x(), t.regionX()));
        top = Math.min(top, Math.max(core.y(), t.regionY()));
        right = Math.max(right, Math.min(core.x() + core.width(), t.regionX() + t.regionWidth()));
        bottom =
            Math.max(bottom, Math.min(core.y() + core.height(), t.regionY() + t.regionHeight()));
      }
      Tile part = new Tile(left, top, right - left, bottom - top);
      if (2L * part.width() * part.height() > (long) core.width() * core.height()) return this;
      List<Tensor> cut = new ArrayList<>();
      for (Tensor from : outputs) {
        Tensor to = Tensor.zeros(Axes.NCHW, 1, from.size(1), part.height(), part.width());
        copy(core, from, part, to);
        cut.add(to);
      }
      return new Piece(part, cut, lastReader);
    }
  }

  /**
   * Of tiles whose cores are computed one by one.
   *
   * @param tiles whose cores cover all regions
   * @param sink called once a tile, in the order of the list, as soon as all is there, with tensors
   *     NCHW of the size of the region
   */
  public Mosaic(List<Tile> tiles, BiConsumer<Tile, List<Tensor>> sink) {
    this.tiles = tiles;
    this.sink = sink;
  }

  /** The cores of the tiles, as tiles without surroundings. */
  public List<Tile> cores() {
    return tiles.stream().map(t -> new Tile(t.x(), t.y(), t.width(), t.height())).toList();
  }

  /**
   * Takes the outputs for one of the {@link #cores}, which may come in any order.
   *
   * @param outputs NCHW of one sample and the size of the core
   */
  public void add(Tile core, List<Tensor> outputs) {
    int last = tiles.size() - 1;
    while (shared(core, tiles.get(last)) == 0) last--;
    pieces.add(new Piece(core, outputs, last));
    while (next < tiles.size() && isCovered(tiles.get(next))) {
      Tile tile = tiles.get(next);
      List<Tensor> region = region(tile);
      next++;
      pieces.removeIf(p -> p.lastReader < next);
      pieces.replaceAll(p -> p.seenBy(tiles.subList(next, p.lastReader + 1)));
      sink.accept(tile, region);
    }
  }

  /** Number of values that are kept for tiles to come. */
  long kept() {
    return pieces.stream().flatMap(p -> p.outputs.stream()).mapToLong(Tensor::length).sum();
  }

  private boolean isCovered(Tile tile) {
    long covered = 0;
    for (Piece p : pieces) covered += shared(p.core, tile);
    return covered == (long) tile.regionWidth() * tile.regionHeight();
  }

  /** How many pixels of a core lie in the region of a tile. */
  private static long shared(Tile core, Tile tile) {
    int w =
        Math.min(core.x() + core.width(), tile.regionX() + tile.regionWidth())
            - Math.max(core.x(), tile.regionX());
    int h =
        Math.min(core.y() + core.height(), tile.regionY() + tile.regionHeight())
            - Math.max(core.y(), tile.regionY());
    return (long) Math.max(0, w) * Math.max(0, h);
  }

  private List<Tensor> region(Tile tile) {
    List<Piece> parts = pieces.stream().filter(p -> shared(p.core, tile) > 0).toList();
    if (tile.isWhole() && parts.size() == 1) return parts.get(0).outputs;
    List<Tensor> joined = new ArrayList<>();
    for (int k = 0; k < parts.get(0).outputs.size(); k++) {
      int channels = parts.get(0).outputs.get(k).size(1);
      Tensor output = Tensor.zeros(Axes.NCHW, 1, channels, tile.regionHeight(), tile.regionWidth());
      for (Piece p : parts) copy(p.core, p.outputs.get(k), tile, output);
      joined.add(output);
    }
    return joined;
  }

  private static void copy(Tile core, Tensor from, Tile tile, Tensor to) {
    int left = Math.max(core.x(), tile.regionX());
    int right = Math.min(core.x() + core.width(), tile.regionX() + tile.regionWidth());
    int top = Math.max(core.y(), tile.regionY());
    int bottom = Math.min(core.y() + core.height(), tile.regionY() + tile.regionHeight());
    for (int c = 0; c < from.size(1); c++) {
      for (int y = top; y < bottom; y++) {
        System.arraycopy(
            from.data(),
            (c * core.height() + y - core.y()) * core.width() + left - core.x(),
            to.data(),
            (c * tile.regionHeight() + y - tile.regionY()) * tile.regionWidth()
                + left
                - tile.regionX(),
            right - left);
      }
    }
  }
}
