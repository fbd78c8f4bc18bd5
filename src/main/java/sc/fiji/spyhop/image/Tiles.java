package sc.fiji.spyhop.image;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** Cuts planes into tiles. */
public final class Tiles {

  /** Cores begin at multiples of this, so that most tiles are alike for a network that pools. */
  private static final int GRID = 64;

  private Tiles() {}

  /**
   * Tiles whose cores partition a plane: row by row, or column by column where the plane is wider
   * than high, so that few tiles lie between one and the neighbours of all its sides.
   *
   * @param width of the plane
   * @param height of the plane
   * @param tileSize largest width and height of a core, at least 1
   * @param overlap how far a region reaches beyond its core where the plane does
   * @throws SpyhopException if the plane is empty
   */
  public static List<Tile> plan(int width, int height, int tileSize, int overlap) {
    if (width < 1 || height < 1) {
      throw new SpyhopException(
          Strings.format("The image is empty: %d x %d pixels.", width, height));
    }
    if (tileSize < 1 || overlap < 0) {
      throw new SpyhopException(
          Strings.format(
              "Expected a tile size of at least 1 and an overlap of at least 0, received %d and %d.",
              tileSize, overlap));
    }
    return plan(new Tile(0, 0, width, height), tileSize, overlap, width, height);
  }

  /**
   * Tiles whose cores partition a part of a plane.
   *
   * @param part its core
   * @param tileSize largest width and height of a core, at least 1
   * @param overlap how far a region reaches beyond its core where the plane does, at least 0
   * @param width of the plane
   * @param height of the plane
   */
  public static List<Tile> plan(Tile part, int tileSize, int overlap, int width, int height) {
    int[] columns = starts(part.x(), part.width(), tileSize);
    int[] rows = starts(part.y(), part.height(), tileSize);
    boolean wide = part.width() > part.height();
    int lines = (wide ? columns : rows).length - 1;
    int across = (wide ? rows : columns).length - 1;
    List<Tile> tiles = new ArrayList<>();
    for (int line = 0; line < lines; line++) {
      for (int k = 0; k < across; k++) {
        int i = wide ? line : k;
        int j = wide ? k : line;
        int left = Math.max(0, columns[i] - overlap);
        int right = (int) Math.min(width, (long) columns[i + 1] + overlap);
        int top = Math.max(0, rows[j] - overlap);
        int bottom = (int) Math.min(height, (long) rows[j + 1] + overlap);
        tiles.add(
            new Tile(
                columns[i],
                rows[j],
                columns[i + 1] - columns[i],
                rows[j + 1] - rows[j],
                left,
                top,
                right - left,
                bottom - top));
      }
    }
    return tiles;
  }

  /** Where parts of about equal size begin, and where the last ends. */
  private static int[] starts(int from, int length, int tileSize) {
    int parts = ceilDiv(length, tileSize);
    int step = ceilDiv(length, parts);
    if (parts > 1) step = Math.min(tileSize, ceilDiv(step, GRID) * GRID);
    parts = ceilDiv(length, step);
    int[] starts = new int[parts + 1];
    for (int i = 0; i < parts; i++) starts[i] = from + i * step;
    starts[parts] = from + length;
    return starts;
  }

  private static int ceilDiv(int a, int b) {
    return a / b + (a % b == 0 ? 0 : 1);
  }

  /** Some of many, about as far from each other as can be. */
  public static List<Tile> spread(List<Tile> all, int count) {
    if (all.size() <= count) return all;
    // multiples of the golden ratio fill a line evenly, however many there are
    double golden = (Math.sqrt(5) - 1) / 2;
    return IntStream.range(0, count)
        .map(i -> (int) (all.size() * ((0.5 + i * golden) % 1)))
        .distinct()
        .mapToObj(all::get)
        .toList();
  }
}
