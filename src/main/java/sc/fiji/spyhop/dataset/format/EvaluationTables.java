package sc.fiji.spyhop.dataset.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.Strings;

/**
 * Tables of boxes and keypoints by image, without the images themselves: nothing is cut off at an
 * edge. Images are told apart by their path without extension, and by slice and time point; {@link
 * PathIndex} finds one by more or fewer of its folders.
 */
public final class EvaluationTables {

  private EvaluationTables() {}

  /**
   * What a table says.
   *
   * @param images by {@link #key}
   * @param unread images of which not all can be read; they are none of the former
   * @param names what the table calls them, by the same
   */
  public record Table<T>(
      Map<String, List<T>> images, Set<String> unread, Map<String, PlaneName> names) {}

  /** The table at a place: a CSV file, or that file in a folder. */
  private static Path file(Path path, String name) {
    Path file = Files.isDirectory(path) ? path.resolve(name) : path;
    if (Files.isRegularFile(file)) return file;
    throw new SpyhopException(path + ": expected a CSV file or a folder with " + name + " in it.");
  }

  /** The table of boxes at a place, if it holds one. */
  public static Optional<Path> findBoxes(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve(PlainCsv.BOXES) : path;
    return Optional.of(file).filter(f -> Files.isRegularFile(f) && BoxCsv.matches(f));
  }

  /** The table of keypoints at a place, if it holds one. */
  public static Optional<Path> findKeypoints(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve(PlainCsv.KEYPOINTS) : path;
    return Optional.of(file).filter(f -> Files.isRegularFile(f) && KeypointCsv.matches(f));
  }

  /**
   * Boxes by image, in order of the images' names and of the rows. Rows that are no box are taken
   * down.
   *
   * @param path CSV file, or folder with boxes.csv
   * @param truth whether boxes need no score; else, it is taken down if there is no such column, or
   *     nothing in it
   */
  public static Table<LocalizedObject> boxes(Path path, boolean truth, Problems problems) {
    Path file = file(path, PlainCsv.BOXES);
    boolean scores = !truth && BoxCsv.hasScores(file);
    if (!truth && !scores) {
      problems.add(Problem.Kind.NO_SCORES, file, "", "no column score");
    }
    Map<String, List<LocalizedObject>> images = new TreeMap<>();
    Map<String, PlaneName> names = new HashMap<>();
    Set<String> unread = new TreeSet<>();
    for (BoxCsv.Row row : BoxCsv.read(file, problems, image -> unread.add(key(image)))) {
      String key = key(file, row.image(), row.slice(), row.frame(), names);
      List<LocalizedObject> objects = images.computeIfAbsent(key, i -> new ArrayList<>());
      if (row.isEmpty()) continue;
      String what =
          Strings.format(
              "%s, %s x %s", row.type(), Problems.text(row.width()), Problems.text(row.height()));
      if (!Double.isFinite(row.x() + row.y() + row.width() + row.height() + row.score())) {
        problems.add(Problem.Kind.NOT_A_NUMBER, file, row.where(), what);
        unread.add(key);
      } else if (scores && !row.scored()) {
        problems.add(Problem.Kind.NO_SCORE, file, row.where(), what);
        unread.add(key);
      } else if (!(row.score() >= 0 && row.score() <= 1)) {
        String score = what + ", score " + Problems.text(row.score());
        problems.add(Problem.Kind.BAD_SCORE, file, row.where(), score);
        unread.add(key);
      } else if (row.type().isEmpty()) {
        problems.add(Problem.Kind.UNKNOWN_CLASS, file, row.where(), what);
        unread.add(key);
      } else if (!(row.width() > 0 && row.height() > 0)) {
        boolean negative = row.width() < 0 || row.height() < 0;
        Problem.Kind kind = negative ? Problem.Kind.NEGATIVE : Problem.Kind.DEGENERATE;
        problems.add(kind, file, row.where(), what);
        if (negative) unread.add(key);
      } else {
        Box box = new Box(row.x(), row.y(), row.width(), row.height());
        objects.add(new LocalizedObject(box, SetBuilder.clean(row.type()), row.score()));
      }
    }
    return table(images, unread, names);
  }

  /**
   * Poses by image, in order of the images' names; rows without an object form one pose.
   *
   * @param path CSV file, or folder with keypoints.csv
   * @param truth whether one point may be there only once; else, the one with the highest score
   *     counts
   */
  public static Table<Pose> poses(Path path, boolean truth, Problems problems) {
    Path file = file(path, PlainCsv.KEYPOINTS);
    Map<String, Map<String, Map<String, KeypointCsv.Row>>> images = new TreeMap<>();
    Map<String, PlaneName> names = new HashMap<>();
    Set<String> unread = new TreeSet<>();
    for (KeypointCsv.Row row : KeypointCsv.read(file, problems, image -> unread.add(key(image)))) {
      String key = key(file, row.image(), row.slice(), row.frame(), names);
      Map<String, Map<String, KeypointCsv.Row>> objects =
          images.computeIfAbsent(key, i -> new LinkedHashMap<>());
      if (row.isEmpty() || row.absent()) continue;
      if (!Double.isFinite(row.x() + row.y())) {
        problems.add(Problem.Kind.NOT_A_NUMBER, file, row.where(), row.keypoint());
        unread.add(key);
        continue;
      }
      objects
          .computeIfAbsent(row.object(), o -> new LinkedHashMap<>())
          .merge(row.keypoint(), row, (a, b) -> better(file, a, b, truth, problems));
    }
    Map<String, List<Pose>> poses = new TreeMap<>();
    images.forEach(
        (image, objects) -> {
          List<Pose> list = new ArrayList<>();
          objects.forEach((object, points) -> list.add(pose(object, points)));
          poses.put(image, list);
        });
    return table(poses, unread, names);
  }

  private static <T> Table<T> table(
      Map<String, List<T>> images, Set<String> unread, Map<String, PlaneName> names) {
    images.keySet().removeAll(unread);
    return new Table<>(images, unread, names);
  }

  private static Pose pose(String object, Map<String, KeypointCsv.Row> points) {
    List<Keypoint> keypoints = new ArrayList<>();
    for (KeypointCsv.Row r : points.values()) {
      double score = Double.isNaN(r.score()) ? 1 : Math.max(0, Math.min(1, r.score()));
      keypoints.add(
          new Keypoint(
              SetBuilder.clean(r.keypoint()), r.x(), r.y(), score, Keypoint.Visibility.VISIBLE));
    }
    return new Pose(object, Optional.empty(), keypoints);
  }

  private static KeypointCsv.Row better(
      Path file, KeypointCsv.Row a, KeypointCsv.Row b, boolean truth, Problems problems) {
    if (truth || Double.isNaN(a.score()) || Double.isNaN(b.score())) {
      throw new SpyhopException(
          Strings.format(
              "%s, %s and %s: %s is there twice for %s%s.",
              file,
              a.where(),
              b.where(),
              a.keypoint(),
              a.image(),
              truth ? "" : ", and there is no score to choose by"));
    }
    problems.add(
        Problem.Kind.POINT_TWICE,
        file,
        a.where() + " and " + b.where(),
        a.keypoint() + " of " + a.image());
    return b.score() > a.score() ? b : a;
  }

  /** What an image of a data set is called here. */
  public static String key(AnnotatedImage image) {
    return key(image.name(), image.z(), image.t());
  }

  /** What an image of one plane is called here. */
  public static String key(String image) {
    return key(image, 1, 1);
  }

  private static String key(
      Path file, String image, int slice, int frame, Map<String, PlaneName> names) {
    String key = key(image, slice, frame);
    PlaneName other = names.putIfAbsent(key, new PlaneName(image, slice, frame));
    if (other != null && !other.image().equals(image)) {
      throw new SpyhopException(
          Strings.format("%s: %s and %s share one name. Rename one.", file, other.image(), image));
    }
    return key;
  }

  /** What a plane of an image is called here: its path without extension, slice and frame. */
  public static String key(String image, int slice, int frame) {
    String name = image.strip().replace('\\', '/').replaceFirst("^(\\./)+", "");
    name = name.replaceFirst("\\.[A-Za-z][A-Za-z0-9]{1,4}$", "");
    if (slice != 1) name += " slice " + slice;
    return frame != 1 ? name + " frame " + frame : name;
  }
}
