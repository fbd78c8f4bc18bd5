package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.ImageRoi;
import ij.gui.Line;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.gui.TextRoi;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.dataset.ObjectTable;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.Strings;

/**
 * Boxes as rectangles, masks as outlines, keypoints as points, and the lines of a skeleton. Each is
 * named for people; its properties hold class, score, keypoint and object as they are, so that
 * nothing is lost when they are read again.
 */
public final class AnnotationRois {

  /** ImageJ counts points and lines from the centre of the first pixel, areas from its corner. */
  static final double CENTER = 0.5;

  static final String CLASS = "class";
  static final String SCORE = "score";
  static final String KEYPOINT = "keypoint";
  static final String OBJECT = "object";
  static final String VISIBILITY = "visibility";
  static final String SKELETON = "skeleton";

  /** How sure it is of the pixels of a region that is found by segmentation. */
  static final String OF_PIXELS = "probability";

  private static final int MAX_GROUP = 255;

  private AnnotationRois() {}

  /**
   * Regions for one plane: first boxes named by class and score, such as "RBC 0.93", a colour for
   * each class; points named by keypoint, a colour for each that no class has; lines, in one more
   * colour, where both ends have a place.
   *
   * @param classes all there are, so that each keeps its colour from image to image
   * @param z slice, from 1
   * @param t time point, from 1
   */
  public static List<Roi> of(
      Annotation annotation,
      List<String> classes,
      KeypointLayout layout,
      ImagePlus image,
      int z,
      int t) {
    List<Roi> rois = new ArrayList<>();
    for (int i = 0; i < annotation.objects().size(); i++) {
      rois.add(box(annotation.objects().get(i), i + 1, classes));
    }
    for (int i = 0; i < annotation.poses().size(); i++) {
      Pose pose = annotation.poses().get(i);
      boolean several = annotation.poses().size() > 1;
      String object =
          pose.object()
              .map(o -> String.valueOf(annotation.objects().indexOf(o) + 1))
              .orElse(
                  pose.individual().isEmpty() && several
                      ? String.valueOf(i + 1)
                      : pose.individual());
      Colors colors = new Colors(classes, layout);
      rois.addAll(skeleton(pose, layout, colors));
      for (Keypoint k : pose.located()) rois.add(point(k, object, several, colors));
    }
    for (Roi roi : rois) {
      Rois.place(roi, image, z, t);
      if (roi instanceof PointRoi point && point.getPosition() > 0) keepPosition(point);
    }
    return rois;
  }

  /** ImageJ's files hold the slice of a point only beside its counter, above the lowest 8 bits. */
  private static void keepPosition(PointRoi point) {
    point.setCounters(new int[] {point.getPosition() << 8});
  }

  /** The object that an area stands for, in its bounding box; of other regions none. */
  public static Optional<LocalizedObject> object(Roi roi) {
    boolean area = roi.isArea() && !(roi instanceof TextRoi) && !(roi instanceof ImageRoi);
    var b = roi.getFloatBounds();
    if (!area || !(b.getWidth() > 0 && b.getHeight() > 0)) return Optional.empty();
    String type = RoiNames.of(List.of(roi)).className(roi);
    return Optional.of(
        new LocalizedObject(
            new Box(b.getX(), b.getY(), b.getWidth(), b.getHeight()),
            type.isBlank() ? "object" : type,
            RoiFormat.score(roi)));
  }

  /** Lets a region say the class of its object and how sure that is; its group is the class. */
  static void setClass(Roi roi, String type, ClassScores scores) {
    roi.setProperty(CLASS, type);
    roi.setProperty(ObjectTable.PROBABILITY, String.valueOf(scores.probability(scores.best())));
    GroupColors.prepare();
    if (scores.best() < MAX_GROUP) roi.setGroup(scores.best() + 1);
  }

  private static Roi box(LocalizedObject o, int number, List<String> classes) {
    Box b = o.box();
    Roi roi = o.mask().map(Rois::trace).orElse(new Roi(b.x(), b.y(), b.width(), b.height()));
    roi.setName(boxName(o.type(), o.score()));
    roi.setProperty(CLASS, o.type());
    roi.setProperty(SCORE, String.valueOf(o.score()));
    roi.setProperty(OBJECT, String.valueOf(number));
    roi.setStrokeColor(color(classes.indexOf(o.type())));
    return roi;
  }

  private static Roi point(Keypoint k, String object, boolean several, Colors colors) {
    PointRoi roi = new PointRoi(k.x() - CENTER, k.y() - CENTER);
    String name = several && !object.isEmpty() ? object + " " + k.name() : k.name();
    roi.setName(k.confidence() < 1 ? name + " " + shown(k.confidence()) : name);
    roi.setProperty(KEYPOINT, k.name());
    roi.setProperty(SCORE, String.valueOf(k.confidence()));
    if (!object.isEmpty()) roi.setProperty(OBJECT, object);
    if (k.visibility() == Keypoint.Visibility.OCCLUDED) roi.setProperty(VISIBILITY, "occluded");
    roi.setStrokeColor(colors.point(k.name()));
    return roi;
  }

  private static List<Roi> skeleton(Pose pose, KeypointLayout layout, Colors colors) {
    List<Roi> lines = new ArrayList<>();
    for (KeypointLayout.Pair pair : layout.skeleton()) {
      Optional<Keypoint> a = pose.keypoint(pair.first()).filter(Keypoint::isLocated);
      Optional<Keypoint> b = pose.keypoint(pair.second()).filter(Keypoint::isLocated);
      if (a.isEmpty() || b.isEmpty()) continue;
      Line line =
          new Line(
              a.get().x() - CENTER,
              a.get().y() - CENTER,
              b.get().x() - CENTER,
              b.get().y() - CENTER);
      line.setName(pair.first() + "-" + pair.second());
      line.setProperty(SKELETON, "line");
      line.setStrokeColor(colors.line());
      lines.add(line);
    }
    return lines;
  }

  /** Colours that follow those of the classes; none of them is lost on a black or white ground. */
  private record Colors(List<String> classes, KeypointLayout layout) {
    Color point(String name) {
      return color(classes.size() + Math.max(0, layout.names().indexOf(name)));
    }

    Color line() {
      return color(classes.size() + layout.names().size());
    }
  }

  /** Whether a region is a line of a skeleton, which has nothing to say itself. */
  static boolean isSkeleton(Roi roi) {
    return roi.getProperty(SKELETON) != null;
  }

  /** The class of an outlined object, or of a region of all its pixels, whose colour says it. */
  static Optional<String> shownByColor(Roi roi) {
    return Optional.ofNullable(roi.getProperty(CLASS))
        .filter(
            type ->
                roi.getProperty(ObjectTable.PROBABILITY) != null
                    || roi.getProperty(OF_PIXELS) != null);
  }

  /** What a picture says beside a region: its name if it is a box or keypoint of ours. */
  static Optional<String> caption(Roi roi) {
    if (shownByColor(roi).isPresent()) return Optional.empty();
    boolean ours = roi.getProperty(CLASS) != null || roi.getProperty(KEYPOINT) != null;
    return ours ? Optional.ofNullable(roi.getName()) : Optional.empty();
  }

  /** A class, and how sure that is unless it is certain, such as "RBC 0.93". */
  public static String boxName(String type, double sure) {
    return sure < 1 ? type + " " + shown(sure) : type;
  }

  private static String shown(double score) {
    return Strings.format("%.2f", score);
  }

  private static Color color(int index) {
    return LabelImages.color(Math.max(0, index) + 1);
  }
}
