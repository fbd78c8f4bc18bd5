package sc.fiji.spyhop.ij;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import ij.io.RoiEncoder;
import ij.plugin.frame.RoiManager;
import ij.process.ImageProcessor;
import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.awt.geom.GeneralPath;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.ZipEntries;

/** Labels to ImageJ regions of interest, and where those go. */
public final class Rois {

  /** Steps along the border of a pixel: east, south, west, north; the label is to the right. */
  private static final int[] DX = {1, 0, -1, 0};

  private static final int[] DY = {0, 1, 0, -1};

  /** From a vertex, the pixel ahead to the left of each step; that to the right is the next one. */
  private static final int[] LEFT_X = {0, 0, -1, -1};

  private static final int[] LEFT_Y = {-1, 0, 0, -1};

  /** Of a region in a zip. */
  private static final int MAX_BYTES = 1 << 26;

  private Rois() {}

  /**
   * The exact outline of every label: a traced polygon, or a composite where it has holes or
   * several parts. Pixels that touch at a corner belong to one part. Time and memory are linear in
   * the pixels of the plane, whatever the labels look like.
   *
   * @return by label, ascending
   */
  public static SortedMap<Integer, Roi> trace(LabelMap labels) {
    SortedMap<Integer, Roi> rois = new TreeMap<>();
    contours(labels).forEach((label, contours) -> rois.put(label, toRoi(contours)));
    return rois;
  }

  /** The same of all regions by their labels, also of those that lie over each other. */
  public static SortedMap<Integer, Roi> trace(Segmentation found) {
    SortedMap<Integer, Roi> rois = new TreeMap<>();
    found.layers().forEach(layer -> rois.putAll(trace(layer.labels())));
    return rois;
  }

  /** The exact outline of a mask that is not empty. */
  static Roi trace(Mask mask) {
    Roi roi = trace(mask.cutOut()).get(1);
    roi.setLocation(mask.box().x(), mask.box().y());
    return roi;
  }

  /**
   * The pixels of an area, as ImageJ fills it, cut off at the edge of the image. No more memory is
   * taken than the image has pixels, however large the area is.
   *
   * @return empty if none are within the image, or the image is too large to say
   */
  public static Optional<Mask> mask(Roi roi, ImageSize size) {
    if (!Mask.fits(size)) return Optional.empty();
    Rectangle image = new Rectangle(size.width(), size.height());
    Rectangle bounds = roi.getBounds();
    Rectangle within = bounds.intersection(image);
    if (within.isEmpty()) return Optional.empty();
    boolean large = (long) bounds.width * bounds.height > (long) size.width() * size.height();
    boolean rectangle = roi.getType() == Roi.RECTANGLE && roi.getCornerDiameter() == 0;
    Roi area = roi;
    if (large && !rectangle) {
      area = new ShapeRoi((Roi) roi.clone()).and(new ShapeRoi(new Roi(image)));
      bounds = area.getBounds();
      within = bounds.intersection(image);
    }
    ImageProcessor filled = rectangle ? null : area.getMask();
    Mask.Builder mask = new Mask.Builder(size);
    for (int x = within.x; x < within.x + within.width; x++) {
      int start = -1;
      for (int y = within.y; y < within.y + within.height; y++) {
        boolean inside = filled == null || filled.get(x - bounds.x, y - bounds.y) != 0;
        if (inside && start < 0) start = y;
        if (!inside && start >= 0) {
          mask.column(x, start, y);
          start = -1;
        }
      }
      if (start >= 0) mask.column(x, start, within.y + within.height);
    }
    return Optional.of(mask.build()).filter(m -> !m.isEmpty());
  }

  /**
   * Border by border. Every border, of a part or of a hole, has an edge with the label below it and
   * something else above, so looking for such edges in reading order finds each one, and marking
   * them while walking makes sure it is walked once.
   */
  private static Map<Integer, List<int[]>> contours(LabelMap labels) {
    Map<Integer, List<int[]>> found = new TreeMap<>();
    BitSet walked = new BitSet(labels.size());
    int width = labels.width();
    int index = 0;
    for (int y = 0; y < labels.height(); y++) {
      for (int x = 0; x < width; x++, index++) {
        int label = labels.get(index);
        if (label == 0) continue;
        if (y > 0 && labels.get(index - width) == label) continue;
        if (walked.get(index)) continue;
        found.computeIfAbsent(label, l -> new ArrayList<>(1)).add(walk(labels, x, y, walked));
      }
    }
    return found;
  }

  /** Corners of a border, x and y in turn, from the top left corner of a pixel eastward. */
  private static int[] walk(LabelMap labels, int startX, int startY, BitSet walked) {
    int label = labels.get(startX, startY);
    int[] corners = new int[32];
    int n = 0;
    int x = startX;
    int y = startY;
    int step = 0;
    do {
      if (step == 0) walked.set(y * labels.width() + x);
      x += DX[step];
      y += DY[step];
      int next = step;
      int right = step + 1 & 3;
      if (is(labels, label, x + LEFT_X[step], y + LEFT_Y[step])) {
        next = step + 3 & 3;
      } else if (!is(labels, label, x + LEFT_X[right], y + LEFT_Y[right])) {
        next = right;
      }
      if (next != step) {
        if (n == corners.length) corners = Arrays.copyOf(corners, 2 * n);
        corners[n++] = x;
        corners[n++] = y;
        step = next;
      }
    } while (x != startX || y != startY || step != 0);
    return Arrays.copyOf(corners, n);
  }

  private static boolean is(LabelMap labels, int label, int x, int y) {
    return x >= 0
        && y >= 0
        && x < labels.width()
        && y < labels.height()
        && labels.get(x, y) == label;
  }

  private static Roi toRoi(List<int[]> contours) {
    if (contours.size() == 1) {
      int[] corners = contours.get(0);
      int n = corners.length / 2;
      int[] x = new int[n];
      int[] y = new int[n];
      for (int i = 0; i < n; i++) {
        x[i] = corners[2 * i];
        y[i] = corners[2 * i + 1];
      }
      return new PolygonRoi(x, y, n, Roi.TRACED_ROI);
    }
    GeneralPath path = new GeneralPath(GeneralPath.WIND_EVEN_ODD);
    for (int[] corners : contours) {
      path.moveTo(corners[0], corners[1]);
      for (int i = 2; i < corners.length; i += 2) path.lineTo(corners[i], corners[i + 1]);
      path.closePath();
    }
    return new ShapeRoi(path);
  }

  /**
   * Makes a region show at one slice and time point of an image, in all its channels; everywhere if
   * the image has but one of each.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   */
  static void place(Roi roi, ImagePlus image, int z, int t) {
    if (image.getNSlices() == 1 && image.getNFrames() == 1) {
      roi.setPosition(0);
    } else if (image.isHyperStack()) {
      roi.setPosition(0, z, t);
    } else {
      roi.setPosition(Math.max(z, t));
    }
  }

  /** Whether a region shows at the current slice and time point of an image. */
  static boolean isShown(Roi roi, ImagePlus image) {
    if (roi.hasHyperStackPosition()) {
      return (roi.getCPosition() == 0 || roi.getCPosition() == image.getC())
          && (roi.getZPosition() == 0 || roi.getZPosition() == image.getZ())
          && (roi.getTPosition() == 0 || roi.getTPosition() == image.getT());
    }
    return roi.getPosition() == 0
        || image.getStackSize() == 1
        || roi.getPosition() == image.getCurrentSlice();
  }

  /**
   * Appends to the ROI Manager, opening it if need be; does nothing without a display, where macros
   * would not expect regions of earlier images in it.
   */
  public static synchronized void appendToManager(List<Roi> rois) {
    if (GraphicsEnvironment.isHeadless() || IJ.getInstance() == null) return;
    RoiManager manager = RoiManager.getInstance2();
    if (manager == null) manager = RoiManager.getRoiManager();
    for (Roi roi : rois) manager.add(roi, -1);
  }

  /**
   * Gives the ROI Manager, which is open, the same regions in another order, and selects the first,
   * so that the others are reached by the arrow keys.
   */
  public static synchronized void orderManager(List<Roi> rois) {
    RoiManager manager = RoiManager.getInstance2();
    manager.reset();
    for (Roi roi : rois) manager.add(roi, -1);
    if (!rois.isEmpty()) manager.select(0);
  }

  /** Gives the overlay of an image some of its regions in another order, before all others. */
  public static void orderOverlay(ImagePlus image, List<Roi> rois) {
    Overlay overlay = image.getOverlay();
    Set<Roi> all = Collections.newSetFromMap(new IdentityHashMap<>());
    all.addAll(rois);
    List<Roi> others = Stream.of(overlay.toArray()).filter(roi -> !all.contains(roi)).toList();
    overlay.clear();
    rois.forEach(overlay::add);
    others.forEach(overlay::add);
    image.setOverlay(overlay);
  }

  /** What is in the ROI Manager; nothing without a display or where none is open. */
  public static List<Roi> inManager() {
    if (GraphicsEnvironment.isHeadless()) return List.of();
    RoiManager manager = RoiManager.getInstance2();
    return manager == null ? List.of() : List.of(manager.getRoisAsArray());
  }

  /**
   * Writes the zip that the ROI Manager opens, whole or not at all. The same regions always give
   * the same bytes.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the folder is full, missing or read-only
   */
  public static void writeZip(Path file, List<Roi> rois) {
    AtomicFile.write(
        file,
        out -> {
          Set<String> names = new HashSet<>();
          ZipOutputStream zip = new ZipOutputStream(out);
          zip.setLevel(Deflater.BEST_SPEED);
          DataOutputStream data = new DataOutputStream(zip);
          RoiEncoder encoder = new RoiEncoder(data);
          for (Roi roi : rois) {
            zip.putNextEntry(ZipEntries.undated(unique(roi.getName(), names) + ".roi"));
            encoder.write(roi);
            data.flush();
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  /**
   * Bounds of regions in a zip that {@link #writeZip} wrote, by their names; those that are not
   * there, or cannot be read, are left out.
   */
  public static Map<String, Rectangle> bounds(Path zip, Collection<String> names) {
    Map<String, Rectangle> bounds = new HashMap<>();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (String name : names) {
        ZipEntry entry = file.getEntry(inZip(name) + ".roi");
        if (entry == null) continue;
        try (InputStream in = file.getInputStream(entry)) {
          byte[] bytes = in.readNBytes(MAX_BYTES);
          bounds.put(name, RoiBytes.decode(bytes, name).getBounds());
        }
      }
    } catch (IOException e) {
      return bounds;
    }
    return bounds;
  }

  private static String inZip(String name) {
    return name.replaceAll("[\\\\/:*?\"<>|\\p{Cntrl}]", "_");
  }

  private static String unique(String name, Set<String> taken) {
    String base = name == null ? "roi" : inZip(name);
    String unique = base;
    for (int i = 1; !taken.add(unique); i++) unique = base + "_" + i;
    return unique;
  }
}
