package sc.fiji.spyhop.job.preview;

import ij.ImagePlus;
import java.awt.Rectangle;
import sc.fiji.spyhop.image.Tile;

/**
 * What is seen of an image.
 *
 * @param z slice, from 1
 * @param t time point, from 1
 * @param part of the slice, in pixels
 */
public record View(int z, int t, Rectangle part) {

  /** Parts begin and end at multiples of this, so that what is moved a little is the same part. */
  private static final int GRID = 64;

  /** With something around it, as far as the image reaches. */
  Tile around(int margin, ImagePlus image) {
    int left = Math.max(0, Math.floorDiv(part.x - margin, GRID) * GRID);
    int top = Math.max(0, Math.floorDiv(part.y - margin, GRID) * GRID);
    int right = Math.min(image.getWidth(), up(part.x + part.width + margin));
    int bottom = Math.min(image.getHeight(), up(part.y + part.height + margin));
    return new Tile(left, top, right - left, bottom - top);
  }

  private static int up(int value) {
    return -Math.floorDiv(-value, GRID) * GRID;
  }
}
