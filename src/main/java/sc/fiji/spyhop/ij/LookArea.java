package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.measure.Calibration;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.awt.Rectangle;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Clipping;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Which part of images is looked at.
 *
 * @param text as a user says it, see {@link #parse}
 * @param edge what becomes of things across its border
 * @param masks of images; absent if none are asked for
 * @param alone whether what is outside plays no part in how intensities are normalized
 */
public record LookArea(String text, Clipping.Edge edge, Optional<MaskFiles> masks, boolean alone) {

  /** All of an image. */
  public static final LookArea ALL =
      new LookArea("all", Clipping.Edge.KEEP, Optional.empty(), false);

  private static final String SELECTION = "selection";
  private static final String OVERLAY = "overlay";
  private static final String MANAGER = "manager";

  /**
   * As a user says: {@code all}; {@code selection}, {@code overlay} or {@code manager} for the
   * areas that are drawn there; or a mask, an image whose pixels other than 0 are looked at, or a
   * folder of masks that are called like the images.
   *
   * @throws SpyhopException if a mask is not there
   */
  public static LookArea parse(String text, Clipping.Edge edge) {
    String asked = text.strip();
    if (List.of("all", SELECTION, OVERLAY, MANAGER).contains(asked)) {
      return new LookArea(asked, edge, Optional.empty(), false);
    }
    if (isThere(asked)) {
      return new LookArea(asked, edge, Optional.of(MaskFiles.in(Path.of(asked))), false);
    }
    throw new SpyhopException(
        "expected all, selection, overlay, manager, or the file of a mask or a folder of masks that"
            + " is there, received \""
            + asked
            + "\".");
  }

  private static boolean isThere(String path) {
    try {
      return !path.isEmpty() && Files.exists(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Whether whole images are looked at. */
  public boolean isAll() {
    return text.equals(ALL.text);
  }

  /** The same, with intensities normalized over it alone, or over all of an image. */
  public LookArea alone(boolean normalized) {
    return new LookArea(text, edge, masks, normalized);
  }

  /** The frames of an image, normalized as is asked for. */
  public Frames normalized(Frames frames, Of within) {
    return alone ? frames.measuredWithin(within) : frames;
  }

  /** What changes a result. */
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("within", text);
    if (!isAll()) settings.put("within edge", edge.name().toLowerCase(Locale.ROOT));
    masks.ifPresent(m -> settings.put("within masks", m.stamp()));
    if (alone && !isAll()) settings.put("within normalize", "area");
    return settings;
  }

  /**
   * Refuses a mask that would be taken for two images.
   *
   * @throws SpyhopException if there is one
   */
  public void requireOneEach(Collection<Path> images) {
    masks.ifPresent(m -> m.requireOneEach(images));
  }

  /** The area in one image. */
  public static final class Of {

    /** Pixels of a plane. */
    private interface Planes {
      BitSet inside(int z, int t);
    }

    private final Optional<Planes> planes;
    private final Clipping.Edge edge;
    private final boolean alike;
    private int lastZ;
    private int lastT;
    private Optional<Clipping> last = Optional.empty();

    /**
     * An area.
     *
     * @param planes absent if all is looked at
     * @param alike whether all planes are the same
     */
    private Of(Optional<Planes> planes, Clipping.Edge edge, boolean alike) {
      this.planes = planes;
      this.edge = edge;
      this.alike = alike;
    }

    /**
     * What is left out of a plane.
     *
     * @param z slice, from 1
     * @param t time point, from 1
     * @return empty: nothing
     */
    public synchronized Optional<Clipping> plane(int z, int t) {
      if (last.isEmpty() || !alike && (z != lastZ || t != lastT)) {
        last = planes.map(p -> new Clipping(p.inside(z, t), edge));
        lastZ = z;
        lastT = t;
      }
      return last;
    }

    /** What of a segmented plane is in it. */
    public Segmentation clip(int z, int t, Segmentation found, boolean classes) {
      return plane(z, t).map(c -> c.of(found, classes)).orElse(found);
    }

    /** What of the boxes and points of a plane is in it. */
    public Annotation clip(int z, int t, Annotation found) {
      return plane(z, t).map(c -> c.of(found)).orElse(found);
    }

    /** Pixels of it in a plane of so many. */
    public long pixels(int z, int t, long all) {
      return plane(z, t).map(c -> (long) c.inside().cardinality()).orElse(all);
    }

    /** Whether no pixel of an image of so many planes is in it. */
    public boolean isEmpty(int slices, int frames) {
      if (planes.isEmpty()) return false;
      for (int t = 1; t <= (alike ? 1 : frames); t++) {
        for (int z = 1; z <= (alike ? 1 : slices); z++) if (pixels(z, t, 1) > 0) return false;
      }
      return true;
    }
  }

  /**
   * The area in an image.
   *
   * @param file of the image
   * @throws SpyhopException if there is no area, or the mask of the image is missing or does not
   *     fit
   */
  public Of in(ImagePlus image, Path file) {
    return in(image, FileNames.slashed(file.toAbsolutePath().normalize()));
  }

  /** The same in an open image, whose mask is called like its title. */
  public Of in(ImagePlus image) {
    return in(image, image.getTitle());
  }

  private Of in(ImagePlus image, String name) {
    if (isAll()) return new Of(Optional.empty(), edge, true);
    return switch (text) {
      case SELECTION ->
          drawn(image, image.getRoi() == null ? List.of() : List.of(everywhere(image.getRoi())));
      case OVERLAY -> drawn(image, ClassLabels.regions(image));
      case MANAGER -> drawn(image, Rois.inManager());
      default -> masked(image, masks.orElseThrow().of(name));
    };
  }

  /** What is said where nothing is looked at. */
  public String nothing() {
    return "Nothing of it is looked at: no pixel is within " + text + ".";
  }

  private static Roi everywhere(Roi selection) {
    Roi roi = (Roi) selection.clone();
    roi.setPosition(0);
    return roi;
  }

  /** Areas; in a plane in which none is, nothing is looked at. */
  private Of drawn(ImagePlus image, List<Roi> rois) {
    List<Roi> areas =
        rois.stream().filter(Roi::isArea).filter(r -> !CommandOverlay.isOwn(r)).toList();
    if (areas.isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected areas to look at (%s), found none. Draw some, or look at all.",
              image.getTitle(), text));
    }
    boolean alike =
        areas.stream().noneMatch(r -> r.hasHyperStackPosition() || r.getPosition() != 0);
    Of.Planes planes =
        (z, t) -> {
          BitSet inside = new BitSet();
          for (Roi roi : areas) if (isAt(roi, image, z, t)) fill(inside, roi, image);
          return inside;
        };
    return new Of(Optional.of(planes), edge, alike);
  }

  private static boolean isAt(Roi roi, ImagePlus image, int z, int t) {
    if (roi.hasHyperStackPosition()) {
      return (roi.getZPosition() == 0 || roi.getZPosition() == z)
          && (roi.getTPosition() == 0 || roi.getTPosition() == t);
    }
    if (roi.getPosition() == 0) return true;
    int[] czt = image.convertIndexToPosition(roi.getPosition());
    return czt[1] == z && czt[2] == t;
  }

  private static void fill(BitSet inside, Roi roi, ImagePlus image) {
    ImageSize size = new ImageSize(image.getWidth(), image.getHeight());
    Rectangle box = roi.getBounds();
    ImageProcessor mask = roi.getMask();
    for (int y = Math.max(0, box.y); y < Math.min(size.height(), box.y + box.height); y++) {
      int from = Math.max(0, box.x);
      int to = Math.min(size.width(), box.x + box.width);
      if (mask == null && from < to) inside.set(y * size.width() + from, y * size.width() + to);
      for (int x = from; mask != null && x < to; x++) {
        if (mask.get(x - box.x, y - box.y) != 0) inside.set(y * size.width() + x);
      }
    }
  }

  /** Whether a pixel is anything but 0, as its image is calibrated; black and NaN are not. */
  private static boolean isSet(ImageProcessor pixels, int i, Calibration calibration) {
    if (pixels instanceof ColorProcessor) return (pixels.get(i) & 0xFFFFFF) != 0;
    double value = calibration.getCValue(pixels.getf(i));
    return value != 0 && !Double.isNaN(value);
  }

  private Of masked(ImagePlus image, Path file) {
    ImagePlus mask = ImageFiles.open(file);
    if (mask.getWidth() != image.getWidth() || mask.getHeight() != image.getHeight()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected a mask of %d x %d pixels as the image %s, received %d x %d.",
              file,
              image.getWidth(),
              image.getHeight(),
              image.getTitle(),
              mask.getWidth(),
              mask.getHeight()));
    }
    requireLike(image, mask, file);
    Of.Planes planes =
        (z, t) -> {
          BitSet inside = new BitSet();
          ImageProcessor pixels = mask.getStack().getProcessor(plane(mask, image, z, t));
          int n = pixels.getPixelCount();
          for (int i = 0; i < n; i++) if (isSet(pixels, i, mask.getCalibration())) inside.set(i);
          return inside;
        };
    return new Of(Optional.of(planes), edge, mask.getStackSize() == 1);
  }

  /** A mask has one plane for all, or one for each. */
  private static void requireLike(ImagePlus image, ImagePlus mask, Path file) {
    int planes = image.getNSlices() * image.getNFrames();
    boolean fits = mask.getStackSize() == 1 || mask.getStackSize() == planes;
    if (fits && mask.getNChannels() == 1) return;
    throw new SpyhopException(
        Strings.format(
            "%s: expected a mask of one plane%s and one channel, since the image %s has %s, received"
                + " %s.",
            file,
            planes == 1 ? "" : " or " + planes,
            image.getTitle(),
            Strings.count(planes, "plane"),
            mask.getNChannels() > 1
                ? Strings.count(mask.getNChannels(), "channel")
                : Strings.count(mask.getStackSize(), "plane")));
  }

  /** By slice, then time point, which need not be told apart in the mask. */
  private static int plane(ImagePlus mask, ImagePlus image, int z, int t) {
    return mask.getStackSize() == 1 ? 1 : (t - 1) * image.getNSlices() + z;
  }
}
