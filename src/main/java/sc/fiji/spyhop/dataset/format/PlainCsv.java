package sc.fiji.spyhop.dataset.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.util.Strings;

/**
 * Tables, see {@link BoxCsv} and {@link KeypointCsv}. In a folder they are called boxes.csv and
 * keypoints.csv. A keypoint's object is the box of that number in its image, counted from 1 or by
 * the column object of the boxes; if there is none of that name, it tells individuals apart.
 */
@Plugin(type = AnnotationFormat.class, name = "csv", priority = 70)
public final class PlainCsv implements AnnotationFormat {

  static final String BOXES = "boxes.csv";
  static final String KEYPOINTS = "keypoints.csv";

  /** A box of an image by its name or number. */
  private record Key(Path image, int z, int t, String object) {}

  @Override
  public String layout() {
    return "a CSV file with the columns image,class,x,y,width,height[,score] or"
        + " image,keypoint,x,y[,score], or a folder with boxes.csv or keypoints.csv";
  }

  @Override
  public List<Path> find(Path path) {
    return candidates(path).filter(f -> BoxCsv.matches(f) || KeypointCsv.matches(f)).toList();
  }

  /** A table may be called anything, if it is named rather than found. */
  private static Stream<Path> candidates(Path path) {
    Stream<Path> all =
        Files.isDirectory(path)
            ? Stream.of(path.resolve(BOXES), path.resolve(KEYPOINTS))
            : Stream.of(path);
    return all.filter(Files::isRegularFile);
  }

  @Override
  public Optional<String> missing(Path path) {
    return candidates(path)
        .filter(f -> f.toString().toLowerCase(Locale.ROOT).endsWith(".csv"))
        .findFirst()
        .map(
            f -> {
              List<List<String>> head = CsvTable.head(f);
              String found =
                  head.isEmpty() ? "nothing" : Strings.shorten(String.join(", ", head.get(0)));
              return Strings.format(
                  "%s: expected %s, found %s.",
                  f,
                  "the columns image, class, x, y, width, height, or image, keypoint, x, y",
                  found);
            });
  }

  /** What a file calls the images of its rows. */
  static Stream<String> images(Path file) {
    Problems passed = new Problems();
    return BoxCsv.matches(file)
        ? BoxCsv.read(file, passed, image -> {}).stream().map(BoxCsv.Row::image)
        : KeypointCsv.read(file, passed, image -> {}).stream().map(KeypointCsv.Row::image);
  }

  @Override
  public void read(List<Path> files, SetBuilder into) {
    Map<Key, LocalizedObject> objects = new HashMap<>();
    for (Path file : files) if (BoxCsv.matches(file)) readBoxes(file, into, objects);
    for (Path file : files) if (KeypointCsv.matches(file)) readKeypoints(file, into, objects);
  }

  private static void readBoxes(Path file, SetBuilder into, Map<Key, LocalizedObject> objects) {
    Map<Path, Map<List<Integer>, Integer>> counts = new HashMap<>();
    for (BoxCsv.Row row : BoxCsv.read(file, into.problems(), leaveOut(into))) {
      Optional<Path> image = into.find(row.image(), file, row.where());
      if (image.isEmpty()
          || !hasPlane(image.get(), row.slice(), row.frame(), file, row.where(), into)) {
        continue;
      }
      Optional<AnnotationBuilder> plane = into.annotation(image.get(), row.slice(), row.frame());
      if (plane.isEmpty() || row.isEmpty()) continue;
      int number =
          counts
              .computeIfAbsent(image.get(), i -> new HashMap<>())
              .merge(List.of(row.slice(), row.frame()), 1, Integer::sum);
      String object = row.object().isEmpty() ? String.valueOf(number) : row.object();
      plane
          .get()
          .box(
              file,
              row.where(),
              row.type(),
              row.x(),
              row.y(),
              row.width(),
              row.height(),
              row.score())
          .ifPresent(o -> objects.put(new Key(image.get(), row.slice(), row.frame(), object), o));
    }
  }

  private static Consumer<String> leaveOut(SetBuilder into) {
    return name -> into.known(name).ifPresent(into::leaveOut);
  }

  private static boolean hasPlane(
      Path image, int z, int t, Path file, String where, SetBuilder into) {
    if (z < 1 || t < 1) {
      into.problems()
          .add(Problem.Kind.NOT_A_NUMBER, file, where, "slice or frame is no number from 1");
    } else if (into.hasPlane(image, z, t)) {
      return true;
    } else {
      String what = Strings.format("%s, slice %d, frame %d", into.images().name(image), z, t);
      into.problems().add(Problem.Kind.NO_PLANE, file, where, what);
    }
    into.leaveOut(image);
    return false;
  }

  private static void readKeypoints(Path file, SetBuilder into, Map<Key, LocalizedObject> objects) {
    Map<Key, List<Keypoint>> poses = new LinkedHashMap<>();
    Map<Key, String> first = new HashMap<>();
    for (KeypointCsv.Row row : KeypointCsv.read(file, into.problems(), leaveOut(into))) {
      Optional<Path> image = into.find(row.image(), file, row.where());
      if (image.isEmpty()
          || !hasPlane(image.get(), row.slice(), row.frame(), file, row.where(), into)) {
        continue;
      }
      Optional<AnnotationBuilder> plane = into.annotation(image.get(), row.slice(), row.frame());
      if (plane.isEmpty() || row.isEmpty()) continue;
      Key key = new Key(image.get(), row.slice(), row.frame(), row.object());
      List<Keypoint> pose = poses.computeIfAbsent(key, k -> new ArrayList<>());
      first.putIfAbsent(key, row.where());
      if (row.absent()) {
        pose.add(Keypoint.absent(row.keypoint()));
      } else {
        plane
            .get()
            .point(
                file,
                row.where(),
                row.keypoint(),
                row.x(),
                row.y(),
                Double.isNaN(row.score()) ? 1 : row.score(),
                Keypoint.Visibility.VISIBLE)
            .ifPresent(pose::add);
      }
    }
    poses.forEach(
        (key, points) -> {
          Optional<LocalizedObject> object = Optional.ofNullable(objects.get(key));
          into.annotation(key.image, key.z, key.t)
              .orElseThrow()
              .pose(file, first.get(key), object.isPresent() ? "" : key.object, object, points);
        });
  }

  @Override
  public void write(AnnotatedSet set, Path folder) {
    boolean points = set.images().stream().anyMatch(i -> !i.annotation().poses().isEmpty());
    boolean boxes = set.images().stream().anyMatch(i -> !i.annotation().objects().isEmpty());
    if (boxes || !points) BoxCsv.write(folder.resolve(BOXES), set.images());
    if (points) KeypointCsv.write(folder.resolve(KEYPOINTS), set.images());
  }
}
