package sc.fiji.spyhop.job.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.Pairs;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/** Label images of a folder by the name of their image, in the order of names. */
final class LabelFiles {

  private static final Set<String> EXTENSIONS =
      Set.of("tif", "tiff", "png", "bmp", "gif", "pgm", "jpg", "jpeg");
  private static final String SUFFIX = "_labels";

  private final Map<String, List<Path>> files;

  private LabelFiles(Map<String, List<Path>> files) {
    this.files = files;
  }

  /** Where files end in {@code _labels} before their extension, they are the label images. */
  static LabelFiles in(Path folder) {
    Map<String, List<Path>> found = new TreeMap<>();
    List<Path> all;
    try (Stream<Path> list = Files.list(folder)) {
      all = list.filter(Files::isRegularFile).sorted(FileNames.ORDER).toList();
    } catch (IOException e) {
      throw new SpyhopException(folder + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
    boolean results = all.stream().anyMatch(f -> stem(f).endsWith(SUFFIX));
    for (Path file : all) {
      String fileName = FileNames.last(file);
      int dot = fileName.lastIndexOf('.');
      String extension = fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
      if (dot <= 0 || !EXTENSIONS.contains(extension)) continue;
      String name = stem(file);
      if (results && !name.endsWith(SUFFIX)) continue;
      if (results) name = name.substring(0, name.length() - SUFFIX.length());
      found.computeIfAbsent(name, n -> new ArrayList<>(1)).add(file);
    }
    return new LabelFiles(found);
  }

  private static String stem(Path file) {
    return withoutExtension(FileNames.last(file));
  }

  static String withoutExtension(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
  }

  Set<String> names() {
    return files.keySet();
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

  /**
   * Those of some images: called like it, or like as many of its folders as it takes to tell it
   * from the others, with an underscore between.
   *
   * @return names here by images
   */
  Map<String, String> pairs(Set<String> images) {
    FileNames.Index names = new FileNames.Index(names());
    Pairs pairs = new Pairs();
    for (String image : images) {
      String[] parts = image.split("/");
      String name = "";
      for (int i = parts.length - 1; i >= 0; i--) {
        name = name.isEmpty() ? parts[i] : parts[i] + "_" + name;
        int shared = parts.length - i;
        names.find(name).ifPresent(found -> pairs.add(image, found, shared));
      }
    }
    return pairs.found();
  }
}
