package sc.fiji.spyhop.dataset.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * COCO: one JSON file for many images, with boxes, masks and keypoints. A box is taken from bbox,
 * else from the mask, which is kept beside it. Keypoints with visibility 0 are not labelled. Crowds
 * are no objects, and nobody knows what their pixels show. Files about the same images are joined.
 * An annotation with keypoints and neither box nor mask is a pose without an object.
 */
@Plugin(type = AnnotationFormat.class, name = "coco", priority = 60)
public final class CocoJson implements AnnotationFormat {

  /** A list that COCO has; other files, such as figures, may count images. */
  private static final Pattern LIST =
      Pattern.compile("\"(images|annotations|categories)\"\\s*+:\\s*+\\[");

  private static final String FILE = "annotations.json";

  /** Python writes NaN and Infinity, which JSON does not know. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private record Category(String name, List<String> keypoints) {}

  @Override
  public String layout() {
    return "a COCO JSON file, or a folder with one in it or in annotations";
  }

  @Override
  public List<Path> find(Path path) {
    return candidates(path).stream().filter(CocoJson::isCoco).toList();
  }

  private static List<Path> candidates(Path path) {
    if (Files.isRegularFile(path)) return isJson(path) ? List.of(path) : List.of();
    List<Path> files = new ArrayList<>(FolderFiles.files(path, 1, "json"));
    files.addAll(FolderFiles.files(path.resolve("annotations"), 1, "json"));
    return files;
  }

  @Override
  public Optional<String> missing(Path path) {
    List<Path> files =
        Files.isRegularFile(path) ? List.of(path) : FolderFiles.files(path, 2, "json");
    return files.stream()
        .filter(f -> TextFiles.head(f).contains("\"shapes\""))
        .findFirst()
        .map(f -> f + " looks like LabelMe's JSON, which is not read. Export it as COCO or VOC.")
        .or(() -> candidates(path).stream().flatMap(f -> damage(f).stream()).findFirst());
  }

  /** Why a file is not JSON at all, a sentence. */
  private static Optional<String> damage(Path file) {
    try {
      JsonNode root = parse(file);
      return root.isMissingNode() ? Optional.of(file + ": is empty.") : Optional.empty();
    } catch (SpyhopException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static boolean isCoco(Path file) {
    String head = TextFiles.head(file);
    return head.stripLeading().startsWith("{") && LIST.matcher(head).find();
  }

  private static boolean isJson(Path file) {
    return ImageFinder.extension(FileNames.last(file)).equals("json");
  }

  @Override
  public void read(List<Path> files, SetBuilder into) {
    CocoFiles joined = new CocoFiles();
    for (Path file : files) {
      JsonNode root = parse(file);
      Optional<String> other = notObjects(root);
      if (other.isEmpty()) {
        read(file, root, joined, into);
        joined.next();
      } else if (files.size() > 1) {
        into.problems().add(Problem.Kind.UNSUPPORTED, file, "", other.get());
      } else {
        throw new SpyhopException(file + ": " + other.get() + ".");
      }
    }
  }

  private static JsonNode parse(Path file) {
    TextFiles.requireBounded(file);
    try {
      return JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new SpyhopException(
          Strings.format("%s, line %d: is not JSON: %s.", file, line, fault(e)), e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
  }

  /** What the parser says, without what it says to programmers. */
  private static String fault(JsonProcessingException e) {
    return e.getOriginalMessage()
        .replaceFirst("(?s): (maybe|enable|was expecting).*| ?\\((start marker|JSON).*", "");
  }

  /** Why a file says nothing of objects, as a clause; empty if it does. */
  private static Optional<String> notObjects(JsonNode root) {
    if (!root.path("images").isArray() || !root.path("annotations").isArray()) {
      return Optional.of("expected COCO JSON with the lists images, annotations and categories");
    }
    boolean any = root.get("annotations").isEmpty();
    for (JsonNode a : root.get("annotations")) {
      any |= a.has("category_id") || a.has("bbox") || a.has("segmentation") || a.has("keypoints");
      if (any) return Optional.empty();
    }
    return any
        ? Optional.empty()
        : Optional.of("its annotations, such as captions, say nothing of objects");
  }

  private static void read(Path file, JsonNode root, CocoFiles joined, SetBuilder into) {
    CocoIds<Category> categories = categories(file, root, into);
    CocoIds<Optional<AnnotationBuilder>> images = new CocoIds<>(file, "image");
    Set<Path> named = new HashSet<>();
    for (JsonNode image : root.get("images")) {
      String name = image.path("file_name").asText();
      String where = "image " + image.path("id").asText();
      images.put(image.path("id"), name, begun(file, where, name, image, named, into));
    }
    for (JsonNode annotation : root.get("annotations")) {
      String where =
          "annotation "
              + Strings.shorten(annotation.path("id").asText("?"))
              + wrong("bbox", annotation)
              + wrong("keypoints", annotation)
              + wrong("score", annotation);
      Optional<Optional<AnnotationBuilder>> image = images.get(annotation.path("image_id"), where);
      if (image.isEmpty()) {
        String what = "image_id " + annotation.path("image_id").asText();
        into.problems().add(Problem.Kind.MISSING_IMAGE, file, where, what);
      } else if (image.get().isPresent()) {
        read(file, where, annotation, categories, joined, image.get().get(), into.problems());
      }
    }
  }

  /** A field that holds something else than numbers, for a report; empty if it does not. */
  private static String wrong(String name, JsonNode annotation) {
    JsonNode value = annotation.path(name);
    boolean wrong = value.isValueNode() && !value.isNull() && Double.isNaN(number(value));
    for (JsonNode n : value) wrong |= Double.isNaN(number(n));
    return wrong ? ", " + name + " " + Strings.shorten(value.toString()) : "";
  }

  private static Optional<AnnotationBuilder> begun(
      Path file, String where, String name, JsonNode image, Set<Path> named, SetBuilder into) {
    double width = number(image.path("width"));
    double height = number(image.path("height"));
    boolean declared =
        width >= 1
            && height >= 1
            && Math.max(width, height) < 1 << 24
            && width == (int) width
            && height == (int) height;
    Optional<Path> path = into.find(name, file, where);
    if (path.isPresent() && !named.add(path.get())) {
      into.anotherName(path.get(), name, file, where);
      return Optional.empty();
    }
    return declared
        ? path.flatMap(
            p -> into.annotation(p, new ImageSize((int) width, (int) height), file, where))
        : path.flatMap(into::annotation);
  }

  /** A number, even if it is written as text; NaN if it is none. */
  static double number(JsonNode node) {
    if (node.isTextual()) return Decimals.parse(node.asText());
    return node.isNumber() ? node.doubleValue() : Double.NaN;
  }

  private static CocoIds<Category> categories(Path file, JsonNode root, SetBuilder into) {
    CocoIds<Category> categories = new CocoIds<>(file, "category");
    Set<String> names = new HashSet<>();
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
      categories.put(c.path("id"), name, new Category(name, points));
      if (!names.add(SetBuilder.clean(name))) {
        String where = "category " + c.path("id").asText();
        into.problems().add(Problem.Kind.SAME_CLASS, file, where, name);
      }
      into.declare(List.of(name));
      into.declareKeypoints(points, lines);
    }
    return categories;
  }

  private static void read(
      Path file,
      String where,
      JsonNode annotation,
      CocoIds<Category> categories,
      CocoFiles joined,
      AnnotationBuilder into,
      Problems problems) {
    JsonNode id = annotation.path("category_id");
    Category category = CocoIds.isMissing(id) ? null : categories.get(id, where).orElse(null);
    if (category == null) {
      into.leaveOut();
      problems.add(
          Problem.Kind.UNKNOWN_CLASS,
          file,
          where,
          "category_id " + annotation.path("category_id").asText());
      return;
    }
    if (annotation.path("iscrowd").asBoolean() || number(annotation.path("iscrowd")) > 0) {
      crowd(file, where, category.name, annotation, into, problems);
      return;
    }
    JsonNode bbox = annotation.path("bbox");
    JsonNode mask = annotation.path("segmentation");
    boolean pose = annotation.path("keypoints").size() > 0;
    CocoFiles.Key key = new CocoFiles.Key(into, category.name, bbox, mask);
    Optional<CocoFiles.Said> before = joined.before(key);
    if (before.isPresent() && (!pose || before.get().pose())) {
      problems.add(Problem.Kind.DUPLICATE, file, where, category.name + " of another file");
      return;
    }
    Optional<LocalizedObject> object = before.flatMap(CocoFiles.Said::object);
    if (before.isEmpty() && (bbox.size() > 0 || mask.size() > 0 || !pose)) {
      object = box(file, where, category.name, bbox, mask, annotation, into, problems);
      if (object.isEmpty()) return;
    }
    joined.add(key, new CocoFiles.Said(object, pose));
    if (pose) pose(file, where, annotation.get("keypoints"), category, object, into, problems);
  }

  /**
   * Several objects that nobody has told apart: their pixels are unknown, else those of the box.
   */
  private static void crowd(
      Path file,
      String where,
      String type,
      JsonNode annotation,
      AnnotationBuilder into,
      Problems problems) {
    problems.add(Problem.Kind.CROWD, file, where, "a crowd of " + type);
    Optional<Mask> pixels = CocoMask.mask(annotation.path("segmentation"), into.placement());
    Optional<double[]> box =
        numbers(annotation.path("bbox")).filter(b -> Double.isFinite(b[0] + b[1] + b[2] + b[3]));
    if (pixels.isEmpty() && box.isPresent()) {
      double[] b = box.get();
      double[] corners = {
        b[0], b[1], b[0] + b[2], b[1], b[0] + b[2], b[1] + b[3], b[0], b[1] + b[3]
      };
      pixels = PolygonMask.of(List.of(into.placement().polygon(corners)), into.size());
    }
    pixels.ifPresentOrElse(into::unknown, into::leaveOut);
  }

  /** The numbers of a box; empty if it is none. */
  private static Optional<double[]> numbers(JsonNode bbox) {
    if (bbox.size() != 4) return Optional.empty();
    double[] box = new double[4];
    for (int i = 0; i < 4; i++) box[i] = number(bbox.get(i));
    return Optional.of(box);
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
    if (bbox.size() > 0 && bbox.size() != 4) {
      problems.add(
          Problem.Kind.WRONG_COLUMNS, file, where, "a bbox of " + bbox.size() + " numbers");
      into.leaveOut();
      return Optional.empty();
    }
    Optional<Mask> pixels = CocoMask.mask(mask, into.placement());
    Optional<double[]> said = numbers(bbox);
    boolean sized = said.isPresent() && said.get()[2] != 0 && said.get()[3] != 0;
    if (!sized) said = hull(mask, pixels).or(() -> numbers(bbox));
    if (said.isEmpty()) {
      if (CocoMask.isEmpty(mask)) {
        into.degenerate(file, where, type + ", no bbox and no segmentation");
        if (!mask.isArray()) into.leaveOut();
      } else {
        problems.add(Problem.Kind.BAD_MASK, file, where, type + ", " + CocoMask.expected(mask));
        into.leaveOut();
      }
      return Optional.empty();
    }
    double[] box = said.get();
    double score = annotation.has("score") ? number(annotation.get("score")) : 1;
    return into.box(file, where, type, box[0], box[1], box[2], box[3], score, pixels);
  }

  /** The bounds of what is within a segmentation; empty if nothing of it is in the image. */
  private static Optional<double[]> hull(JsonNode segmentation, Optional<Mask> pixels) {
    if (!segmentation.isArray() && pixels.isEmpty()) return Optional.empty();
    return CocoMask.box(segmentation).map(b -> new double[] {b.x(), b.y(), b.width(), b.height()});
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
      into.leaveOut();
      return;
    }
    List<Keypoint> points = new ArrayList<>();
    for (int i = 0; i < category.keypoints.size(); i++) {
      double visible = number(values.get(3 * i + 2));
      if (visible == 0) continue;
      into.point(
              file,
              where,
              category.keypoints.get(i),
              number(values.get(3 * i)),
              number(values.get(3 * i + 1)),
              Double.isNaN(visible) ? visible : 1,
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
