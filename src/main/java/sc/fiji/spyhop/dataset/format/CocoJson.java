package sc.fiji.spyhop.dataset.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * COCO: one JSON file for many images, with boxes, masks and keypoints. A box is taken from bbox,
 * else from the mask, which is kept beside it. Keypoints with visibility 0 are not labelled. Crowds
 * are left out. An annotation with keypoints and neither box nor mask is a pose without an object.
 */
public final class CocoJson implements AnnotationFormat {

  private static final String FILE = "annotations.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private record Category(String name, List<String> keypoints) {}

  @Override
  public String name() {
    return "coco";
  }

  @Override
  public String layout() {
    return "a COCO JSON file, or a folder with one in it or in annotations";
  }

  @Override
  public List<Path> find(Path path) {
    if (Files.isRegularFile(path)) return isCoco(path) ? List.of(path) : List.of();
    List<Path> files = new ArrayList<>(ImageFinder.files(path, 1, "json"));
    files.addAll(ImageFinder.files(path.resolve("annotations"), 1, "json"));
    return files.stream().filter(CocoJson::isCoco).toList();
  }

  private static boolean isCoco(Path file) {
    String head = TextFiles.head(file);
    return ImageFinder.extension(file.getFileName().toString()).equals("json")
        && head.stripLeading().startsWith("{")
        && List.of("\"images\"", "\"annotations\"", "\"categories\"").stream()
            .anyMatch(head::contains);
  }

  @Override
  public void read(List<Path> files, SetBuilder into) {
    Set<Path> before = new HashSet<>();
    for (Path file : files) before.addAll(read(file, before, into));
  }

  /** Returns the images of a file. */
  private static Set<Path> read(Path file, Set<Path> before, SetBuilder into) {
    TextFiles.requireBounded(file);
    JsonNode root;
    try {
      root = JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new SpyhopException(file + ": is not JSON: " + e.getOriginalMessage() + ".", e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
    if (!root.path("images").isArray() || !root.path("annotations").isArray()) {
      throw new SpyhopException(
          file + ": expected COCO JSON with the lists images, annotations and categories.");
    }
    Map<Long, Category> categories = categories(root, into);
    Map<Long, AnnotationBuilder> images = new HashMap<>();
    Set<Long> known = new HashSet<>();
    Set<Path> found = new HashSet<>();
    for (JsonNode image : root.get("images")) {
      String name = image.path("file_name").asText();
      long id = image.path("id").asLong();
      known.add(id);
      Optional<Path> path = into.find(name, file, "image " + id);
      if (path.isEmpty()) continue;
      if (before.contains(path.get()) || !found.add(path.get())) {
        into.problems().add(Problem.Kind.DUPLICATE, file, "image " + id, name);
      } else {
        into.annotation(path.get()).ifPresent(a -> images.put(id, a));
      }
    }
    for (JsonNode annotation : root.get("annotations")) {
      String where = "annotation " + annotation.path("id").asText("?");
      long image = annotation.path("image_id").asLong();
      if (images.containsKey(image)) {
        read(file, where, annotation, categories, images.get(image), into.problems());
      } else if (!known.contains(image)) {
        into.problems().add(Problem.Kind.MISSING_IMAGE, file, where, "image_id " + image);
      }
    }
    return found;
  }

  private static Map<Long, Category> categories(JsonNode root, SetBuilder into) {
    Map<Long, Category> categories = new LinkedHashMap<>();
    for (JsonNode c : root.path("categories")) {
      List<String> points = new ArrayList<>();
      c.path("keypoints").forEach(k -> points.add(k.asText()));
      List<KeypointLayout.Pair> lines = new ArrayList<>();
      for (JsonNode line : c.path("skeleton")) {
        int a = line.path(0).asInt() - 1;
        int b = line.path(1).asInt() - 1;
        boolean fits = Math.min(a, b) >= 0 && Math.max(a, b) < points.size();
        if (fits && !points.get(a).equals(points.get(b))) {
          lines.add(new KeypointLayout.Pair(points.get(a), points.get(b)));
        }
      }
      String name = c.path("name").asText();
      categories.put(c.path("id").asLong(), new Category(name, points));
      into.declare(List.of(name));
      into.declareKeypoints(points, lines);
    }
    return categories;
  }

  private static void read(
      Path file,
      String where,
      JsonNode annotation,
      Map<Long, Category> categories,
      AnnotationBuilder into,
      Problems problems) {
    Category category = categories.get(annotation.path("category_id").asLong());
    if (category == null) {
      problems.add(
          Problem.Kind.UNKNOWN_CLASS,
          file,
          where,
          "category_id " + annotation.path("category_id").asText());
      return;
    }
    if (annotation.path("iscrowd").asInt() != 0) {
      problems.add(Problem.Kind.UNSUPPORTED, file, where, "a crowd of " + category.name);
      return;
    }
    JsonNode bbox = annotation.path("bbox");
    JsonNode mask = annotation.path("segmentation");
    boolean pose = annotation.path("keypoints").size() > 0;
    Optional<LocalizedObject> object = Optional.empty();
    if (bbox.size() > 0 || mask.size() > 0 || !pose) {
      object = box(file, where, category.name, bbox, mask, annotation, into, problems);
      if (object.isEmpty()) return;
    }
    if (pose) pose(file, where, annotation.get("keypoints"), category, object, into, problems);
  }

  private static Optional<LocalizedObject> box(
      Path file,
      String where,
      String type,
      JsonNode bbox,
      JsonNode mask,
      JsonNode annotation,
      AnnotationBuilder into,
      Problems problems) {
    double[] box = new double[4];
    if (bbox.size() == 4) {
      for (int i = 0; i < 4; i++)
        box[i] = bbox.get(i).isNumber() ? bbox.get(i).asDouble() : Double.NaN;
    } else if (bbox.size() > 0) {
      problems.add(
          Problem.Kind.WRONG_COLUMNS, file, where, "a bbox of " + bbox.size() + " numbers");
      return Optional.empty();
    } else {
      Optional<Box> hull = CocoMask.box(mask);
      if (hull.isEmpty()) {
        problems.add(Problem.Kind.DEGENERATE, file, where, type + ", no bbox and no usable mask");
        return Optional.empty();
      }
      Box b = hull.get();
      box = new double[] {b.x(), b.y(), b.width(), b.height()};
    }
    double score = annotation.path("score").asDouble(1);
    Optional<Mask> pixels = CocoMask.mask(mask, into.size());
    return into.box(file, where, type, box[0], box[1], box[2], box[3], score, pixels);
  }

  private static void pose(
      Path file,
      String where,
      JsonNode values,
      Category category,
      Optional<LocalizedObject> object,
      AnnotationBuilder into,
      Problems problems) {
    if (values.size() != 3 * category.keypoints.size()) {
      problems.add(
          Problem.Kind.WRONG_COLUMNS,
          file,
          where,
          Strings.format("%d numbers for %d keypoints", values.size(), category.keypoints.size()));
      return;
    }
    List<Keypoint> points = new ArrayList<>();
    for (int i = 0; i < category.keypoints.size(); i++) {
      int visible = values.get(3 * i + 2).asInt();
      if (visible == 0) continue;
      into.point(
              file,
              where,
              category.keypoints.get(i),
              values.get(3 * i).asDouble(Double.NaN),
              values.get(3 * i + 1).asDouble(Double.NaN),
              1,
              visible == 1 ? Keypoint.Visibility.OCCLUDED : Keypoint.Visibility.VISIBLE)
          .ifPresent(points::add);
    }
    into.pose(file, where, "", object, points);
  }

  @Override
  public void write(AnnotatedSet set, Path folder) {
    AnnotationFormat.requireNoSlices(set, "COCO");
    ObjectNode root = JSON.createObjectNode();
    ArrayNode images = root.putArray("images");
    ArrayNode annotations = root.putArray("annotations");
    List<String> classes = new ArrayList<>(set.classes());
    if (classes.isEmpty()) classes.add("object");
    for (AnnotatedImage image : set.images()) {
      Annotation a = image.annotation();
      int id = images.size() + 1;
      images
          .addObject()
          .put("id", id)
          .put("file_name", image.name())
          .put("width", a.size().width())
          .put("height", a.size().height());
      List<Pose> poses = new ArrayList<>(a.poses());
      for (LocalizedObject o : a.objects()) {
        ObjectNode node = annotation(annotations, id, classes.indexOf(o.type()) + 1);
        node.putArray("bbox")
            .add(o.box().x())
            .add(o.box().y())
            .add(o.box().width())
            .add(o.box().height());
        node.put("area", o.mask().map(m -> (double) m.area()).orElse(o.box().area()));
        o.mask()
            .ifPresent(
                m -> {
                  ObjectNode mask = node.putObject("segmentation");
                  mask.putArray("size").add(m.size().height()).add(m.size().width());
                  mask.put("counts", CocoMask.pack(m.runs()));
                });
        if (o.score() < 1) node.put("score", o.score());
        Optional<Pose> pose =
            poses.stream().filter(p -> p.object().equals(Optional.of(o))).findFirst();
        pose.ifPresent(
            p -> {
              put(node, p, set.keypoints().names());
              poses.remove(p);
            });
      }
      for (Pose p : poses) put(annotation(annotations, id, 1), p, set.keypoints().names());
    }
    ArrayNode categories = root.putArray("categories");
    for (String name : classes) {
      ObjectNode category = categories.addObject();
      category.put("id", categories.size()).put("name", name);
      if (set.keypoints().names().isEmpty()) continue;
      ArrayNode points = category.putArray("keypoints");
      set.keypoints().names().forEach(points::add);
      ArrayNode skeleton = category.putArray("skeleton");
      for (KeypointLayout.Pair line : set.keypoints().skeleton()) {
        skeleton
            .addArray()
            .add(set.keypoints().names().indexOf(line.first()) + 1)
            .add(set.keypoints().names().indexOf(line.second()) + 1);
      }
    }
    AtomicFile.write(
        folder.resolve(FILE),
        out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root)));
  }

  private static ObjectNode annotation(ArrayNode annotations, int image, int category) {
    ObjectNode node = annotations.addObject();
    return node.put("id", annotations.size())
        .put("image_id", image)
        .put("category_id", category)
        .put("iscrowd", 0);
  }

  private static void put(ObjectNode node, Pose pose, List<String> names) {
    ArrayNode values = node.putArray("keypoints");
    for (String name : names) {
      Optional<Keypoint> k = pose.keypoint(name).filter(Keypoint::isLocated);
      values.add(k.map(Keypoint::x).orElse(0.0));
      values.add(k.map(Keypoint::y).orElse(0.0));
      values.add(k.map(p -> p.visibility() == Keypoint.Visibility.OCCLUDED ? 1 : 2).orElse(0));
    }
    node.put("num_keypoints", pose.located().size());
  }
}
