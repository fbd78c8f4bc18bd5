package sc.fiji.spyhop.explain.learned;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import sc.fiji.spyhop.util.Strings;

/**
 * The strongest patches of each feature map beside their projections, as pictures. Patches of three
 * channels are shown in colours, of others the first channel. A projection is grey where nothing
 * comes back; each in its own range.
 */
public final class PatchSheet {

  private static final int SMALLEST = 36;
  private static final int LARGEST = 96;
  private static final int GAP = 2;
  private static final int MIDDLE = 8;
  private static final int BETWEEN = 20;

  /** Width of the montage, of its height, about. */
  private static final double LANDSCAPE = 1.5;

  private final FeatureMaps maps;
  private final int[] order;
  private final int side;
  private final int cellWidth;
  private final int cellHeight;

  /**
   * Draws nothing until it is asked for the picture.
   *
   * @param order of red, green and blue among the channels; empty to show the first in grey
   */
  public PatchSheet(FeatureMaps maps, int... order) {
    this.maps = maps;
    this.order = order.clone();
    int most = 1;
    for (FeatureMap m : maps.maps()) most = Math.max(most, m.patches().size());
    side = (int) Math.ceil(Math.sqrt(most));
    int width = 1;
    int height = 1;
    for (FeatureMap m : maps.maps()) {
      for (Patch p : m.patches()) {
        width = Math.max(width, p.width());
        height = Math.max(height, p.height());
      }
    }
    int longer = Math.max(width, height);
    double scale = 1;
    if (longer < SMALLEST) scale = Math.ceil((double) SMALLEST / longer);
    if (longer > LARGEST) scale = (double) LARGEST / longer;
    cellWidth = Math.max(1, (int) Math.round(width * scale));
    cellHeight = Math.max(1, (int) Math.round(height * scale));
  }

  /** The maps that are shown: those with patches, and among them those that are dead. */
  private List<FeatureMap> shown() {
    int last = 0;
    for (FeatureMap m : maps.maps()) if (!m.patches().isEmpty()) last = m.number();
    return maps.maps().subList(0, last);
  }

  /** A map: its name, patches to the left, in rows from the strongest, projections to the right. */
  public BufferedImage tile(FeatureMap map) {
    int half = side * (cellWidth + GAP) - GAP;
    int height = side * (cellHeight + GAP) - GAP + Drawing.LINE + GAP;
    BufferedImage tile = Drawing.blank(2 * half + MIDDLE, height);
    Graphics2D g = Drawing.on(tile);
    Drawing.text(g, title(map), 0, Drawing.LINE - 3);
    for (int i = 0; i < map.patches().size(); i++) {
      Patch p = map.patches().get(i);
      int x = i % side * (cellWidth + GAP);
      int y = Drawing.LINE + GAP + i / side * (cellHeight + GAP);
      BufferedImage seen =
          Drawing.image(channels(p.pixels()), p.width(), p.height(), p.low(), p.high());
      double most = most(p.projection());
      BufferedImage back =
          Drawing.image(channels(p.projection()), p.width(), p.height(), -most, most);
      Drawing.tile(g, seen, x, y, cellWidth, cellHeight);
      Drawing.tile(g, back, half + MIDDLE + x, y, cellWidth, cellHeight);
    }
    g.dispose();
    return tile;
  }

  /** What stands above it, such as {@code map 7, up to 3.2}. */
  public static String title(FeatureMap map) {
    String fault = map.fault().isEmpty() ? "" : ", " + map.fault();
    return map.isDead()
        ? "map " + map.number() + fault
        : Strings.format("map %d, up to %.3g%s", map.number(), map.max(), fault);
  }

  /** Pictures of all maps that are shown, of one size, to be the slices of a stack. */
  public List<BufferedImage> tiles() {
    return shown().stream().map(this::tile).toList();
  }

  /** Titles of the {@link #tiles}. */
  public List<String> titles() {
    return shown().stream().map(PatchSheet::title).toList();
  }

  /** All of them in rows. */
  public BufferedImage montage() {
    List<BufferedImage> tiles = tiles();
    if (tiles.isEmpty()) return Drawing.blank(1, 1);
    int width = tiles.get(0).getWidth() + BETWEEN;
    int height = tiles.get(0).getHeight() + BETWEEN;
    int fitting = (int) Math.round(Math.sqrt(LANDSCAPE * tiles.size() * height / width));
    int columns = Math.max(1, Math.min(tiles.size(), fitting));
    int rows = (tiles.size() + columns - 1) / columns;
    BufferedImage montage = Drawing.blank(columns * width, rows * height);
    Graphics2D g = Drawing.on(montage);
    for (int i = 0; i < tiles.size(); i++) {
      int x = i % columns * width + BETWEEN / 2;
      g.drawImage(tiles.get(i), x, i / columns * height + BETWEEN / 2, null);
    }
    g.dispose();
    return montage;
  }

  private float[][] channels(float[]... all) {
    return order.length == 3
        ? new float[][] {all[order[0]], all[order[1]], all[order[2]]}
        : new float[][] {all[0]};
  }

  private static double most(float[]... channels) {
    double most = 0;
    for (float[] channel : channels) for (float v : channel) most = Math.max(most, Math.abs(v));
    return most;
  }
}
