package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.gui.RotatedRectRoi;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resampling;
import sc.fiji.spyhop.util.Strings;

/**
 * A part of an image that something is said about: a slice at a time point, or a region of interest
 * in it.
 *
 * @param z slice, from 1
 * @param t time point, from 1
 * @param roi absent: all of the slice
 * @param frame reads the pixels: of the bounding box of the region, as far as it lies in the image;
 *     of a rotated rectangle turned upright
 */
public record Region(int z, int t, Optional<Roi> roi, Supplier<Frame> frame) {

  /** Every slice at every time point. */
  public static List<Region> slices(Frames frames) {
    List<Region> all = new ArrayList<>();
    for (int t = 1; t <= frames.timePoints(); t++) {
      for (int z = 1; z <= frames.slices(); z++) {
        int slice = z;
        int time = t;
        all.add(new Region(z, t, Optional.empty(), () -> frames.get(slice, time)));
      }
    }
    return all;
  }

  /**
   * Regions of interest, each at its slice and time point; those that show everywhere are taken at
   * the current ones.
   *
   * @throws SpyhopException if there are none, or one lies outside the image
   */
  public static List<Region> of(Frames frames, List<Roi> rois) {
    ImagePlus image = frames.image();
    if (rois.isEmpty()) {
      throw new SpyhopException(
          image.getTitle()
              + ": expected regions of interest, found none. Add some, or do whole slices.");
    }
    List<Region> all = new ArrayList<>();
    for (Roi roi : rois) {
      Rectangle box =
          roi.getBounds().intersection(new Rectangle(0, 0, image.getWidth(), image.getHeight()));
      if (box.isEmpty()) {
        throw new SpyhopException(
            Strings.format(
                "%s: the region \"%s\" lies outside the image. Remove it.",
                image.getTitle(), name(roi, all.size())));
      }
      int[] at = position(roi, image);
      all.add(
          new Region(
              at[0],
              at[1],
              Optional.of(roi),
              () -> {
                Frame whole = frames.get(at[0], at[1]);
                return roi instanceof RotatedRectRoi r ? upright(whole, r) : crop(whole, box);
              }));
    }
    return all;
  }

  private static String name(Roi roi, int index) {
    return roi.getName() == null ? "" + (index + 1) : roi.getName();
  }

  /** Slice and time point, from 1. */
  private static int[] position(Roi roi, ImagePlus image) {
    int z = image.getZ();
    int t = image.getT();
    if (roi.hasHyperStackPosition()) {
      z = roi.getZPosition() > 0 ? roi.getZPosition() : z;
      t = roi.getTPosition() > 0 ? roi.getTPosition() : t;
    } else if (roi.getPosition() > 0) {
      int[] czt = image.convertIndexToPosition(roi.getPosition());
      z = czt[1];
      t = czt[2];
    }
    return new int[] {Math.min(z, image.getNSlices()), Math.min(t, image.getNFrames())};
  }

  @SuppressWarnings("unchecked")
  private static <T extends RealType<T>> Frame crop(Frame whole, Rectangle box) {
    RandomAccessibleInterval<T> pixels = (RandomAccessibleInterval<T>) whole.pixels();
    return new Frame(
        whole.name(),
        Views.zeroMin(
            Views.interval(
                pixels,
                FinalInterval.createMinSize(
                    box.x, box.y, 0, box.width, box.height, whole.channels()))),
        whole.pixelSize());
  }

  /** Its first axis, from the middle of one short side to the other, becomes the x axis. */
  private static Frame upright(Frame whole, RotatedRectRoi roi) {
    double[] p = roi.getParams();
    double dx = p[2] - p[0];
    double dy = p[3] - p[1];
    double length = Math.hypot(dx, dy);
    Affine toImage =
        Affine.translation(0, -p[4] / 2)
            .then(Affine.rotation(Math.atan2(dy, dx)))
            .then(Affine.translation(p[0], p[1]));
    return Resampling.piece(
        whole, toImage, (int) Math.max(1, Math.round(length)), (int) Math.max(1, Math.round(p[4])));
  }
}
