package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.Strings;

/** Takes in what a file says of one plane; what cannot be is left out and taken down. */
public final class AnnotationBuilder {

  /** Pixels by which rounding may move a point over the edge of the image. */
  private static final double EDGE = 0.01;

  private final ImageSize size;
  private final SetBuilder set;
  private final List<LocalizedObject> objects = new ArrayList<>();
  private final List<Pose> poses = new ArrayList<>();
  private Placement placement;
  private final List<Mask> unknown = new ArrayList<>();
  private boolean leftOut;
  private boolean lostBox;
  private boolean lostPoint;

  AnnotationBuilder(ImageSize size, SetBuilder set) {
    this.size = size;
    this.set = set;
    placement = Placement.same(size);
  }

  /** From now on, places are those of the image that an annotation was made on. */
  void place(Placement placement) {
    this.placement = placement;
  }

  AnnotationBuilder unplaced() {
    placement = Placement.same(size);
    return this;
  }

  Placement placement() {
    return placement;
  }

  /**
   * Leaves this plane out, as not all that is said of it can be read: it must not be taken for one
   * in which there is nothing else.
   */
  public void leaveOut() {
    leftOut = true;
  }

  /** Also if something is said of it, but nothing that has a size and lies within the image. */
  boolean isLeftOut() {
    boolean pointless = poses.stream().allMatch(p -> p.located().isEmpty());
    return leftOut || (objects.isEmpty() && (lostBox || (lostPoint && pointless)));
  }

  /** Takes pixels of which nobody has said what they show. */
  void unknown(Mask pixels) {
    unknown.add(pixels);
  }

  List<Mask> unknown() {
    return unknown;
  }

  /** Takes down an object that has no size, as a click that was no drag has none. */
  void degenerate(Path file, String where, String what) {
    set.problems().add(Problem.Kind.DEGENERATE, file, where, what);
    lostBox = true;
  }

  boolean accepts(String type) {
    return set.accepts(type);
  }

  /** Size of the image in pixels, at whose edge boxes are cut off. */
  public ImageSize size() {
    return size;
  }

  /**
   * Adds a box, cut off at the edge of the image.
   *
   * @param file and {@code where} in it, for the report
   * @param width may be what no box has; it is then left out
   * @return what was added
   */
  public Optional<LocalizedObject> box(
      Path file,
      String where,
      String type,
      double x,
      double y,
      double width,
      double height,
      double score) {
    return box(file, where, type, x, y, width, height, score, Optional.empty());
  }

  /**
   * Adds a box and the pixels in it, cut off at the edge of the image.
   *
   * @param mask of this image, wherever the box was said; absent if only the box is known
   */
  public Optional<LocalizedObject> box(
      Path file,
      String where,
      String type,
      double x,
      double y,
      double width,
      double height,
      double score,
      Optional<Mask> mask) {
    double[] placed = placement.box(x, y, width, height);
    return placed(
        file,
        where,
        SetBuilder.clean(type),
        placed[0],
        placed[1],
        placed[2],
        placed[3],
        score,
        mask);
  }

  private Optional<LocalizedObject> placed(
      Path file,
      String where,
      String type,
      double x,
      double y,
      double width,
      double height,
      double score,
      Optional<Mask> mask) {
    Problems problems = set.problems();
    String what =
        Strings.format("%s, %s x %s at %s, %s", type, text(width), text(height), text(x), text(y));
    if (!set.accepts(type)) {
      problems.add(Problem.Kind.UNKNOWN_CLASS, file, where, type.isBlank() ? "no class" : type);
      if (type.isBlank()) leaveOut();
      return Optional.empty();
    }
    if (!Double.isFinite(x + y + width + height) || !(score >= 0 && score <= 1)) {
      problems.add(Problem.Kind.NOT_A_NUMBER, file, where, what + ", score " + text(score));
      leaveOut();
      return Optional.empty();
    }
    if (width < 0 || height < 0) {
      problems.add(Problem.Kind.NEGATIVE, file, where, what);
      leaveOut();
      return Optional.empty();
    }
    if (width < 1 || height < 1) {
      degenerate(file, where, what);
      return Optional.empty();
    }
    Box box = new Box(x, y, width, height);
    Optional<Box> inside = box.intersection(size.box());
    if (inside.isEmpty()) {
      problems.add(
          Problem.Kind.OUTSIDE,
          file,
          where,
          what + ", image " + size.width() + " x " + size.height());
      lostBox = true;
      return Optional.empty();
    }
    if (!isSame(inside.get(), box)) {
      if (inside.get().width() < 1 || inside.get().height() < 1) {
        degenerate(file, where, what + ", within the image");
        return Optional.empty();
      }
      problems.add(Problem.Kind.CLIPPED, file, where, what);
      box = inside.get();
    }
    LocalizedObject object = new LocalizedObject(box, type, score, mask);
    set.seen(object.type());
    objects.add(object);
    return Optional.of(object);
  }

  /** Rounding, as of coordinates relative to the image, is no cut. */
  private static boolean isSame(Box a, Box b) {
    double tolerance = 1e-3;
    return Math.abs(a.x() - b.x()) < tolerance
        && Math.abs(a.y() - b.y()) < tolerance
        && Math.abs(a.right() - b.right()) < tolerance
        && Math.abs(a.bottom() - b.bottom()) < tolerance;
  }

  /**
   * Checks a point that belongs to this image.
   *
   * @return empty if it lies outside or is not a number
   */
  public Optional<Keypoint> point(
      Path file,
      String where,
      String name,
      double x,
      double y,
      double confidence,
      Keypoint.Visibility visibility) {
    double px = placement.x(x, y);
    double py = placement.y(x, y);
    String what = Strings.format("%s at %s, %s", name, text(px), text(py));
    if (name.isBlank()) {
      set.problems().add(Problem.Kind.UNKNOWN_CLASS, file, where, "a keypoint without a name");
      leaveOut();
      return Optional.empty();
    }
    if (!Double.isFinite(px + py) || !(confidence >= 0 && confidence <= 1)) {
      set.problems().add(Problem.Kind.NOT_A_NUMBER, file, where, what);
      leaveOut();
      return Optional.empty();
    }
    if (px < -EDGE || py < -EDGE || px > size.width() + EDGE || py > size.height() + EDGE) {
      set.problems()
          .add(
              Problem.Kind.POINT_OUTSIDE,
              file,
              where,
              what + ", image " + size.width() + " x " + size.height());
      lostPoint = true;
      return Optional.empty();
    }
    return Optional.of(
        new Keypoint(
            SetBuilder.clean(name),
            Math.max(0, Math.min(size.width(), px)),
            Math.max(0, Math.min(size.height(), py)),
            confidence,
            visibility));
  }

  /** Adds the points of one object, if there are any; a name that is there twice counts once. */
  public void pose(
      Path file,
      String where,
      String individual,
      Optional<LocalizedObject> object,
      List<Keypoint> points) {
    List<Keypoint> kept = new ArrayList<>();
    for (Keypoint point : points) {
      if (kept.stream().anyMatch(k -> k.name().equals(point.name()))) {
        set.problems().add(Problem.Kind.DUPLICATE, file, where, "keypoint " + point.name());
      } else {
        kept.add(point);
        set.seenKeypoint(point.name());
      }
    }
    if (!kept.isEmpty()) poses.add(new Pose(individual, object, kept));
  }

  /** The objects so far, in the order they came. */
  List<LocalizedObject> objects() {
    return objects;
  }

  Annotation build() {
    return new Annotation(size, objects, poses);
  }

  private static String text(double value) {
    return Problems.text(value);
  }
}
