package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.KeypointLayout;

/** Takes in what the files of a data set say, image by image. */
public final class SetBuilder {

  private record Plane(Path file, int z, int t) {}

  private final ImageFinder images;
  private final ImageReader reader;
  private final Problems problems = new Problems();
  private final Map<Plane, AnnotationBuilder> planes = new HashMap<>();
  private final Map<Path, Optional<ImageSize>> sizes = new HashMap<>();
  private final Set<String> declared = new LinkedHashSet<>();
  private final Set<String> seen = new TreeSet<>();
  private final Set<String> keypoints = new LinkedHashSet<>();
  private final Set<KeypointLayout.Pair> skeleton = new LinkedHashSet<>();
  private boolean closed;

  /**
   * @param reader for sizes of images
   */
  public SetBuilder(ImageFinder images, ImageReader reader) {
    this.images = images;
    this.reader = reader;
  }

  /** The images of the data set. */
  public ImageFinder images() {
    return images;
  }

  public ImageReader reader() {
    return reader;
  }

  public Problems problems() {
    return problems;
  }

  /** Classes that the format declares, in its order. */
  public void declare(List<String> classes) {
    if (!closed) declared.addAll(classes);
  }

  /** From now on, objects of other classes than those declared are left out. */
  void close() {
    closed = true;
  }

  boolean accepts(String type) {
    return !type.isBlank() && (!closed || declared.contains(type.strip()));
  }

  void seen(String type) {
    seen.add(type);
  }

  void seenKeypoint(String name) {
    keypoints.add(name);
  }

  /** Keypoints that the format declares, in its order, and lines between them. */
  public void declareKeypoints(List<String> names, List<KeypointLayout.Pair> lines) {
    keypoints.addAll(names);
    skeleton.addAll(lines);
  }

  /**
   * The image of a name, if there is just one; else that is taken down.
   *
   * @param file and {@code where} in it, for the report
   */
  public Optional<Path> find(String name, Path file, String where) {
    List<Path> found = name.isBlank() ? List.of() : images.find(name);
    if (found.isEmpty()) {
      problems.add(
          Problem.Kind.MISSING_IMAGE, file, where, name.isBlank() ? "no image named" : name);
    } else if (found.size() > 1) {
      problems.add(
          Problem.Kind.AMBIGUOUS_IMAGE,
          file,
          where,
          name + ": " + images.name(found.get(0)) + " and " + images.name(found.get(1)));
    }
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** The annotation of an image of one plane, begun if it is new. */
  public Optional<AnnotationBuilder> annotation(Path image) {
    return annotation(image, 1, 1);
  }

  /**
   * The annotation of a plane, begun if it is new; empty if the image cannot be read, which is
   * taken down.
   */
  public Optional<AnnotationBuilder> annotation(Path image, int z, int t) {
    return size(image)
        .map(
            size ->
                planes.computeIfAbsent(
                    new Plane(image, z, t), p -> new AnnotationBuilder(size, this)));
  }

  /** Whether something has been said of an image already. */
  public boolean has(Path image) {
    return planes.keySet().stream().anyMatch(p -> p.file.equals(image));
  }

  /** Columns and rows of an image; empty if it cannot be read, which is taken down once. */
  public Optional<ImageSize> size(Path image) {
    return sizes.computeIfAbsent(image, this::readSize);
  }

  private Optional<ImageSize> readSize(Path image) {
    try {
      return Optional.of(reader.readSize(image));
    } catch (SpyhopException e) {
      problems.add(Problem.Kind.UNREADABLE, image, "", e.getMessage());
      return Optional.empty();
    }
  }

  public AnnotatedSet build() {
    List<AnnotatedImage> list = new ArrayList<>();
    planes.forEach(
        (plane, annotation) ->
            list.add(
                new AnnotatedImage(
                    images.name(plane.file), plane.file, plane.z, plane.t, annotation.build())));
    list.sort(
        Comparator.comparing(AnnotatedImage::name)
            .thenComparing(AnnotatedImage::t)
            .thenComparing(AnnotatedImage::z));
    Set<String> classes = new LinkedHashSet<>(declared);
    classes.addAll(seen);
    return new AnnotatedSet(
        list,
        List.copyOf(classes),
        new KeypointLayout(List.copyOf(keypoints), List.copyOf(skeleton), List.of())
            .withMirroredByName(),
        problems);
  }
}
