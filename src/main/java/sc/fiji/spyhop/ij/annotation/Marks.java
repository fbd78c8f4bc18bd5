package sc.fiji.spyhop.ij.annotation;

import ij.ImagePlus;
import ij.gui.ImageRoi;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.gui.TextRoi;
import ij.process.FloatPolygon;
import ij.process.ImageProcessor;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ClassLabels;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.ij.RoiNames;
import sc.fiji.spyhop.ij.Rois;

/**
 * What a user has marked in an open image, plane by plane. Regions are copies that know their class
 * and no slice.
 *
 * @param image that is marked
 * @param planes all of them, by time point, then slice
 * @param leftOut regions that are no areas and no points, or lie outside the image, as clauses
 * @param everywhere how many regions are at no slice of a stack, and so in all
 * @param joined names that were taken for one, as clauses
 */
public record Marks(
    ImagePlus image,
    List<Plane> planes,
    List<String> leftOut,
    int everywhere,
    List<String> joined) {

  /** Class of areas that show nothing to be found. */
  public static final String BACKGROUND = "background";

  /** Where regions come from. */
  public enum Source {
    /** The ROI Manager if there is something in it, else the overlay. */
    AUTO,
    /** The overlay of the image. */
    OVERLAY,
    /** The ROI Manager, also where nothing is in it. */
    MANAGER
  }

  /** What tells the class of a region. */
  public enum Naming {
    /** What a network said, the group, or the name: the first of them that is there. */
    AUTO,
    /** The name of the region, without a number that ImageJ added. */
    NAME,
    /** The group of the region, which stands for a class. */
    GROUP
  }

  /**
   * One slice at a time point.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   * @param label of the slice; empty if it has none
   */
  public record Plane(int z, int t, List<Area> areas, List<Point> points, String label) {
    /** Whether it has marks that count for this kind of annotation. */
    public boolean isMarked(Kind kind) {
      return switch (kind) {
        case OBJECTS, PIXELS, OVERLAPS, BOXES -> !areas.isEmpty();
        case POINTS -> !points.isEmpty() || areas.stream().anyMatch(Area::isBackground);
        case SLICES, VALUES -> !label.isEmpty();
      };
    }

    /** Whether a user has drawn anything in it. */
    public boolean isDrawn() {
      return !areas.isEmpty() || !points.isEmpty();
    }
  }

  /** A region with pixels. */
  public record Area(Roi roi, String type) {
    /** Whether it marks where nothing is to be found. */
    public boolean isBackground() {
      return Marks.isBackground(type);
    }

    boolean isRectangle() {
      return roi.getType() == Roi.RECTANGLE && roi.getCornerDiameter() == 0;
    }
  }

  /** A point, in the coordinates of {@link sc.fiji.spyhop.prediction.Keypoint}. */
  public record Point(PointRoi roi, String name, double x, double y) {}

  /** Copies the lists. */
  public Marks {
    planes = List.copyOf(planes);
    leftOut = List.copyOf(leftOut);
    joined = List.copyOf(joined);
  }

  /** Regions of an image, from where a user keeps them. */
  public static List<Roi> regions(ImagePlus image, Source source) {
    List<Roi> managed = source == Source.OVERLAY ? List.of() : Rois.inManager();
    return source == Source.MANAGER || !managed.isEmpty() ? managed : ClassLabels.regions(image);
  }

  /**
   * Sorts regions by plane.
   *
   * @throws SpyhopException if the image is empty
   */
  public static Marks of(ImagePlus image, List<Roi> rois, Naming naming) {
    if (image.getWidth() < 1 || image.getHeight() < 1) {
      throw new SpyhopException("Expected an image, received one without pixels.");
    }
    Map<List<Integer>, Plane> planes = new LinkedHashMap<>();
    for (int t = 1; t <= image.getNFrames(); t++) {
      for (int z = 1; z <= image.getNSlices(); z++) {
        planes.put(
            List.of(z, t),
            new Plane(z, t, new ArrayList<>(), new ArrayList<>(), label(image, z, t)));
      }
    }
    List<String> leftOut = new ArrayList<>();
    RoiNames names = RoiNames.of(rois);
    int everywhere = 0;
    int number = 0;
    for (Roi roi : rois) {
      number++;
      if (RoiFormat.isDrawing(roi)) continue;
      String name = roi.getName() == null ? "region " + number : roi.getName();
      if (roi instanceof PointRoi points) {
        if (addPoints(points, name, naming, names, image, planes, leftOut)) everywhere++;
      } else if (!roi.isArea() || roi instanceof TextRoi || roi instanceof ImageRoi) {
        leftOut.add(name + " is a " + roi.getTypeAsString().toLowerCase(Locale.ROOT));
      } else if (inside(roi, image).isEmpty()) {
        leftOut.add(name + " lies outside the image");
      } else {
        Roi copy = copy(roi);
        Area area = new Area(copy, type(copy, naming, names));
        List<RoiFormat.Plane> at = RoiFormat.planes(roi, roi.getPosition(), image);
        if (at.size() > 1) everywhere++;
        at.forEach(p -> planes.get(List.of(p.z(), p.t())).areas.add(area));
      }
    }
    return new Marks(image, List.copyOf(planes.values()), leftOut, everywhere, names.joined());
  }

  private static boolean addPoints(
      PointRoi roi,
      String name,
      Naming naming,
      RoiNames names,
      ImagePlus image,
      Map<List<Integer>, Plane> planes,
      List<String> leftOut) {
    FloatPolygon polygon = roi.getFloatPolygon();
    boolean everywhere = false;
    for (int i = 0; i < polygon.npoints; i++) {
      double x = polygon.xpoints[i] + 0.5;
      double y = polygon.ypoints[i] + 0.5;
      if (!(x >= 0 && y >= 0 && x <= image.getWidth() && y <= image.getHeight())) {
        leftOut.add(name + " lies outside the image");
        continue;
      }
      PointRoi one = new PointRoi(polygon.xpoints[i], polygon.ypoints[i]);
      RoiFormat.copyMeaning(roi, one);
      String keypoint = naming == Naming.AUTO ? names.pointName(one) : type(one, naming, names);
      int position = roi.getPosition() > 0 ? roi.getPosition() : roi.getPointPosition(i);
      List<RoiFormat.Plane> at = RoiFormat.planes(roi, position, image);
      everywhere |= at.size() > 1;
      Point point = new Point(one, keypoint, x, y);
      at.forEach(p -> planes.get(List.of(p.z(), p.t())).points.add(point));
    }
    return everywhere;
  }

  private static Roi copy(Roi roi) {
    Roi copy = (Roi) roi.clone();
    copy.setPosition(0);
    return copy;
  }

  private static String type(Roi roi, Naming naming, RoiNames names) {
    return switch (naming) {
      case AUTO -> names.className(roi);
      case NAME -> names.plainName(roi);
      case GROUP -> RoiFormat.groupName(roi).orElse("group 0");
    };
  }

  static Rectangle inside(Roi roi, ImagePlus image) {
    return roi.getBounds().intersection(new Rectangle(0, 0, image.getWidth(), image.getHeight()));
  }

  private static String label(ImagePlus image, int z, int t) {
    String label = image.getStack().getSliceLabel(image.getStackIndex(1, z, t));
    if (label == null && image.getStackSize() == 1 && image.getProperty("Label") != null) {
      label = image.getProperty("Label").toString();
    }
    return label == null ? "" : label.lines().findFirst().orElse("").strip();
  }

  static boolean isBackground(String type) {
    return type.equalsIgnoreCase(BACKGROUND);
  }

  static boolean isNumber(String text) {
    try {
      return Double.isFinite(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Classes of areas, by name. */
  public List<String> classes() {
    TreeSet<String> classes = new TreeSet<>();
    planes.forEach(p -> p.areas.forEach(a -> classes.add(a.type)));
    return List.copyOf(classes);
  }

  /** The planes of which something of a kind is said. */
  public List<Plane> marked(Kind kind) {
    return planes.stream().filter(p -> p.isMarked(kind)).toList();
  }

  /** Whether a pixel of an area's bounds belongs to it, row by row of the part in the image. */
  static boolean contains(ImageProcessor mask, Rectangle bounds, int x, int y) {
    return mask == null || mask.get(x - bounds.x, y - bounds.y) != 0;
  }
}
