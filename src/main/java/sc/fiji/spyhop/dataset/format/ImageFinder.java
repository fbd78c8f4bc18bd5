package sc.fiji.spyhop.dataset.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;

/**
 * The images of a data set by what annotation files call them. Names lead only to images below the
 * folder: they are compared with what is there, never opened.
 */
public final class ImageFinder {

  private static final int DEPTH = 8;
  private static final int MOST = 2_000_000;

  private static final Set<String> EXTENSIONS =
      Set.of(
          "tif", "tiff", "btf", "tf8", "png", "jpg", "jpeg", "gif", "bmp", "pbm", "pgm", "ppm",
          "pnm", "dcm", "fits", "fit", "avi");

  /** Folders of images that are no images to look at, but truth. */
  private static final Set<String> TRUTH =
      Set.of("labels", "masks", "segmentationclass", "segmentationobject");

  private static final String LABELS = "_labels";

  private final Path root;

  /** Images by file name without extension, as {@link #key} makes it. */
  private final Map<String, List<Path>> byStem = new HashMap<>();

  private final List<Path> all = new ArrayList<>();

  /** Images by path from the root, with slashes. */
  private final Map<String, Path> byPath = new HashMap<>();

  /**
   * Looks through a folder and those below it, up to eight deep; hidden ones and those that hold
   * label images are passed over.
   */
  public ImageFinder(Path root) {
    Folders.requirePart(root);
    this.root = root;
    try {
      Files.walkFileTree(
          root,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          DEPTH,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes a) {
              String name = FileNames.last(folder);
              boolean skip = name.startsWith(".") || TRUTH.contains(name.toLowerCase(Locale.ROOT));
              return skip && !folder.equals(root)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) {
              if (isImage(file)) all.add(file);
              return all.size() < MOST ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException | UncheckedIOException e) {
      throw new SpyhopException(
          root + ": cannot be searched for images: " + e.getMessage() + ".", e);
    }
    all.sort(FileNames.ORDER);
    Set<String> names = new HashSet<>();
    all.forEach(file -> names.add(stem(name(file))));
    all.removeIf(file -> isLabelsOf(stem(name(file)), names));
    for (Path file : all) {
      byPath.put(name(file), file);
      byStem.computeIfAbsent(key(FileNames.last(file)), s -> new ArrayList<>(1)).add(file);
    }
  }

  /** Whether there is an image beside that is called so but for the end. */
  private static boolean isLabelsOf(String name, Set<String> others) {
    return name.endsWith(LABELS)
        && others.contains(name.substring(0, name.length() - LABELS.length()));
  }

  /** Whether a file is an image by its extension, and not hidden. */
  public static boolean isImage(Path file) {
    String name = FileNames.last(file);
    return !name.startsWith(".")
        && !name.endsWith("_labels.tif")
        && !name.endsWith("_overlay.png")
        && EXTENSIONS.contains(extension(name));
  }

  static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 1 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** A path with slashes without the extension of an image, if it has one. */
  static String stem(String name) {
    return EXTENSIONS.contains(extension(name.substring(name.lastIndexOf('/') + 1)))
        ? name.substring(0, name.lastIndexOf('.'))
        : name;
  }

  /** What names are compared by: slashes, no extension, lower case. */
  static String key(String name) {
    return FileNames.key(stem(name.strip().replace('\\', '/')));
  }

  /** Path of an image relative to the folder, with slashes. */
  public String name(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  /** The folder that all images are below. */
  public Path root() {
    return root;
  }

  /** All images in order of their paths. */
  public List<Path> all() {
    return List.copyOf(all);
  }

  /** The images of a path from the folder, with slashes and without extension. */
  List<Path> at(String path) {
    String key = key(path.substring(path.lastIndexOf('/') + 1));
    return byStem.getOrDefault(key, List.of()).stream()
        .filter(file -> FileNames.key(stem(name(file))).equals(FileNames.key(path)))
        .toList();
  }

  /**
   * The images that a name may mean: that of the very path from the folder, else of those with its
   * file name (extensions may differ if no file has the very one), those whose path shares the most
   * folders with it.
   *
   * @return none if there is no such image, several if the name does not tell them apart
   */
  public List<Path> find(String name) {
    String path = name.strip().replace('\\', '/');
    List<Path> blank = inBlanks(path);
    if (blank.size() > 1) {
      boolean exact = !name.equals(path) && byPath.containsKey(name);
      return exact ? List.of(byPath.get(name)) : blank;
    }
    if (byPath.containsKey(path)) return List.of(byPath.get(path));
    String[] parts = path.split("/");
    String last = parts[parts.length - 1];
    List<Path> candidates = byStem.getOrDefault(key(last), List.of());
    List<Path> exact = candidates.stream().filter(p -> FileNames.last(p).equals(last)).toList();
    TreeMap<Integer, List<Path>> byLength = new TreeMap<>();
    for (Path file : exact.isEmpty() ? candidates : exact) {
      byLength.computeIfAbsent(sharedFolders(file, parts), l -> new ArrayList<>()).add(file);
    }
    return byLength.isEmpty() ? List.of() : List.copyOf(byLength.lastEntry().getValue());
  }

  /** The images of a path, blanks at the ends of their file names aside, which tables lose. */
  private List<Path> inBlanks(String path) {
    String key = key(path.substring(path.lastIndexOf('/') + 1));
    return byStem.getOrDefault(key, List.of()).stream()
        .filter(file -> unblanked(name(file)).equals(path))
        .toList();
  }

  private static String unblanked(String path) {
    int last = path.lastIndexOf('/') + 1;
    return path.substring(0, last) + path.substring(last).strip();
  }

  private static int sharedFolders(Path path, String[] parts) {
    int shared = 0;
    int own = path.getNameCount() - 2;
    for (int i = parts.length - 2; i >= 0 && own >= 0; i--, own--) {
      if (!path.getName(own).toString().equalsIgnoreCase(parts[i])) break;
      shared++;
    }
    return shared;
  }
}
