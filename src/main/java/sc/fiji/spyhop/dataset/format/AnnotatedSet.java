package sc.fiji.spyhop.dataset.format;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sc.fiji.spyhop.prediction.KeypointLayout;

/**
 * Annotated images, however they were stored.
 *
 * @param images by name, then by time point and slice
 * @param classes in the order that the format declares, else by name
 * @param keypoints names, and what else the format declares
 * @param problems what was left out
 */
public record AnnotatedSet(
    List<AnnotatedImage> images,
    List<String> classes,
    KeypointLayout keypoints,
    Problems problems) {

  public AnnotatedSet {
    images = List.copyOf(images);
    classes = List.copyOf(classes);
  }

  public int boxes() {
    return images.stream().mapToInt(i -> i.annotation().objects().size()).sum();
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
    return new AnnotatedSet(kept, classes, keypoints, problems);
  }
}
