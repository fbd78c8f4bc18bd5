package sc.fiji.spyhop.dataset.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.scijava.plugin.Plugin;
import org.yaml.snakeyaml.Yaml;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.YamlFile;

/**
 * YOLO: a text file for each image, a line for each object: class number from 0, centre, width and
 * height (a sixth value is a score), or class number and the corners of a polygon, all relative to
 * the image's width and height. With {@code kpt_shape: [n, 2 or 3]} in data.yaml, n points follow
 * the box, each with a third number if it is 3: 0 not labelled, 1 hidden, 2 visible. Names of the
 * classes come from data.yaml, classes.txt or darknet's obj.names. An image without a text file has
 * no objects, as YOLO's own trainers take it.
 */
@Plugin(type = AnnotationFormat.class, name = "yolo", priority = 50)
public final class YoloTxt implements AnnotationFormat {

  private static final String IMAGES = "/images/";

  /** Of files of labels: as deep as images are, in a folder more. */
  private static final int DEPTH = 9;

  /** Files that name the classes, the first that is there counts; the last two are of darknet. */
  private static final List<String> NAMES =
      List.of(
          "data.yaml", "data.yml", "dataset.yaml", "classes.txt", "obj.names", "_darknet.labels");

  /** Texts of darknet that list images. */
  private static final List<String> LISTS =
      List.of("train.txt", "valid.txt", "val.txt", "test.txt");

  /** How far over the edge of the image programs round, as a share of it. */
  private static final double ROUNDING = 0.01;

  private static final int MAX_CLASSES = 10_000;
  private static final int MAX_NAME = 1000;
  private static final int MAX_NAMES_BYTES = 1 << 22;

  /**
   * What the file of names says.
   *
   * @param classes by number; empty where a number has no name
   */
  private record Names(List<String> classes, List<String> keypoints, int valuesOfPoint) {}

  @Override
  public String layout() {
    return "YOLO text files in a folder labels (or beside the images) with data.yaml, classes.txt or"
        + " obj.names";
  }

  @Override
  public List<Path> find(Path path) {
    if (Files.isRegularFile(path)) {
      String extension = ImageFinder.extension(FileNames.last(path));
      boolean names =
          extension.matches("ya?ml|names") || FileNames.last(path).equals("classes.txt");
      return names ? find(FileNames.folder(path)) : List.of();
    }
    if (namesFile(path).isEmpty()) return List.of();
    List<Path> files = new ArrayList<>(List.of(namesFile(path).get()));
    boolean labels =
        FolderFiles.files(path, DEPTH, "txt").stream().anyMatch(f -> isInLabels(path, f));
    for (Path file : FolderFiles.files(path, labels ? DEPTH : 2, "txt")) {
      String name = FileNames.last(file);
      if (NAMES.contains(name) || (labels ? !isInLabels(path, file) : isList(file))) continue;
      files.add(file);
    }
    return files.size() > 1 ? files : List.of();
  }

  @Override
  public Optional<String> missing(Path path) {
    if (!Files.isDirectory(path) || namesFile(path).isPresent()) return Optional.empty();
    return FolderFiles.files(path, 4, "txt").stream()
        .filter(f -> TextFiles.head(f).matches("(?s)\\s*[0-9]+(\\s+[-+.,0-9eE]+){4,}\\s.*"))
        .findFirst()
        .map(
            f ->
                f
                    + " looks like YOLO, but there is no file that names the classes: add data.yaml,"
                    + " classes.txt or obj.names.");
  }

  /** Whether a file is in a folder of labels below another. */
  private static boolean isInLabels(Path folder, Path file) {
    for (Path part : folder.relativize(file))
      if (part.toString().equalsIgnoreCase("labels")) return true;
    return false;
  }

  /** Whether a text lists images, as darknet's train.txt does. */
  private static boolean isList(Path file) {
    String first = TextFiles.head(file).lines().findFirst().orElse("").strip();
    return LISTS.contains(FileNames.last(file)) && !first.matches("[0-9].*\\s.*");
  }

  private static Optional<Path> namesFile(Path folder) {
    for (String name : NAMES) {
      for (Path place : List.of(folder, folder.resolve("labels"))) {
        if (Files.isRegularFile(place.resolve(name))) return Optional.of(place.resolve(name));
      }
    }
    List<Path> others = FolderFiles.files(folder, 1, "names", "yaml", "yml");
    return others.stream()
        .filter(
            f ->
                f.toString().endsWith(".names")
                    || TextFiles.head(f).matches("(?s)(.*\n)?names:.*+"))
        .findFirst();
  }

  @Override
  public void read(List<Path> files, SetBuilder into) {
    Names names = names(files.get(0));
    into.declare(names.classes.stream().filter(c -> !c.isBlank()).toList());
    into.declareKeypoints(names.keypoints, List.of());
    YoloExtras extras = new YoloExtras();
    if (names.keypoints.isEmpty()) files.subList(1, files.size()).forEach(f -> add(f, extras));
    for (Path file : files.subList(1, files.size())) {
      String path = file.toString();
      String name = FileNames.last(file);
      Optional<Path> image =
          into.beside(file, name.substring(0, name.length() - 4))
              .or(() -> into.find(path.substring(0, path.length() - 4), file, ""));
      if (image.isEmpty()) continue;
      try {
        String text = TextFiles.read(file);
        into.annotation(image.get())
            .ifPresent(a -> read(file, text, names, extras, a, into.problems()));
      } catch (SpyhopException e) {
        into.problems().add(Problem.Kind.UNREADABLE, file, "", e.getMessage());
        into.leaveOut(image.get());
      }
    }
    for (Path image : into.images().all()) if (!into.has(image)) into.annotation(image);
  }

  private static void add(Path file, YoloExtras extras) {
    try {
      TextFiles.read(file).lines().map(YoloTxt::numbers).forEach(extras::add);
    } catch (SpyhopException e) {
      // told when it is read
    }
  }

  private static double[] numbers(String line) {
    return Arrays.stream(line.strip().split("\\s+")).mapToDouble(Decimals::parse).toArray();
  }

  private static void read(
      Path file,
      String text,
      Names names,
      YoloExtras extras,
      AnnotationBuilder into,
      Problems problems) {
    int number = 0;
    for (String line : text.lines().toList()) {
      String where = "line " + ++number;
      if (line.isBlank()) continue;
      double[] v = numbers(line);
      if (Arrays.stream(v).anyMatch(Double::isNaN)) {
        problems.add(Problem.Kind.NOT_A_NUMBER, file, where, Strings.shorten(line));
        into.leaveOut();
        continue;
      }
      boolean known = v[0] >= 0 && v[0] < names.classes.size() && v[0] == (int) v[0];
      String type = known ? names.classes.get((int) v[0]) : "";
      if (type.isBlank()) {
        String what = known ? ", which has no name" : " of " + names.classes.size();
        problems.add(
            Problem.Kind.UNKNOWN_CLASS, file, where, "class " + Problems.text(v[0]) + what);
        into.leaveOut();
        continue;
      }
      int pose = names.keypoints.size() * names.valuesOfPoint;
      if (pose == 0 && v.length >= 7 && extras.isOne(v)) {
        problems.add(Problem.Kind.MORE_THAN_A_BOX, file, where, Strings.shorten(line));
        into.leaveOut();
        continue;
      }
      if (!isRelative(v, pose)) {
        problems.add(Problem.Kind.NOT_RELATIVE, file, where, Strings.shorten(line));
        into.leaveOut();
        continue;
      }
      if (pose > 0 && (v.length == 5 + pose || v.length == 6 + pose)) {
        double score = v.length == 6 + pose ? v[5 + pose] : 1;
        Optional<LocalizedObject> object = box(file, where, type, v, score, into);
        if (object.isPresent()) pose(file, where, names, v, object, into);
      } else if (v.length == 5 || v.length == 6) {
        box(file, where, type, v, v.length == 6 ? v[5] : 1, into);
      } else if (v.length >= 7 && v.length % 2 == 1) {
        polygon(file, where, type, v, into);
      } else {
        problems.add(
            Problem.Kind.WRONG_COLUMNS,
            file,
            where,
            v.length + " values, expected 5, or 7 or more for a polygon");
        into.leaveOut();
      }
    }
  }

  /** Whether centre and size, or the corners of a polygon, can be shares of an image. */
  private static boolean isRelative(double[] v, int pose) {
    boolean box = v.length == 5 || v.length == 6 || pose > 0;
    for (int i = 1; i < (box ? Math.min(5, v.length) : v.length); i++) {
      if (v[i] < -ROUNDING || v[i] > 1 + ROUNDING) return false;
    }
    return true;
  }

  private static Optional<LocalizedObject> box(
      Path file, String where, String type, double[] v, double score, AnnotationBuilder into) {
    ImageSize size = into.size();
    return into.box(
        file,
        where,
        type,
        (v[1] - v[3] / 2) * size.width(),
        (v[2] - v[4] / 2) * size.height(),
        v[3] * size.width(),
        v[4] * size.height(),
        score);
  }

  private static void polygon(
      Path file, String where, String type, double[] v, AnnotationBuilder into) {
    double[] corners = new double[v.length - 1];
    for (int i = 0; i < corners.length; i += 2) {
      corners[i] = v[i + 1] * into.size().width();
      corners[i + 1] = v[i + 2] * into.size().height();
    }
    PolygonMask.add(file, where, type, corners, 1, into);
  }

  private static void pose(
      Path file,
      String where,
      Names names,
      double[] v,
      Optional<LocalizedObject> object,
      AnnotationBuilder into) {
    List<Keypoint> points = new ArrayList<>();
    for (int i = 0; i < names.keypoints.size(); i++) {
      int at = 5 + i * names.valuesOfPoint;
      double seen = names.valuesOfPoint == 3 ? v[at + 2] : v[at] == 0 && v[at + 1] == 0 ? 0 : 2;
      if (seen <= 0) continue;
      into.point(
              file,
              where,
              names.keypoints.get(i),
              v[at] * into.size().width(),
              v[at + 1] * into.size().height(),
              1,
              seen == 1 ? Keypoint.Visibility.OCCLUDED : Keypoint.Visibility.VISIBLE)
          .ifPresent(points::add);
    }
    into.pose(file, where, "", object, points);
  }

  private static Names names(Path file) {
    if (!FileNames.last(file).matches(".*\\.ya?ml")) {
      List<String> classes =
          TextFiles.read(file, MAX_NAMES_BYTES).stripTrailing().lines().map(String::strip).toList();
      return new Names(bounded(file, classes), List.of(), 0);
    }
    Object yaml = YamlFile.read(file.toString(), TextFiles.read(file, MAX_NAMES_BYTES));
    Map<?, ?> map = yaml instanceof Map<?, ?> m ? m : Map.of();
    List<String> classes = bounded(file, strings(file, map.get("names")));
    if (classes.isEmpty()) {
      throw new SpyhopException(
          file + ": expected the names of the classes, such as \"names: [cell, debris]\".");
    }
    List<?> shape = map.get("kpt_shape") instanceof List<?> l ? l : List.of();
    if (shape.isEmpty()) return new Names(classes, List.of(), 0);
    double n = shape.size() == 2 ? Decimals.parse(String.valueOf(shape.get(0))) : 0;
    double values = shape.size() == 2 ? Decimals.parse(String.valueOf(shape.get(1))) : 0;
    if (!(n == Math.rint(n) && n >= 1 && n <= 1000 && (values == 2 || values == 3))) {
      throw new SpyhopException(
          file + ": expected kpt_shape: [number of points, 2 or 3], received something else.");
    }
    List<String> given = keypointNames(file, map);
    List<String> points = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String name = i < given.size() ? given.get(i) : "";
      points.add(name.isBlank() ? "point" + (i + 1) : name);
    }
    return new Names(classes, points, (int) values);
  }

  /** Ultralytics' kpt_names: a list, or one for each class number. */
  private static List<String> keypointNames(Path file, Map<?, ?> map) {
    Object names = map.get("kpt_names");
    if (names instanceof Map<?, ?> m
        && !m.isEmpty()
        && m.values().iterator().next() instanceof List) {
      names = m.values().iterator().next();
    }
    return strings(file, names);
  }

  private static List<String> bounded(Path file, List<String> classes) {
    if (classes.size() <= MAX_CLASSES) return classes;
    throw new SpyhopException(
        Strings.format(
            "%s: expected at most %d classes, received %d.", file, MAX_CLASSES, classes.size()));
  }

  /** Names from a list, or from a map by number, empty where a number is not in it. */
  private static List<String> strings(Path file, Object names) {
    if (names instanceof List<?> list) return list.stream().map(n -> string(file, n)).toList();
    if (!(names instanceof Map<?, ?> map)) return List.of();
    TreeMap<Integer, String> sorted = new TreeMap<>();
    map.forEach(
        (k, v) -> {
          double i = Decimals.parse(string(file, k));
          if (i == Math.rint(i) && i >= 0 && i < MAX_CLASSES) {
            sorted.put((int) i, string(file, v));
          } else {
            throw new SpyhopException(
                Strings.format(
                    "%s: expected numbers of classes from 0 to %d, received %s.",
                    file, MAX_CLASSES - 1, string(file, k)));
          }
        });
    List<String> list = new ArrayList<>();
    for (int i = 0; !sorted.isEmpty() && i <= sorted.lastKey(); i++) {
      list.add(sorted.getOrDefault(i, ""));
    }
    return list;
  }

  /** A name, which is no list: aliases can make one of a few letters endless. */
  private static String string(Path file, Object name) {
    if (!(name instanceof List || name instanceof Map)) {
      String text = name == null ? "" : String.valueOf(name);
      if (text.length() <= MAX_NAME) return text;
      throw new SpyhopException(
          Strings.format(
              "%s: expected names of at most %d letters, received one of %d.",
              file, MAX_NAME, text.length()));
    }
    throw new SpyhopException(
        file
            + ": expected names that are words, such as \"names: [cell, debris]\", received a list.");
  }

  @Override
  public void write(AnnotatedSet set, Path folder) {
    AnnotationFormat.requireNoSlices(set, "YOLO");
    AnnotationFormat.refuse(
        set.images(),
        a -> a.poses().stream().anyMatch(p -> p.object().isEmpty()),
        "YOLO",
        "keypoints of boxes only",
        "keypoints without a box");
    AnnotationFormat.refuse(
        set.images(),
        a -> a.poses().stream().map(Pose::object).distinct().count() < a.poses().size(),
        "YOLO",
        "the keypoints of each box once",
        "two sets of keypoints of one box");
    UniqueNames.requireApart(set.images(), this::labels);
    TextFiles.createFolder(folder.resolve("labels"));
    for (AnnotatedImage image : set.images()) {
      StringBuilder text = new StringBuilder();
      for (LocalizedObject o : image.annotation().objects()) {
        Optional<Pose> pose =
            image.annotation().poses().stream()
                .filter(p -> p.object().equals(Optional.of(o)))
                .findFirst();
        text.append(line(set, o, pose, image.annotation().size())).append('\n');
      }
      Path file = folder.resolve(labels(image) + ".txt");
      TextFiles.createFolder(FileNames.folder(file));
      TextFiles.write(file, text.toString());
    }
    boolean all = set.images().stream().allMatch(i -> place(i).startsWith("images/"));
    String yaml = yaml(all ? "images" : ".", set.classes(), set.keypoints());
    TextFiles.write(folder.resolve("data.yaml"), yaml);
  }

  /** In a folder images, in place of the last of which programs that read YOLO look for labels. */
  @Override
  public String place(AnnotatedImage image) {
    String name = image.name();
    return ("/" + name).contains(IMAGES) ? name : "images/" + name;
  }

  /** The file of labels of an image, without extension. */
  private String labels(AnnotatedImage image) {
    String path = "/" + ImageFinder.stem(place(image));
    int at = path.lastIndexOf(IMAGES);
    return (path.substring(0, at) + "/labels/" + path.substring(at + IMAGES.length())).substring(1);
  }

  private static String line(
      AnnotatedSet set, LocalizedObject o, Optional<Pose> pose, ImageSize size) {
    Box box = o.box();
    StringBuilder line = new StringBuilder().append(set.classes().indexOf(o.type()));
    append(line, box.centerX() / size.width(), box.centerY() / size.height());
    append(line, box.width() / size.width(), box.height() / size.height());
    for (String name : set.keypoints().names()) {
      Optional<Keypoint> k = pose.flatMap(p -> p.keypoint(name)).filter(Keypoint::isLocated);
      append(
          line,
          k.map(Keypoint::x).orElse(0.0) / size.width(),
          k.map(Keypoint::y).orElse(0.0) / size.height());
      line.append(' ')
          .append(k.map(p -> p.visibility() == Keypoint.Visibility.OCCLUDED ? 1 : 2).orElse(0));
    }
    if (o.score() < 1) line.append(' ').append(Decimals.text(o.score()));
    return line.toString();
  }

  /** Nine decimals: exact to a thousandth of a pixel in images of a million. */
  private static void append(StringBuilder line, double... values) {
    for (double value : values) line.append(Strings.format(" %.9f", value));
  }

  private static String yaml(String images, List<String> classes, KeypointLayout keypoints) {
    Map<String, Object> map = new java.util.LinkedHashMap<>();
    map.put("train", images);
    map.put("val", images);
    map.put("names", classes);
    if (!keypoints.names().isEmpty()) {
      map.put("kpt_shape", List.of(keypoints.names().size(), 3));
      map.put("kpt_names", Map.of(0, keypoints.names()));
      map.put(
          "flip_idx",
          keypoints.names().stream()
              .map(n -> keypoints.names().indexOf(keypoints.mirror(n)))
              .toList());
    }
    return new Yaml().dump(map);
  }
}
