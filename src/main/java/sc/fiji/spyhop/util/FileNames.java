package sc.fiji.spyhop.util;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Names of files, compared in the same way on every machine. Some file systems tell upper and lower
 * case apart, others do not; some keep an accent apart from its letter.
 */
public final class FileNames {

  /** Paths in the order of their characters, upper case before lower case. */
  public static final Comparator<Path> ORDER = Comparator.comparing(FileNames::slashed);

  private FileNames() {}

  /** The same for all names that are one and the same file on some file system. */
  public static String key(String name) {
    return composed(composed(name).toLowerCase(Locale.ROOT));
  }

  /** The last name of a path; the path itself where it has none, as that of the root folder. */
  public static String last(Path path) {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }

  /** The folder that a path is in, absolute; that of the root folder is itself. */
  public static Path folder(Path path) {
    Path absolute = path.toAbsolutePath();
    return absolute.getParent() == null ? absolute : absolute.getParent();
  }

  /** A path as it is written in files, with slashes on every system. */
  public static String slashed(Path path) {
    return path.toString().replace(File.separatorChar, '/');
  }

  /** A path and the folders that it is in, as it is written, innermost first. */
  public static Stream<Path> upwards(Path path) {
    return Stream.iterate(path, Objects::nonNull, Path::getParent);
  }

  private static String composed(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /** Whether two paths lead to one file or folder; not if there is none. */
  public static boolean isSame(Path a, Path b) {
    try {
      return Files.isSameFile(a, b) || differInWritingAlone(a.toRealPath(), b.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Some file systems find a file by a name in another case, and yet take it for another file: then
   * its folder does not list both.
   */
  private static boolean differInWritingAlone(Path a, Path b) throws IOException {
    if (!key(a.toString()).equals(key(b.toString()))) return false;
    for (int i = 0; i < Math.min(a.getNameCount(), b.getNameCount()); i++) {
      if (a.getName(i).equals(b.getName(i))) continue;
      if (isListed(a, i) && isListed(b, i)) return false;
    }
    return true;
  }

  private static boolean isListed(Path path, int name) throws IOException {
    Path folder = path.getRoot();
    if (name > 0) folder = folder.resolve(path.subpath(0, name));
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(f -> last(f).equals(last(path.getName(name))));
    }
  }

  /** Names to find others among. */
  public static final class Index {

    private final Map<String, List<String>> names = new HashMap<>();

    /** Takes in all names once, so that many can be looked for. */
    public Index(Collection<String> all) {
      for (String name : all) names.computeIfAbsent(key(name), k -> new ArrayList<>(1)).add(name);
    }

    /**
     * The name that is written so, or else the one that may be the same file.
     *
     * @return nothing if there is none, or several
     */
    public Optional<String> find(String name) {
      List<String> alike = names.getOrDefault(key(name), List.of());
      if (alike.contains(name)) return Optional.of(name);
      return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
    }
  }
}
