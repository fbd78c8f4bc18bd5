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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.FileNames;

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

  private final Path root;

  /** Images by file name without extension, as {@link #key} makes it. */
  private final Map<String, List<Path>> byStem = new HashMap<>();

  private final List<Path> all = new ArrayList<>();

  /**
   * Looks through a folder and those below it, up to eight deep; hidden ones and those that hold
   * label images are passed over.
   */
  public ImageFinder(Path root) {
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
              if (isImage(file)) {
                all.add(file);
                String stem = key(FileNames.last(file));
                byStem.computeIfAbsent(stem, s -> new ArrayList<>(1)).add(file);
              }
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

  public Path root() {
    return root;
  }

  /** All images in order of their paths. */
  public List<Path> all() {
    return List.copyOf(all);
  }

  /**
   * The images that a name may mean: of those with its file name (extensions may differ if no file
   * has the very one), those whose path shares the most folders with it.
   *
   * @return none if there is no such image, several if the name does not tell them apart
   */
  public List<Path> find(String name) {
    String[] parts = name.strip().replace('\\', '/').split("/");
    String last = parts[parts.length - 1];
    List<Path> candidates = byStem.getOrDefault(key(last), List.of());
    List<Path> exact = candidates.stream().filter(p -> FileNames.last(p).equals(last)).toList();
    TreeMap<Integer, List<Path>> byLength = new TreeMap<>();
    for (Path path : exact.isEmpty() ? candidates : exact) {
      byLength.computeIfAbsent(sharedFolders(path, parts), l -> new ArrayList<>()).add(path);
    }
    return byLength.isEmpty() ? List.of() : List.copyOf(byLength.lastEntry().getValue());
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
