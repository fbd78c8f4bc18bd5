package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.measure.Calibration;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
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
 */
public record LookArea(String text, Clipping.Edge edge) {

  /** All of an image. */
  public static final LookArea ALL = new LookArea("all", Clipping.Edge.KEEP);

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
      return new LookArea(asked, edge);
    }
    if (isThere(asked)) return new LookArea(asked, edge);
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

  public boolean isAll() {
    return text.equals(ALL.text);
  }

  /** What changes a result; nothing if all is looked at. */
  public Map<String, String> settings() {
    if (isAll()) return Map.of();
    Map<String, String> settings = new TreeMap<>();
    settings.put("within", text);
    settings.put("edge", edge.name().toLowerCase(Locale.ROOT));
    if (!List.of(OVERLAY, SELECTION, MANAGER).contains(text)) settings.put("masks", stamp());
    return settings;
  }

  /** Another one if a mask is another. */
  private String stamp() {
    try (Stream<Path> all = Files.walk(Path.of(text), 1)) {
      CRC32 sum = new CRC32();
      for (Path file : all.filter(Files::isRegularFile).sorted(FileNames.ORDER).toList()) {
        String line =
            Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis() + " " + file;
        sum.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return Long.toHexString(sum.getValue());
    } catch (IOException e) {
      throw new SpyhopException(text + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The area of one image. */
  public interface Of {
    /**
     * What is left out of a plane.
     *
     * @param z slice, from 1
     * @param t time point, from 1
     * @return empty: nothing
     */
    Optional<Clipping> plane(int z, int t);

    /** What of a segmented plane is in it. */
    default Segmentation clip(int z, int t, Segmentation found, boolean classes) {
      return plane(z, t).map(c -> c.of(found, classes)).orElse(found);
    }

    /** What of the boxes and points of a plane is in it. */
    default Annotation clip(int z, int t, Annotation found) {
      return plane(z, t).map(c -> c.of(found)).orElse(found);
    }

    /** Pixels of it in a plane of so many. */
    default long pixels(int z, int t, long all) {
      return plane(z, t).map(c -> (long) c.inside().cardinality()).orElse(all);
    }
  }

  /**
   * The area in an image.
   *
   * @param file of the image; of an open one that has none its title
   * @throws SpyhopException if there is no area, or the mask of the image is missing or of another
   *     size
   */
  public Of in(ImagePlus image, Path file) {
    if (isAll()) return (z, t) -> Optional.empty();
    return switch (text) {
      case SELECTION ->
          drawn(image, image.getRoi() == null ? List.of() : List.of(everywhere(image.getRoi())));
      case OVERLAY -> drawn(image, ClassLabels.regions(image));
      case MANAGER -> drawn(image, Rois.inManager());
      default -> masked(image, mask(file));
    };
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
    return (z, t) -> {
      BitSet inside = new BitSet();
      for (Roi roi : areas) if (isAt(roi, image, z, t)) fill(inside, roi, image);
      return Optional.of(new Clipping(inside, edge));
    };
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

  private Path mask(Path file) {
    Path given = Path.of(text);
    if (!Files.isDirectory(given)) return given;
    String name = stem(file);
    try (Stream<Path> all = Files.list(given)) {
      return all.filter(Files::isRegularFile)
          .filter(f -> FileNames.key(stem(f)).equals(FileNames.key(name)))
          .min(FileNames.ORDER)
          .orElseThrow(
              () ->
                  new SpyhopException(
                      Strings.format(
                          "%s: there is no mask in %s that is called %s, whatever its extension.",
                          FileNames.last(file), given, name)));
    } catch (IOException e) {
      throw new SpyhopException(given + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static String stem(Path file) {
    return FileNames.last(file).replaceFirst("\\.[^.]*$", "");
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
    return (z, t) -> {
      int plane =
          mask.getStackIndex(1, Math.min(z, mask.getNSlices()), Math.min(t, mask.getNFrames()));
      ImageProcessor pixels = mask.getStack().getProcessor(plane);
      BitSet inside = new BitSet();
      int n = pixels.getPixelCount();
      for (int i = 0; i < n; i++) if (isSet(pixels, i, mask.getCalibration())) inside.set(i);
      return Optional.of(new Clipping(inside, edge));
    };
  }
}
