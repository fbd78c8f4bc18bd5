package sc.fiji.spyhop.dataset.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.prediction.Pose;

/**
 * Annotated images, however they were stored.
 *
 * @param images by name, then by time point and slice
 * @param classes in the order that the format declares, else by name
 * @param keypoints names, and what else the format declares
 * @param problems what was left out
 * @param unread images that are named but none of these, as {@link EvaluationTables#key} calls them
 */
public record AnnotatedSet(
    List<AnnotatedImage> images,
    List<String> classes,
    KeypointLayout keypoints,
    Problems problems,
    Set<String> unread) {

  /** Copies the lists. */
  public AnnotatedSet {
    images = List.copyOf(images);
    classes = List.copyOf(classes);
    unread = Set.copyOf(unread);
  }

  /** All images that are named are there. */
  public AnnotatedSet(
      List<AnnotatedImage> images,
      List<String> classes,
      KeypointLayout keypoints,
      Problems problems) {
    this(images, classes, keypoints, problems, Set.of());
  }

  /**
   * The same as samples whose images are read when asked for: named like the image, and by slice
   * and time point where it is a stack. A sample throws a SpyhopException if its image cannot be
   * read.
   */
  public Dataset<Annotation> samples(ImageReader reader) {
    return samples(reader, AnnotatedImage::annotation);
  }

  /** The same with something else that is true of each image, made when asked for. */
  <T> Dataset<T> samples(ImageReader reader, Function<AnnotatedImage, T> truth) {
    Map<String, Long> planes =
        images.stream().collect(Collectors.groupingBy(AnnotatedImage::name, Collectors.counting()));
    return Dataset.of(
        images.stream()
            .map(i -> new Dataset.Entry<>(label(i, planes), () -> sample(i, reader, truth)))
            .toList());
  }

  private static String label(AnnotatedImage i, Map<String, Long> planes) {
    boolean one = planes.get(i.name()) == 1 && i.z() == 1 && i.t() == 1;
    return one ? i.name() : i.name() + " slice " + i.z() + " frame " + i.t();
  }

  private static <T> Sample<T> sample(
      AnnotatedImage i, ImageReader reader, Function<AnnotatedImage, T> truth) {
    return new Sample<>(reader.readFrame(i.file(), i.z(), i.t()), truth.apply(i));
  }

  /** Those of the unread whose file cannot be opened. */
  public Set<String> unreadable() {
    Set<String> files =
        problems.of(Problem.Kind.UNREADABLE).stream()
            .map(p -> EvaluationTables.key(p.file()))
            .collect(Collectors.toSet());
    return unread.stream()
        .filter(key -> files.contains(key.substring(key.lastIndexOf('/') + 1)))
        .collect(Collectors.toSet());
  }

  /** Number of objects in all images; each has a box, also where its outline is known. */
  public int boxes() {
    return images.stream().mapToInt(i -> i.annotation().objects().size()).sum();
  }

  /** Number of objects whose outline is known. */
  public int masks() {
    return (int)
        images.stream()
            .flatMap(i -> i.annotation().objects().stream())
            .filter(o -> o.mask().isPresent())
            .count();
  }

  /** Number of keypoints that have a place. */
  public int points() {
    return images.stream()
        .flatMap(i -> i.annotation().poses().stream())
        .mapToInt(p -> p.located().size())
        .sum();
  }

  /** How many boxes each class has, by class in order. */
  public Map<String, Integer> boxesByClass() {
    Map<String, Integer> counts = new java.util.LinkedHashMap<>();
    classes.forEach(c -> counts.put(c, 0));
    images.forEach(
        i -> i.annotation().objects().forEach(o -> counts.merge(o.type(), 1, Integer::sum)));
    return counts;
  }

  /**
   * The same with an outline for each object that has none: the ellipse in its box, as round cells
   * have it. What is too small to hold a pixel stays without.
   */
  public AnnotatedSet withEllipses() {
    return new AnnotatedSet(
        images.stream().map(i -> i.with(withEllipses(i.annotation()))).toList(),
        classes,
        keypoints,
        problems,
        unread);
  }

  private static Annotation withEllipses(Annotation a) {
    Map<LocalizedObject, LocalizedObject> outlined = new HashMap<>();
    for (LocalizedObject o : a.objects()) {
      Mask mask = o.mask().orElseGet(() -> Mask.ellipse(a.size(), o.box()));
      outlined.put(o, mask.isEmpty() ? o : o.withMask(mask));
    }
    return new Annotation(
        a.size(),
        a.objects().stream().map(outlined::get).toList(),
        a.poses().stream()
            .map(p -> new Pose(p.individual(), p.object().map(outlined::get), p.keypoints()))
            .toList());
  }

  /** The images that show one object of a class; the others are taken down as problems. */
  public AnnotatedSet single(String type) {
    List<AnnotatedImage> kept = new ArrayList<>();
    for (AnnotatedImage image : images) {
      Annotation a = image.annotation();
      List<LocalizedObject> own = a.objects().stream().filter(o -> o.type().equals(type)).toList();
      if (own.size() == 1) {
        kept.add(image.with(new Annotation(a.size(), own, List.of())));
      } else {
        problems.add(Problem.Kind.NOT_ONE, image.file(), "", own.size() + " " + type);
      }
    }
    return new AnnotatedSet(kept, List.of(type), KeypointLayout.NONE, problems, unread);
  }

  /**
   * The same with an object for each pose: its own, else the smallest that holds its points. Poses
   * that have none, and images without poses, are left out, the former taken down as problems.
   */
  public AnnotatedSet posesInBoxes() {
    List<AnnotatedImage> kept = new ArrayList<>();
    for (AnnotatedImage image : images) {
      Annotation a = image.annotation();
      List<Pose> poses = new ArrayList<>();
      for (Pose p : a.poses()) {
        Optional<LocalizedObject> object = p.object().or(() -> around(p, a.objects()));
        if (object.isPresent()) {
          poses.add(new Pose(p.individual(), object, p.keypoints()));
        } else {
          String points = p.located().size() + " points" + (p.individual().isEmpty() ? "" : " of ");
          problems.add(Problem.Kind.NO_BOX, image.file(), "", points + p.individual());
        }
      }
      if (!poses.isEmpty()) kept.add(image.with(new Annotation(a.size(), a.objects(), poses)));
    }
    return new AnnotatedSet(kept, classes, keypoints, problems, unread);
  }

  private static Optional<LocalizedObject> around(Pose pose, List<LocalizedObject> objects) {
    if (pose.located().isEmpty()) return Optional.empty();
    return objects.stream()
        .filter(o -> pose.located().stream().allMatch(k -> holds(o.box(), k)))
        .min(Comparator.comparingDouble(o -> o.box().area()));
  }

  private static boolean holds(Box box, Keypoint k) {
    return k.x() >= box.x() && k.x() <= box.right() && k.y() >= box.y() && k.y() <= box.bottom();
  }

  /**
   * The images with some names: with or without folder and extension.
   *
   * @param names that are not there are taken down as problems
   */
  AnnotatedSet only(Set<String> names, java.nio.file.Path index) {
    Map<String, String> wanted = new TreeMap<>();
    names.forEach(n -> wanted.put(ImageFinder.key(n), n));
    Set<String> found = new HashSet<>();
    List<AnnotatedImage> kept = new ArrayList<>();
    for (AnnotatedImage image : images) {
      String path = ImageFinder.key(image.name());
      String name = wanted.containsKey(path) ? path : ImageFinder.key(image.stem());
      if (wanted.containsKey(name)) {
        kept.add(image);
        found.add(name);
      }
    }
    wanted.forEach(
        (key, name) -> {
          if (!found.contains(key)) {
            problems.add(Problem.Kind.NO_ANNOTATION, index, "", name);
          }
        });
    return new AnnotatedSet(kept, classes, keypoints, problems, unread);
  }
}
