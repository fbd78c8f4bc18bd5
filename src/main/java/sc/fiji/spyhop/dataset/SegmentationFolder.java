package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Images and label images in a folder, paired by base name (the file name without its last
 * extension). Either {@code images/NAME.ext} or {@code NAME.ext} with {@code labels/NAME.ext} or
 * {@code masks/NAME.ext}, or {@code NAME.ext} with {@code NAME_labels.ext} beside it; extensions of
 * a pair may differ, and upper and lower case where it is clear which belong together. The image of
 * {@code labels/day1_NAME.ext}, or of {@code labels/NAME.ext} if there is one such only, may also
 * be in a folder below, {@code day1/NAME.ext}. Files that are no images by their extension are
 * passed over.
 *
 * <p>An index, if given, is a CSV file with a header, a column {@code name} or {@code image} (base
 * name, or file name), for subsets a column {@code subset}, and where a number stands for pixels
 * that nobody has labelled, a column {@code unknown} (see {@link UnknownLabels}); other columns are
 * passed over.
 */
public final class SegmentationFolder {

  private static final String CLASSES = "classes.csv";
  private static final String SUFFIX = "_labels";

  /** Folders of label images. */
  private static final List<String> TRUTH = List.of("labels", "masks");

  /** How deep images are looked for that are not in the folder itself. */
  private static final int DEEP = 8;

  private SegmentationFolder() {}

  /**
   * Finds the pairs; images are read later, when the set is asked for them. A sample then throws a
   * {@link SpyhopException} if a file cannot be read, if there are several images or label images
   * of its name, or if image and label image differ in size.
   *
   * @param index absent: all pairs, or {@code folder/index.csv} if only a subset is asked for
   * @param subset absent: everything that is in the index
   * @param ignored label of pixels that nobody has labelled, besides what the data set says;
   *     negative: none
   * @param notes takes a sentence that names the first few images and label images without the
   *     other, which are left out
   * @return samples by ascending name
   * @throws SpyhopException if folder or index cannot be read, nothing is found, the subset is
   *     unknown, or no image has a label image
   */
  public static Dataset<LabelMap> read(
      Path folder,
      Optional<Path> index,
      Optional<String> subset,
      ImageReader reader,
      int ignored,
      Consumer<String> notes) {
    if (!Files.isDirectory(folder)) {
      throw new SpyhopException(
          "No training data: expected a folder, received " + folder + ", which is not one.");
    }
    List<String> problems = new ArrayList<>();
    Found found = find(folder, problems);
    Set<String> names;
    if (index.isPresent() || subset.isPresent()) {
      Path file = index.orElse(folder.resolve("index.csv"));
      names = new TreeSet<>();
      FileNames.Index images = new FileNames.Index(found.images.keySet());
      for (String name : listed(file, subset)) {
        Optional<String> image = images.find(name);
        if (image.isEmpty()) {
          problems.add(name + " is listed in " + FileNames.last(file) + " but has no image");
        } else if (!names.add(image.get())) {
          problems.add(image.get() + " is listed twice in " + FileNames.last(file));
        }
      }
    } else {
      names = new TreeSet<>(found.images.keySet());
      for (String name : found.labels.keySet()) {
        if (!names.contains(name)) problems.add(name + " has a label image but no image");
      }
    }
    UnknownLabels unknown = UnknownLabels.of(found.labelFolder, index, ignored);
    List<Dataset.Entry<LabelMap>> entries = new ArrayList<>();
    for (String name : names) {
      List<Path> images = found.images.getOrDefault(name, List.of());
      List<Path> labels = found.labels.getOrDefault(name, List.of());
      if (images.size() > 1 || labels.size() > 1) {
        String what = images.size() > 1 ? "images: " : "label images: ";
        String several =
            name + " has several " + what + fileNames(images.size() > 1 ? images : labels);
        entries.add(
            new Dataset.Entry<>(
                name,
                () -> {
                  throw new SpyhopException(several);
                }));
      }
      if (images.size() == 1 && labels.isEmpty()) {
        problems.add(
            name + " has no label image: expected " + Strings.format(found.expected, name));
      }
      if (images.size() == 1 && labels.size() == 1) {
        Path image = images.get(0);
        Path label = labels.get(0);
        entries.add(new Dataset.Entry<>(name, () -> sample(name, image, label, reader, unknown)));
      }
    }
    if (entries.isEmpty()) BadSamples.throwIfAny(problems, folder.toString());
    if (!problems.isEmpty()) {
      notes.accept(
          Strings.format(
              "Left out of %s: %s.",
              Strings.count(problems.size() + entries.size(), "image"),
              BadSamples.first(problems)));
    }
    if (entries.isEmpty()) {
      throw new SpyhopException(
          "No images in "
              + folder
              + ": expected images/NAME.ext with labels/NAME.ext, or NAME.ext with NAME"
              + SUFFIX
              + ".ext, of type "
              + String.join(", ", Naming.EXTENSIONS)
              + ".");
    }
    return Dataset.of(entries);
  }

  /**
   * Base names that an index lists.
   *
   * @param subset absent: all
   * @throws SpyhopException if it cannot be read, or lists none
   */
  public static Set<String> names(Path index, Optional<String> subset) {
    return listed(index, subset);
  }

  /**
   * Names of labels 0, 1, ... that {@code classes.csv} of a folder lists: a table with the columns
   * label and class.
   *
   * @return none if there is no such file
   * @throws SpyhopException if it is no such table, or does not number the classes from 0
   */
  public static List<String> classes(Path folder) {
    Path file = folder.resolve(CLASSES);
    if (!Files.exists(file)) return List.of();
    IndexTable table = IndexTable.read(file);
    int label = table.require("label");
    int type = table.require("class", "name");
    List<String> classes = new ArrayList<>();
    for (List<String> row : table.rows()) {
      if (!row.get(label).equals(String.valueOf(classes.size())) || row.get(type).isEmpty()) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected class %d and its name, received label \"%s\", class \"%s\".",
                file, classes.size(), row.get(label), row.get(type)));
      }
      classes.add(CsvFile.original(row.get(type)));
    }
    return List.copyOf(classes);
  }

  /**
   * Decides whether an image has a label image, as this class pairs them. Folders are looked into
   * once.
   */
  public static Predicate<Path> labelled() {
    Map<Path, FileNames.Index> folders = new HashMap<>();
    Map<Path, Set<Path>> sets = new HashMap<>();
    return image -> {
      String name = baseName(image);
      Path folder = FileNames.folder(image);
      Path above = folder.endsWith("images") ? FileNames.folder(folder) : folder;
      return isThere(name + SUFFIX, folder, folders)
          || isThere(name, above.resolve("labels"), folders)
          || isThere(name, above.resolve("masks"), folders)
          || FileNames.upwards(folder)
              .limit(DEEP)
              .anyMatch(
                  set ->
                      sets.computeIfAbsent(set, SegmentationFolder::labelledIn)
                          .contains(image.toAbsolutePath()));
    };
  }

  /** The images that label images in a folder of them beside are for, in whatever folder below. */
  private static Set<Path> labelledIn(Path folder) {
    if (TRUTH.stream().noneMatch(name -> Files.isDirectory(folder.resolve(name)))) return Set.of();
    Found found = find(folder, new ArrayList<>());
    Set<Path> labelled = new HashSet<>();
    found.labels.keySet().forEach(n -> labelled.addAll(found.images.getOrDefault(n, List.of())));
    return labelled;
  }

  private static boolean isThere(String name, Path folder, Map<Path, FileNames.Index> folders) {
    return folders.computeIfAbsent(folder, SegmentationFolder::baseNames).find(name).isPresent();
  }

  private static FileNames.Index baseNames(Path folder) {
    List<Path> files = Files.isDirectory(folder) ? Naming.images(folder, 1) : List.of();
    return new FileNames.Index(files.stream().map(SegmentationFolder::baseName).toList());
  }

  /** Writes what {@link #classes} reads. */
  public static void writeClasses(Path folder, List<String> classes) {
    List<List<String>> rows = new ArrayList<>();
    for (String name : classes) rows.add(List.of(String.valueOf(rows.size()), name));
    IndexTable.write(folder.resolve(CLASSES), List.of("label", "class"), rows, false);
  }

  private static Sample<LabelMap> sample(
      String name, Path imageFile, Path labelFile, ImageReader reader, UnknownLabels unknown) {
    Frame frame = reader.readFrame(imageFile);
    ImageSize size = reader.readSize(labelFile);
    if (frame.width() != size.width() || frame.height() != size.height()) {
      throw new SpyhopException(
          Strings.format(
              "%s is %d x %d pixels but its label image %s is %d x %d: expected the same size.",
              FileNames.last(imageFile),
              frame.width(),
              frame.height(),
              FileNames.last(labelFile),
              size.width(),
              size.height()));
    }
    LabelMap labels = reader.readLabels(labelFile, unknown.of(name).or(unknown.ofImage(imageFile)));
    return new Sample<>(new Frame(name, frame.pixels(), frame.pixelSize()), labels);
  }

  /**
   * @param images files by base name
   * @param labels files by base name of their image
   * @param labelFolder where the label images are
   * @param expected where a label image should be, as a format of the base name
   */
  private record Found(
      Map<String, List<Path>> images,
      Map<String, List<Path>> labels,
      Path labelFolder,
      String expected) {}

  private static Found find(Path folder, List<String> problems) {
    Map<String, List<Path>> images = new TreeMap<>();
    Map<String, List<Path>> labels = new TreeMap<>();
    Path imageFolder = folder.resolve("images");
    Optional<Path> labelFolder =
        TRUTH.stream().map(folder::resolve).filter(Files::isDirectory).findFirst();
    if (!Files.isDirectory(imageFolder)) {
      for (Path file : Naming.images(folder, 1)) {
        String name = baseName(file);
        if (name.endsWith(SUFFIX)) {
          add(labels, name.substring(0, name.length() - SUFFIX.length()), file);
        } else {
          add(images, name, file);
        }
      }
      if (!labels.isEmpty() || labelFolder.isEmpty()) {
        String beside = "%s" + SUFFIX + ".tif or .png beside it";
        return new Found(images, ofImages(labels, images), folder, beside);
      }
    } else if (labelFolder.isEmpty()) {
      throw new SpyhopException(
          folder + ": expected a folder labels or masks beside the folder images, found neither.");
    } else {
      for (Path file : Naming.images(imageFolder, 1)) add(images, baseName(file), file);
    }
    for (Path file : Naming.images(labelFolder.get(), 1)) {
      String name = baseName(file);
      if (!images.containsKey(name) && name.endsWith(SUFFIX)) {
        name = name.substring(0, name.length() - SUFFIX.length());
      }
      add(labels, name, file);
    }
    addDeeper(folder, labels.keySet(), images, problems);
    String expected = FileNames.last(labelFolder.get()) + "/%s.tif or .png";
    return new Found(images, ofImages(labels, images), labelFolder.get(), expected);
  }

  /**
   * Adds the images in folders below that label images without another image are for: the one of
   * which the last names of the path, with underscores between, are the name of the label image.
   */
  private static void addDeeper(
      Path folder, Set<String> labels, Map<String, List<Path>> images, List<String> problems) {
    FileNames.Index there = new FileNames.Index(images.keySet());
    List<String> lone = labels.stream().filter(name -> there.find(name).isEmpty()).toList();
    if (lone.isEmpty()) return;
    Map<String, List<Path>> below = new HashMap<>();
    for (Path file : Naming.images(folder, DEEP)) {
      Path path = folder.relativize(file);
      if (TRUTH.contains(FileNames.last(path.getName(0)))) continue;
      String name = baseName(path);
      for (int i = path.getNameCount() - 1; i >= 0; i--) {
        if (i < path.getNameCount() - 1) name = path.getName(i) + "_" + name;
        add(below, FileNames.key(name), path);
      }
    }
    for (String name : lone) {
      List<Path> found = below.getOrDefault(FileNames.key(name), List.of());
      if (found.size() == 1) add(images, name, folder.resolve(found.get(0)));
      if (found.size() > 1) {
        problems.add(
            Strings.format(
                "%s may be the label image of %s or of %s", name, found.get(0), found.get(1)));
      }
    }
  }

  /** Label images by the name of their image, which may differ in upper and lower case. */
  private static Map<String, List<Path>> ofImages(
      Map<String, List<Path>> labels, Map<String, List<Path>> images) {
    FileNames.Index names = new FileNames.Index(images.keySet());
    Map<String, List<Path>> found = new TreeMap<>();
    labels.forEach(
        (name, files) ->
            found
                .computeIfAbsent(names.find(name).orElse(name), n -> new ArrayList<>())
                .addAll(files));
    return found;
  }

  private static void add(Map<String, List<Path>> map, String name, Path file) {
    map.computeIfAbsent(name, n -> new ArrayList<>()).add(file);
  }

  private static String baseName(Path file) {
    return Naming.baseName(FileNames.last(file));
  }

  private static String fileNames(List<Path> files) {
    return String.join(", ", files.stream().map(f -> FileNames.last(f)).toList());
  }

  private static Set<String> listed(Path file, Optional<String> subset) {
    IndexTable table = IndexTable.read(file);
    int column = table.require("name", "image");
    Set<String> names = new TreeSet<>();
    for (List<String> row : table.only(subset).rows()) {
      String name = Naming.baseName(row.get(column));
      if (name.isEmpty() || !names.add(name)) {
        throw new SpyhopException(
            Strings.format(
                "%s: %s.", file, name.isEmpty() ? "a row has no name" : name + " is listed twice"));
      }
    }
    if (names.isEmpty()) throw new SpyhopException(file + " lists no images.");
    return names;
  }
}
