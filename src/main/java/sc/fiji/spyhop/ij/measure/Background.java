package sc.fiji.spyhop.ij.measure;

import ij.gui.Roi;
import ij.measure.Calibration;
import ij.process.ImageProcessor;
import java.awt.Rectangle;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What is near an object and belongs to none: the pixels of the image that are two to five pixels
 * away from it, in rows, columns or diagonals, and in no region.
 *
 * @param occupied pixels of all regions, row by row
 */
record Background(BitSet occupied, int width, int height) {

  private static final int NEAREST = 2;
  private static final int FARTHEST = 5;

  static final Background NONE = new Background(new BitSet(), 0, 0);

  /** Of an image of some size with these regions in it. */
  static Background around(List<? extends Roi> rois, int width, int height) {
    BitSet occupied = new BitSet(Math.multiplyExact(width, height));
    for (Roi roi : rois) {
      Rectangle box = roi.getBounds();
      // of a copy, since regions keep their masks
      ImageProcessor mask = ((Roi) roi.clone()).getMask();
      for (int y = Math.max(0, box.y); y < Math.min(height, box.y + box.height); y++) {
        for (int x = Math.max(0, box.x); x < Math.min(width, box.x + box.width); x++) {
          if (mask == null || mask.get(x - box.x, y - box.y) != 0) occupied.set(y * width + x);
        }
      }
    }
    return new Background(occupied, width, height);
  }

  /** Median of the pixels around a region, in calibrated values; NaN if there are none. */
  double of(Roi roi, ImageProcessor plane, Calibration calibration) {
    Rectangle box = roi.getBounds();
    Rectangle around = new Rectangle(box);
    around.grow(FARTHEST, FARTHEST);
    boolean[] near = grown(roi, box, around, NEAREST - 1);
    boolean[] far = grown(roi, box, around, FARTHEST);
    float[] values = new float[far.length];
    int n = 0;
    for (int y = Math.max(0, around.y); y < Math.min(height, around.y + around.height); y++) {
      for (int x = Math.max(0, around.x); x < Math.min(width, around.x + around.width); x++) {
        int i = (y - around.y) * around.width + x - around.x;
        if (far[i] && !near[i] && !occupied.get(y * width + x)) values[n++] = plane.getf(x, y);
      }
    }
    if (n == 0) return Double.NaN;
    Arrays.sort(values, 0, n);
    double low = calibrated(values[(n - 1) / 2], calibration);
    return (low + calibrated(values[n / 2], calibration)) / 2;
  }

  private static double calibrated(float value, Calibration calibration) {
    return calibration.getCValue(value);
  }

  /** The region with everything at most so far from it, in rows, columns or diagonals. */
  private static boolean[] grown(Roi roi, Rectangle box, Rectangle around, int by) {
    ImageProcessor mask = roi.getMask();
    boolean[] rows = new boolean[around.width * around.height];
    for (int y = 0; y < box.height; y++) {
      int row = (y + box.y - around.y) * around.width + box.x - around.x;
      for (int x = 0; x < box.width; x++) {
        if (mask != null && mask.get(x, y) == 0) continue;
        Arrays.fill(rows, row + x - by, row + x + by + 1, true);
      }
    }
    boolean[] grown = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      if (!rows[i]) continue;
      for (int dy = -by; dy <= by; dy++) {
        int j = i + dy * around.width;
        if (j >= 0 && j < grown.length) grown[j] = true;
      }
    }
    return grown;
  }
}
