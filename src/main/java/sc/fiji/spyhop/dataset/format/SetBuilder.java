package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/** Takes in what the files of a data set say, image by image. */
public final class SetBuilder {

  private record Plane(Path file, int z, int t) {}

  /** Folders of annotations, beside which their images are, or in a folder images there. */
  private static final Set<String> PARTS = Set.of("labels", "annotations", "masks", "rois");

  private static final Pattern TRAILING = Pattern.compile("[\\s/\\\\]++$");

  private final ImageFinder images;
  private final ImageReader reader;
  private final Problems problems = new Problems();
  private final Map<Plane, AnnotationBuilder> planes = new HashMap<>();
  private final Map<Path, Optional<ImageSize>> sizes = new HashMap<>();

  /** Of the stacks that were asked for one. */
  private final Map<Path, Set<Plane>> stacks = new HashMap<>();

  /** Images in folders by their paths with underscores; made when it is needed. */
  private final Map<String, List<Path>> joined = new HashMap<>();

  /** What the images that were found are called in the files. */
  private final Map<Path, String> names = new HashMap<>();

  private final Set<Path> leftOut = new HashSet<>();

  /** Images that are named, but are not there or not read, by {@link EvaluationTables#key}. */
  private final Set<String> unread = new TreeSet<>();

  private final Set<Path> placed = new HashSet<>();

  /** Images of which an annotation says the size. */
  private final Set<Path> sized = new HashSet<>();

  private final Set<String> declared = new LinkedHashSet<>();
  private final Set<String> seen = new TreeSet<>();
  private final Set<String> keypoints = new LinkedHashSet<>();
  private final Set<KeypointLayout.Pair> skeleton = new LinkedHashSet<>();
  private boolean closed;

  /**
   * Begins with nothing known of any image.
   *
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

  /** Reads sizes, pixels and orientations of the images. */
  public ImageReader reader() {
    return reader;
  }

  /** What was left out or changed so far; added to by all who read. */
  public Problems problems() {
    return problems;
  }

  /** Classes that the format declares, in its order. */
  public void declare(List<String> classes) {
    if (!closed) classes.forEach(c -> declared.add(clean(c)));
  }

  /** From now on, objects of other classes than those declared are left out. */
  void close() {
    closed = true;
  }

  boolean accepts(String type) {
    return !type.isBlank() && (!closed || declared.contains(clean(type)));
  }

  /** A name without what a terminal would act on, in place of which is a blank. */
  static String clean(String name) {
    return Strings.visible(name).strip();
  }

  void seen(String type) {
    seen.add(clean(type));
  }

  void seenKeypoint(String name) {
    keypoints.add(name);
  }

  /** Keypoints that the format declares, in its order, and lines between them. */
  public void declareKeypoints(List<String> names, List<KeypointLayout.Pair> lines) {
    names.forEach(n -> keypoints.add(clean(n)));
    skeleton.addAll(lines);
  }

  /**
   * The image of a name, if there is just one; else that is taken down.
   *
   * @param file and {@code where} in it, for the report
   */
  public Optional<Path> find(String name, Path file, String where) {
    List<Path> found = candidates(name);
    if (found.isEmpty()) {
      if (!name.isBlank()) unread.add(EvaluationTables.key(name));
      problems.add(
          Problem.Kind.MISSING_IMAGE, file, where, name.isBlank() ? "no image named" : name);
    } else if (found.size() > 1) {
      problems.add(
          Problem.Kind.AMBIGUOUS_IMAGE,
          file,
          where,
          name + ": " + images.name(found.get(0)) + " and " + images.name(found.get(1)));
      found.forEach(this::leaveOut);
    }
    if (found.size() != 1 || !isSameName(names.putIfAbsent(found.get(0), name), name)) {
      if (found.size() == 1) anotherName(found.get(0), name, file, where);
      return Optional.empty();
    }
    return Optional.of(found.get(0));
  }

  /** Takes down that two names mean one image, which nobody knows what is said of. */
  void anotherName(Path image, String name, Path file, String where) {
    problems.add(Problem.Kind.SAME_IMAGE, file, where, name + ": " + images.name(image));
    leaveOut(image);
  }

  /** Whether two names are one, or one is the other with some of its folders. */
  private static boolean isSameName(String before, String now) {
    if (before == null || before.equals(now)) return true;
    String one = "/" + ImageFinder.key(before);
    String other = "/" + ImageFinder.key(now);
    return one.endsWith(other) || other.endsWith(one);
  }

  /**
   * The image that a file of annotations is for by its place, called like it but for the extension:
   * beside it, or beside its folder {@code labels}, {@code annotations}, {@code masks} or {@code
   * rois}, or in a folder {@code images} in place of that.
   *
   * @return empty if there is none, or several
   */
  public Optional<Path> beside(Path file, String stem) {
    Path root = images.root().toAbsolutePath().normalize();
    Path folder = FileNames.folder(file.toAbsolutePath().normalize());
    if (!folder.startsWith(root)) return Optional.empty();
    List<String> parts = new ArrayList<>();
    for (Path part : root.relativize(folder)) parts.add(part.toString());
    parts.remove("");
    Set<Path> found = new LinkedHashSet<>(at(parts, stem));
    for (int i = 0; i < parts.size(); i++) {
      if (!PARTS.contains(parts.get(i).toLowerCase(Locale.ROOT))) continue;
      List<String> other = new ArrayList<>(parts);
      other.set(i, "images");
      found.addAll(at(other, stem));
      other.remove(i);
      found.addAll(at(other, stem));
    }
    return found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty();
  }

  private List<Path> at(List<String> folders, String stem) {
    return images.at(folders.isEmpty() ? stem : String.join("/", folders) + "/" + stem);
  }

  /**
   * The images of a name as it is written, else as the percent signs in it stand for letters, else
   * as its underscores stand for folders.
   */
  private List<Path> candidates(String name) {
    String path = TRAILING.matcher(name).replaceAll("");
    if (path.isBlank()) return List.of();
    List<Path> found = images.find(path);
    if (found.isEmpty() && path.contains("%")) {
      found = PercentCode.decode(path).map(images::find).orElse(found);
    }
    return found.isEmpty() && path.contains("_") ? joined(path) : found;
  }

  private List<Path> joined(String path) {
    if (joined.isEmpty()) {
      for (Path image : images.all()) {
        String all = ImageFinder.stem(images.name(image));
        for (int i = 0; i >= 0; i = all.indexOf('/', i + 1)) {
          String part = all.substring(i == 0 ? 0 : i + 1);
          if (!part.contains("/")) continue;
          joined
              .computeIfAbsent(ImageFinder.key(part.replace('/', '_')), k -> new ArrayList<>(1))
              .add(image);
        }
      }
    }
    String last = path.replace('\\', '/');
    return joined.getOrDefault(
        ImageFinder.key(last.substring(last.lastIndexOf('/') + 1)), List.of());
  }

  /**
   * Leaves an image out, as not all that is said of it can be read: it must not be taken for one in
   * which there is nothing else.
   */
  public void leaveOut(Path image) {
    leftOut.add(image);
  }

  /** The image of a name if there is just one; nothing is taken down. */
  Optional<Path> known(String name) {
    List<Path> found = candidates(name);
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /**
   * The annotation of an image of one plane that was made on an image of another size.
   *
   * @param declared columns and rows that the file says
   * @return empty if the image cannot be read, or its size does not fit, which is taken down
   */
  Optional<AnnotationBuilder> annotation(Path image, ImageSize declared, Path file, String where) {
    Optional<ImageSize> size = size(image);
    if (size.isEmpty()) return Optional.empty();
    Optional<Placement> placement = Placement.of(declared, size.get(), image);
    if (placement.isEmpty()) {
      problems.add(
          Problem.Kind.OTHER_SIZE,
          file,
          where,
          Strings.format(
              "%s has %d x %d pixels, the annotation says %d x %d",
              images.name(image),
              size.get().width(),
              size.get().height(),
              declared.width(),
              declared.height()));
      leaveOut(image);
      return Optional.empty();
    }
    sized.add(image);
    if (!placement.get().isSame() && placed.add(image)) {
      Problem.Kind kind = placement.get().isTurned() ? Problem.Kind.TURNED : Problem.Kind.SCALED;
      problems.add(kind, file, where, images.name(image) + " " + placement.get());
    }
    Optional<AnnotationBuilder> annotation = annotation(image);
    annotation.ifPresent(a -> a.place(placement.get()));
    return annotation;
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
                    new Plane(image, z, t), p -> new AnnotationBuilder(size, this)))
        .map(AnnotationBuilder::unplaced);
  }

  /** Whether something has been said of an image already. */
  public boolean has(Path image) {
    return planes.keySet().stream().anyMatch(p -> p.file.equals(image));
  }

  /** Columns and rows of an image; empty if it cannot be read, which is taken down once. */
  public Optional<ImageSize> size(Path image) {
    return sizes.computeIfAbsent(image, this::readSize);
  }

  /** Whether an image has a plane, as far as it can be read; that it cannot is taken down once. */
  boolean hasPlane(Path image, int z, int t) {
    if ((z == 1 && t == 1) || size(image).isEmpty()) return true;
    return stacks.computeIfAbsent(image, this::readPlanes).contains(new Plane(image, z, t));
  }

  private Set<Plane> readPlanes(Path image) {
    Set<Plane> found = new HashSet<>();
    try {
      reader.planes(image).forEach(p -> found.add(new Plane(image, p.z(), p.t())));
    } catch (SpyhopException e) {
      problems.add(Problem.Kind.UNREADABLE, image, "", e.getMessage());
    }
    return found;
  }

  private Optional<ImageSize> readSize(Path image) {
    try {
      return Optional.of(reader.readSize(image));
    } catch (SpyhopException e) {
      problems.add(Problem.Kind.UNREADABLE, image, "", e.getMessage());
      unread.add(EvaluationTables.key(images.name(image)));
      return Optional.empty();
    }
  }

  /**
   * Whether a photograph was turned when it was read, and its annotations may have been made before
   * that: only columns and rows that change places tell.
   */
  private boolean mayBeTurned(Path image) {
    int orientation = reader.readOrientation(image);
    ImageSize size = size(image).orElseThrow();
    boolean told = orientation >= 5 && size.width() != size.height() && sized.contains(image);
    return orientation != 1 && !told;
  }

  /**
   * The set, in order of names, time points and slices, without images that something was left out
   * of; classes that are declared come first, those that were only seen follow by name.
   */
  public AnnotatedSet build() {
    List<AnnotatedImage> list = new ArrayList<>();
    Set<String> named = new TreeSet<>();
    for (Path file : leftOut) {
      named.add(images.name(file));
      unread.add(EvaluationTables.key(images.name(file)));
    }
    planes.forEach(
        (plane, annotation) -> {
          String name = images.name(plane.file);
          if (leftOut.contains(plane.file)) return;
          if (annotation.isLeftOut()) {
            boolean one = plane.z == 1 && plane.t == 1;
            named.add(one ? name : name + " slice " + plane.z + " frame " + plane.t);
            unread.add(EvaluationTables.key(name, plane.z, plane.t));
            return;
          }
          list.add(
              new AnnotatedImage(
                  name, plane.file, plane.z, plane.t, annotation.build(), annotation.unknown()));
        });
    named.forEach(name -> problems.add(Problem.Kind.UNREAD_IMAGE, name));
    list.stream()
        .filter(i -> !i.annotation().objects().isEmpty() || !i.annotation().poses().isEmpty())
        .map(AnnotatedImage::file)
        .distinct()
        .filter(this::mayBeTurned)
        .forEach(file -> problems.add(Problem.Kind.TURNED_OR_NOT, images.name(file)));
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
        problems,
        unread);
  }
}
