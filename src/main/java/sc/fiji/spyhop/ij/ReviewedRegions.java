package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Roi;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import sc.fiji.spyhop.SpyhopException;

/** What was found in an image of a file, the least sure first, see {@link ReviewQueue}. */
public final class ReviewedRegions {

  private final List<Roi> sorted;

  private ReviewedRegions(List<Roi> sorted) {
    this.sorted = sorted;
  }

  /**
   * Reads regions.
   *
   * @param zip of the ROI Manager; none are in one that is not there
   * @throws SpyhopException if it is damaged
   */
  public static ReviewedRegions read(Path zip) {
    List<Roi> all = Files.isRegularFile(zip) ? RoiFormat.zip(zip) : List.of();
    return new ReviewedRegions(ReviewQueue.of(all, OptionalDouble.empty(), 0).regions());
  }

  /** Whether any has a score. */
  public boolean haveScores() {
    return !sorted.isEmpty() && ReviewQueue.score(sorted.get(0)).isPresent();
  }

  /**
   * Scores of those that are to be looked through, ascending.
   *
   * @param below score, in [0, 1], below which they are; absent: any
   * @param max number of them
   */
  public double[] scores(OptionalDouble below, int max) {
    return sorted.subList(0, ReviewQueue.of(sorted, below, max).count()).stream()
        .mapToDouble(roi -> ReviewQueue.score(roi).orElseThrow())
        .toArray();
  }

  /**
   * Writes all of them for the ROI Manager, in their order.
   *
   * @throws SpyhopException if it cannot be written
   */
  public void write(Path zip) {
    Rois.writeZip(zip, sorted);
  }

  /** Opens the image that they are in, or goes without where that cannot be done. */
  public InImage in(String file) {
    Optional<ImagePlus> image;
    try {
      image = Optional.of(ImageFiles.open(Path.of(file)));
    } catch (SpyhopException | InvalidPathException e) {
      image = Optional.empty();
    }
    return new InImage(image, RoiNames.of(sorted));
  }

  /** The regions in their image. */
  public final class InImage {

    private final Optional<ImagePlus> image;
    private final RoiNames names;
    private final Map<RoiFormat.Plane, ReviewSheet.Plane> planes = new HashMap<>();

    private InImage(Optional<ImagePlus> image, RoiNames names) {
      this.image = image;
      this.names = names;
    }

    /** Whether the image can be opened. */
    public boolean isShown() {
      return image.isPresent();
    }

    /** What there is to say of a region, by its position. */
    public ReviewedObject object(int region) {
      Roi roi = sorted.get(region);
      return ReviewedObject.of(roi, names, ReviewedObject.plane(roi, image));
    }

    /** A square around a region, for a {@link ReviewSheet}; absent if the image is not shown. */
    public Optional<BufferedImage> square(int region) {
      Roi roi = sorted.get(region);
      RoiFormat.Plane at = ReviewedObject.plane(roi, image);
      return image.map(i -> planes.computeIfAbsent(at, p -> new ReviewSheet.Plane(i, p)).cut(roi));
    }
  }
}
