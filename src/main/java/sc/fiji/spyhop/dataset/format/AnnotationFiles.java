package sc.fiji.spyhop.dataset.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/** Opens annotated images, whatever format they are annotated in. */
public final class AnnotationFiles {

  /** Folders that belong to a data set, not the data set itself. */
  private static final Set<String> PARTS =
      Set.of("annotations", "labels", "masks", "rois", "boxes", "keypoints");

  private final List<AnnotationFormat> formats;
  private final ImageReader reader;

  /**
   * Knows the formats that are found as plugins, ours and those of others.
   *
   * @param reader for sizes of images, and label images
   */
  public AnnotationFiles(ImageReader reader) {
    this.reader = reader;
    formats = Plugins.all(AnnotationFormat.class);
  }

  ImageReader reader() {
    return reader;
  }

  /** All that are there, ours and those that plugins bring, those of the highest priority first. */
  public List<AnnotationFormat> formats() {
    return formats;
  }

  /** The format of a name. */
  public AnnotationFormat format(String name) {
    return formats.stream()
        .filter(f -> f.name().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "No annotation format is called %s: expected one of %s.",
                        name,
                        formats.stream()
                            .map(AnnotationFormat::name)
                            .collect(Collectors.joining(", ")))));
  }

  /** Whether no format finds files of its own at a place. */
  boolean findsNothing(Path path) {
    return formats.stream().allMatch(f -> found(f, path).isEmpty());
  }

  private static List<Path> found(AnnotationFormat format, Path path) {
    return asked(format, () -> format.find(path), List.of());
  }

  /** What a format says of a place; one that fails at that finds nothing there, which is told. */
  private static <T> T asked(AnnotationFormat format, Supplier<T> question, T otherwise) {
    try {
      return question.get();
    } catch (SpyhopException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      Plugins.tellOnce(
          "The annotation format " + Plugins.describe(format) + " failed and is left out: " + e);
      return otherwise;
    }
  }

  /**
   * Writes annotations in a format, see {@link AnnotationFormat#write}.
   *
   * @throws SpyhopException also if the format is a plugin and fails
   */
  public void write(AnnotationFormat format, AnnotatedSet set, Path folder) {
    Plugins.ask(
        format,
        () -> {
          format.write(set, folder);
          return format;
        });
  }

  /** Whether there is something in a known format. */
  public boolean areIn(Path path) {
    return formats.stream().anyMatch(f -> !found(f, path).isEmpty());
  }

  /** The files that hold the annotations at a place. */
  public List<Path> sources(Path path) {
    return formats.stream().flatMap(f -> found(f, path).stream()).toList();
  }

  /**
   * Whether a file is one that is read of a data set: this itself, an image in it, or what is said
   * of the images. Other JSON files in its folder are not.
   *
   * @param place a file or a folder, which need not exist
   */
  public boolean holds(Path place, Path file) {
    Path own = place.toAbsolutePath().normalize();
    Path other = file.toAbsolutePath().normalize();
    if (own.equals(other) || FileNames.isSame(own, other)) return true;
    if (!Files.isDirectory(own) || !Files.isRegularFile(other)) return false;
    if (FileNames.upwards(other).noneMatch(above -> FileNames.isSame(own, above))) return false;
    boolean read = !FileNames.last(other).toLowerCase(Locale.ROOT).endsWith(".json");
    return read || sources(own).stream().anyMatch(source -> FileNames.isSame(source, other));
  }

  /**
   * Refuses to write annotations to where there are some in another format: it would be open which
   * of them count.
   */
  public void requireOnly(AnnotationFormat format, Path folder) {
    Path home = whole(folder.toAbsolutePath().normalize());
    if (!Files.exists(home)) return;
    for (AnnotationFormat other : formats) {
      List<Path> found = other == format ? List.of() : found(other, home);
      if (found.isEmpty()) continue;
      throw new SpyhopException(
          Strings.format(
              "%s: there are annotations in the format %s already (%s), and with others in the"
                  + " format %s it would be open which of them count. Name another folder; --images"
                  + " copy or link brings the images along.",
              home, other.name(), found.get(0), format.name()));
    }
  }

  /** Whether any name of an image in a CSV file fits just one in its folder or those below. */
  public boolean hasImages(Path table) {
    SetBuilder builder = new SetBuilder(new ImageFinder(folder(table)), reader);
    return new PlainCsv()
        .find(table).stream()
            .flatMap(PlainCsv::images)
            .anyMatch(name -> builder.known(name).isPresent());
  }

  /**
   * Opens a data set.
   *
   * @param path a folder, or an annotation file beside or above its images
   * @return with all that could be read, and what could not
   * @throws SpyhopException if nothing is there, the format is not known or not the only one, or
   *     nothing in it can be used
   */
  public AnnotatedSet open(Path path) {
    return open(path, path, List.of());
  }

  /**
   * The same for some of the images only.
   *
   * @param index CSV with a column name or image, and for subsets a column subset
   * @param subset absent: everything that is in the index
   */
  public AnnotatedSet open(Path path, Optional<Path> index, Optional<String> subset) {
    return open(path, index, subset, List.of());
  }

  /**
   * The same for some of the classes only.
   *
   * @param classes if any, objects of other classes are left out
   */
  AnnotatedSet open(
      Path path, Optional<Path> index, Optional<String> subset, List<String> classes) {
    AnnotatedSet all = open(path, path, classes);
    if (index.isEmpty() && subset.isEmpty()) return all;
    Path file = index.orElse(folder(path).resolve("index.csv"));
    AnnotatedSet some = all.only(SegmentationFolder.names(file, subset), file);
    if (some.images().isEmpty()) {
      throw new SpyhopException(
          Strings.format("%s: none of the images that %s lists is annotated.", path, file));
    }
    return some;
  }

  /**
   * Opens annotations whose images lie elsewhere.
   *
   * @param images folder of the images
   * @param classes if any, objects of other classes are left out
   */
  public AnnotatedSet open(Path path, Path images, List<String> classes) {
    if (!Files.exists(path)) throw new SpyhopException(path + ": no such file or folder.");
    Map<AnnotationFormat, List<Path>> found = new LinkedHashMap<>();
    for (AnnotationFormat format : formats) {
      List<Path> files = found(format, path);
      if (!files.isEmpty()) found.put(format, files);
    }
    if (found.isEmpty()) {
      formats.stream()
          .flatMap(f -> asked(f, () -> f.missing(path), Optional.<String>empty()).stream())
          .findFirst()
          .ifPresent(
              sentence -> {
                throw new SpyhopException(sentence);
              });
      throw new SpyhopException(
          Strings.format(
              "%s: no annotations in a known format. Expected one of: %s.",
              path,
              formats.stream()
                  .map(f -> f.layout() + " (" + f.name() + ")")
                  .collect(Collectors.joining("; "))));
    }
    if (found.size() > 1) {
      throw new SpyhopException(
          Strings.format(
              "%s: annotations in several formats: %s. Name the annotation file instead of the folder.",
              path,
              found.entrySet().stream()
                  .map(e -> e.getKey().name() + " (" + e.getValue().get(0) + ")")
                  .collect(Collectors.joining(", "))));
    }
    SetBuilder builder = new SetBuilder(new ImageFinder(folder(images)), reader);
    if (!classes.isEmpty()) {
      builder.declare(classes);
      builder.close();
    }
    var only = found.entrySet().iterator().next();
    Plugins.ask(
        only.getKey(),
        () -> {
          only.getKey().read(only.getValue(), builder);
          return builder;
        });
    AnnotatedSet set = builder.build();
    if (set.images().isEmpty() && isWithoutImages(set.problems())) {
      throw new SpyhopException(
          Strings.format(
              "%s: none of the images that are annotated there (%s), such as %s, is in %s or a folder"
                  + " below. Put them there.",
              path,
              only.getKey().name(),
              set.problems().of(Problem.Kind.MISSING_IMAGE).get(0).what(),
              folder(images)));
    }
    if (set.images().isEmpty() && set.problems().isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s: these annotations (%s) say nothing of any image. Annotate some.",
              path, only.getKey().name()));
    }
    if (set.images().isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s: nothing in these annotations (%s) can be used. %s.",
              path, only.getKey().name(), String.join(". ", set.problems().summary())));
    }
    return set;
  }

  private static boolean isWithoutImages(Problems problems) {
    return problems.counts().keySet().equals(Set.of(Problem.Kind.MISSING_IMAGE));
  }

  /** Where the images of annotations are: their folder, or the one above if it is for them only. */
  private static Path folder(Path path) {
    Path folder = path.toAbsolutePath().normalize();
    return whole(Files.isDirectory(folder) ? folder : FileNames.folder(folder));
  }

  private static Path whole(Path folder) {
    return isPart(folder) && !isSet(folder) ? FileNames.folder(folder) : folder;
  }

  private static boolean isPart(Path folder) {
    return PARTS.contains(FileNames.last(folder).toLowerCase(Locale.ROOT));
  }

  /** Whether a folder, whatever it is called, holds images and a folder of annotations of them. */
  private static boolean isSet(Path folder) {
    if (Files.isDirectory(folder.resolve("images"))) return true;
    try (Stream<Path> list = Files.list(folder)) {
      List<Path> within = list.toList();
      return within.stream().anyMatch(f -> isPart(f) && Files.isDirectory(f))
          && within.stream().anyMatch(f -> ImageFinder.isImage(f) && Files.isRegularFile(f));
    } catch (IOException e) {
      return false; // who reads it says what is wrong
    }
  }
}
