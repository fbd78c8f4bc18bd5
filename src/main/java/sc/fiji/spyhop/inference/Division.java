package sc.fiji.spyhop.inference;

import java.util.List;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.image.Tiles;
import sc.fiji.spyhop.image.Zoom;

/**
 * How an image is divided into parts whose maps are taken apart one by one. The same division of
 * the same maps gives the same objects.
 *
 * @param tile largest width and height of a part, in pixels of what the network is shown, from 1
 * @param overlap how far beyond a part is looked, the same, from 0
 * @param scale in which the image is shown
 */
public record Division(int tile, int overlap, double scale) {

  /** Least width and height of a part where an image is shown in another scale. */
  private static final int SMALLEST = 128;

  /**
   * The parts of an image.
   *
   * @return tiles of the image, whose cores partition it
   */
  public List<Tile> parts(int width, int height) {
    return scale == 1
        ? Tiles.plan(width, height, tile, overlap)
        : zoomed(Zoom.of(width, height, scale)).stream().map(Zoom.Part::image).toList();
  }

  /** The same in another scale, with what is shown of them. */
  List<Zoom.Part> zoomed(Zoom zoom) {
    int core = Math.max(SMALLEST, (int) (tile * Math.min(1, Math.min(scale, 1 / scale))));
    return zoom.plan(core, overlap);
  }
}
