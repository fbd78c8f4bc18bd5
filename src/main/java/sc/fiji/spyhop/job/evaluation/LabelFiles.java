package sc.fiji.spyhop.job.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.IndexTable;
import sc.fiji.spyhop.dataset.ObjectTable;
import sc.fiji.spyhop.dataset.format.Pairs;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.job.batch.ImageTables;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.FolderWalk;
import sc.fiji.spyhop.util.Strings;

/**
 * Label images of a folder and those below it, by the path of their image from that folder, without
 * its ending and with slashes.
 */
final class LabelFiles {

  private static final Set<String> EXTENSIONS =
      Set.of("tif", "tiff", "png", "bmp", "gif", "pgm", "npy", "jpg", "jpeg");
  private static final Set<String> FOLDERS = Set.of("labels", "masks");
  private static final String IMAGES = "images";
  private static final String SUFFIX = "_labels";

  private final Map<String, List<Path>> files;
  private final Map<String, String> titles;
  private final Map<String, String> inTables;
  private final Map<Path, ObjectTable> objects = new HashMap<>();
  private final Map<Path, String> folders;

  /**
   * @param titles what images are called, by their names
   * @param inTables what the table beside the label image calls an image, by its name
   */
  private LabelFiles(
      Map<String, List<Path>> files,
      Map<String, String> titles,
      Map<String, String> inTables,
      Map<Path, String> folders) {
    this.files = files;
    this.titles = titles;
    this.inTables = inTables;
    this.folders = folders;
  }

  /**
   * Finds them. Where files of a folder end in {@code _labels} before their extension, these are
   * its label images; where folders are called {@code labels} or {@code masks}, these hold them.
   *
   * @param results whether folders of results are looked into, and their tables say what images are
   *     called; else they are passed over, but for the folder itself
   */
  static LabelFiles in(Path place, boolean results) {
    Path folder = place.toAbsolutePath().normalize();
    Map<Path, List<Path>> byFolder = byFolder(folder);
    Set<Path> batches = new HashSet<>();
    for (Path one : byFolder.keySet()) {
      if (Files.isRegularFile(one.resolve(ImageTables.IMAGES))) batches.add(one);
    }
    byFolder
        .keySet()
        .removeIf(
            f ->
                !f.equals(folder) && !results && batches.contains(f)
                    || batches.stream().anyMatch(b -> !f.equals(b) && f.startsWith(b)));
    boolean marked = byFolder.keySet().stream().anyMatch(f -> isMarked(folder.relativize(f)));
    Map<String, List<Path>> found = new TreeMap<>();
    Map<String, String> titles = new TreeMap<>();
    Map<String, String> inTables = new TreeMap<>();
    Map<Path, String> folders = new TreeMap<>(FileNames.ORDER);
    byFolder.forEach(
        (one, images) -> {
          Path relative = folder.relativize(one);
          String above = ofImages(folder, relative);
          folders.put(one, above);
          if (marked && !isMarked(relative)) return;
          boolean suffixed = images.stream().anyMatch(f -> stem(f).endsWith(SUFFIX));
          for (Path file : images) {
            String name = stem(file);
            if (suffixed && !name.endsWith(SUFFIX)) continue;
            if (suffixed) name = name.substring(0, name.length() - SUFFIX.length());
            found.computeIfAbsent(above + name, n -> new ArrayList<>(1)).add(file);
          }
          if (!batches.contains(one)) return;
          titles(one)
              .forEach(
                  (name, image) -> {
                    titles.put(above + name, above + image);
                    inTables.put(above + name, image);
                  });
        });
    return new LabelFiles(found, titles, inTables, folders);
  }

  /** Files that may be label images. */
  private static Map<Path, List<Path>> byFolder(Path folder) {
    Map<Path, List<Path>> byFolder = new TreeMap<>(FileNames.ORDER);
    List<String> problems = new ArrayList<>();
    try {
      for (Path file : FolderWalk.files(folder, Integer.MAX_VALUE, problems)) {
        String name = FileNames.last(file);
        int dot = name.lastIndexOf('.');
        String extension = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        if (dot <= 0 || !EXTENSIONS.contains(extension)) continue;
        byFolder.computeIfAbsent(FileNames.folder(file), f -> new ArrayList<>()).add(file);
      }
    } catch (IOException e) {
      throw new SpyhopException(folder + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
    if (!problems.isEmpty()) throw new SpyhopException(problems.get(0));
    return byFolder;
  }

  private static boolean isMarked(Path relative) {
    for (Path name : relative) {
      if (FOLDERS.contains(name.toString().toLowerCase(Locale.ROOT))) return true;
    }
    return false;
  }

  /** Where the images of a folder of label images are, with a slash behind it. */
  private static String ofImages(Path root, Path relative) {
    StringBuilder path = new StringBuilder();
    Path at = root;
    for (Path part : relative) {
      String name = part.toString();
      boolean beside = Files.isDirectory(at.resolve(IMAGES));
      at = at.resolve(part);
      if (FOLDERS.contains(name.toLowerCase(Locale.ROOT))) name = beside ? IMAGES : "";
      if (!name.isEmpty()) path.append(name).append('/');
    }
    return path.toString();
  }

  /** What a table of images calls them, by the name of their files. */
  private static Map<String, String> titles(Path folder) {
    IndexTable table = IndexTable.read(folder.resolve(ImageTables.IMAGES));
    Optional<Integer> image = table.column("image");
    Optional<Integer> name = table.column("name");
    Map<String, String> titles = new TreeMap<>();
    if (image.isEmpty() || name.isEmpty()) return titles;
    for (List<String> row : table.rows()) titles.put(row.get(name.get()), row.get(image.get()));
    return titles;
  }

  private static String stem(Path file) {
    return withoutExtension(FileNames.last(file));
  }

  static String withoutExtension(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
  }

  /** Folders that they are in, and what titles of images in each begin with. */
  Map<Path, String> folders() {
    return folders;
  }

  /** Images of which there is a label image. */
  Set<String> names() {
    return files.keySet();
  }

  /** What the tables beside the label images call an image, if there are some that do. */
  Optional<String> title(String name) {
    return Optional.ofNullable(titles.get(name));
  }

  /**
   * The label image of an image.
   *
   * @throws SpyhopException if there are several
   */
  Path of(String name) {
    List<Path> own = files.get(name);
    if (own.size() == 1) return own.get(0);
    throw new SpyhopException(
        Strings.format(
            "there are several label images: %s; keep one of them",
            own.stream().map(FileNames::last).collect(Collectors.joining(", "))));
  }

  /** Classes of objects that tables beside label images tell; none where there are no such. */
  Set<String> types() {
    Set<String> types = new TreeSet<>();
    for (List<Path> own : files.values()) {
      for (Path file : own) types.addAll(table(file).counts().keySet());
    }
    return types;
  }

  /** The labels of a plane with the classes of objects, as far as tables tell them. */
  LabelMap classed(LabelMap labels, String name, ImageReader.Plane plane, List<String> types) {
    if (types.isEmpty()) return labels;
    Path file = of(name);
    String image = inTables.getOrDefault(name, stem(file));
    return ObjectTable.classed(labels, table(file).of(image, plane.z(), plane.t()), types);
  }

  private ObjectTable table(Path file) {
    return objects.computeIfAbsent(FileNames.folder(file), ObjectTable::of);
  }

  /**
   * Those of some images, and those that tables tell of: called like it, or like as many of its
   * folders as it takes to tell it from the others, with a slash or an underscore between.
   *
   * @return names here by images
   */
  Map<String, String> pairs(Set<String> images) {
    Set<String> names = new TreeSet<>(names());
    names.addAll(titles.keySet());
    Pairs pairs = new Pairs();
    addEnds(images, names, pairs::add);
    addEnds(names, images, (name, image, shared) -> pairs.add(image, name, shared));
    return pairs.found();
  }

  private interface Fit {
    void add(String path, String other, int shared);
  }

  /**
   * Others that are called as the path ends, with the folders {@code images} or without; one that
   * is the whole path fits best.
   */
  private static void addEnds(Collection<String> paths, Collection<String> others, Fit fit) {
    Map<String, Set<String>> whole = new HashMap<>();
    for (String other : others) {
      for (String written : List.of(other, withoutImages(other))) {
        whole.computeIfAbsent(written.replace('/', '_'), o -> new TreeSet<>()).add(other);
      }
    }
    FileNames.Index index = new FileNames.Index(whole.keySet());
    for (String path : paths) {
      for (String written : List.of(path, withoutImages(path))) {
        String[] parts = written.split("/");
        String end = "";
        for (int i = parts.length - 1; i >= 0; i--) {
          end = end.isEmpty() ? parts[i] : parts[i] + "_" + end;
          int shared = parts.length - i;
          boolean all = i == 0 && written.equals(path);
          index
              .find(end)
              .ifPresent(
                  found -> {
                    for (String other : whole.get(found)) {
                      boolean same = all && other.replace('/', '_').equals(found);
                      fit.add(path, other, same ? Integer.MAX_VALUE : shared);
                    }
                  });
        }
      }
    }
  }

  /** A path without the folders that are called {@code images}, as others may not name them. */
  private static String withoutImages(String path) {
    return path.replaceAll("(^|/)" + IMAGES + "/", "$1");
  }
}
