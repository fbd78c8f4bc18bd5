package sc.fiji.spyhop.job.batch;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;

/**
 * The images that a user names: files, folders and globs. Globs are expanded here too, for shells
 * that do not.
 *
 * @param files by output name: the file's name without extension, made longer where two are alike
 * @param problems what named nothing, one sentence each
 */
public record Inputs(Map<String, Path> files, List<String> problems) {

  private static final Set<String> IMAGE_EXTENSIONS =
      Set.of(
          "tif", "tiff", "png", "jpg", "jpeg", "gif", "bmp", "pgm", "ppm", "pnm", "dcm", "fits",
          "fit", "avi");

  private static final Pattern OWN_OUTPUT =
      Pattern.compile(
          ".*(_(labels|classes)\\.tif|_overlay\\.png|_saliency\\.(tif|png))", Pattern.DOTALL);

  private static final Pattern GLOB = Pattern.compile(".*[*?\\[{].*", Pattern.DOTALL);

  /**
   * Expands arguments.
   *
   * @param recursive whether folders are searched to any depth
   * @param output folder whose own results are not taken for images
   */
  public static Inputs expand(Collection<String> arguments, boolean recursive, Path output) {
    Set<Path> found = new LinkedHashSet<>();
    List<String> problems = new ArrayList<>();
    for (String argument : arguments) {
      try {
        expand(argument, recursive, output, found, problems);
      } catch (IOException e) {
        problems.add(argument + ": cannot be searched: " + AtomicFile.reason(e) + ".");
      }
    }
    return new Inputs(named(found), List.copyOf(problems));
  }

  /**
   * Those of some kind only; if files are there but none of them is of that kind, that is a
   * problem.
   *
   * @param reason of the files that none is, one sentence
   */
  public Inputs where(Predicate<Path> wanted, Function<Collection<Path>, String> reason) {
    Map<String, Path> kept = new LinkedHashMap<>(files);
    kept.values().removeIf(wanted.negate());
    if (!kept.isEmpty() || files.isEmpty()) return new Inputs(kept, problems);
    List<String> more = new ArrayList<>(problems);
    more.add(reason.apply(files.values()));
    return new Inputs(kept, List.copyOf(more));
  }

  private static void expand(
      String argument, boolean recursive, Path output, Set<Path> found, List<String> problems)
      throws IOException {
    Optional<Path> named = path(argument);
    if (named.filter(Files::isDirectory).isPresent()) {
      Path path = named.get();
      List<Path> images = images(path, recursive, output, problems);
      if (images.isEmpty() && Files.isDirectory(path.resolve("images"))) {
        images = images(path.resolve("images"), recursive, output, problems);
      }
      if (images.isEmpty()) {
        problems.add(
            argument
                + ": no images in this folder"
                + (recursive
                    ? "."
                    : "; its subfolders are searched only if you ask for it (recursive)."));
      }
      found.addAll(images);
    } else if (named.filter(Files::exists).isPresent()) {
      found.add(named.get());
    } else if (GLOB.matcher(argument).matches()) {
      List<Path> matches = glob(argument, output, problems);
      if (matches.isEmpty()) problems.add(argument + ": no file matches.");
      found.addAll(matches);
    } else {
      problems.add(argument + ": no such file or folder.");
    }
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static List<Path> images(
      Path folder, boolean recursive, Path output, List<String> problems) throws IOException {
    return FilesBelow.of(folder, recursive ? Integer.MAX_VALUE : 1, problems).stream()
        .filter(f -> isImageName(f) && !isOwnOutput(f, output))
        .toList();
  }

  /**
   * Files that match a pattern; {@code *} stays within a folder, {@code **} does not. Hidden files
   * have to be named.
   */
  private static List<Path> glob(String pattern, Path output, List<String> problems)
      throws IOException {
    String slashed = File.separatorChar == '\\' ? pattern.replace('\\', '/') : pattern;
    int firstGlob = 0;
    while ("*?[{".indexOf(slashed.charAt(firstGlob)) < 0) firstGlob++;
    int cut = slashed.lastIndexOf('/', firstGlob) + 1;
    String parent = slashed.substring(0, cut);
    String rest = slashed.substring(cut);
    Path base = Path.of(parent.isEmpty() ? "." : parent);
    if (!Files.isDirectory(base)) return List.of();
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
    } catch (PatternSyntaxException e) {
      return List.of();
    }
    int depth = rest.contains("**") ? Integer.MAX_VALUE : rest.split("/").length;
    return FilesBelow.of(base, depth, problems).stream()
        .filter(f -> matcher.matches(base.relativize(f)))
        .filter(f -> !f.getFileName().toString().startsWith(".") && !isOwnOutput(f, output))
        .map(f -> parent.isEmpty() ? base.relativize(f) : f)
        .toList();
  }

  private static boolean isImageName(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && IMAGE_EXTENSIONS.contains(extension(name));
  }

  private static boolean isOwnOutput(Path file, Path output) {
    return OWN_OUTPUT.matcher(file.getFileName().toString()).matches()
        && FileNames.isSame(file.toAbsolutePath().getParent(), output);
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /**
   * A name of its own for each file, upper and lower case being the same: its stem, else its whole
   * name, else its path from the folder that all have in common, else that with a number.
   */
  private static Map<String, Path> named(Set<Path> found) {
    Map<Path, Path> files = new LinkedHashMap<>();
    Map<String, List<Path>> byKey = new HashMap<>();
    for (Path f : found) {
      Path path = f.toAbsolutePath().normalize();
      List<Path> alike =
          byKey.computeIfAbsent(FileNames.key(path.toString()), k -> new ArrayList<>(1));
      if (alike.stream().anyMatch(a -> a.equals(path) || FileNames.isSame(a, path))) continue;
      alike.add(path);
      files.put(path, f);
    }
    Path root = files.keySet().stream().map(Path::getParent).reduce(Inputs::common).orElse(null);
    List<Function<Path, String>> ways =
        List.of(Inputs::stem, f -> joined(root, f.resolveSibling(stem(f))), f -> joined(root, f));
    Map<Path, String> names = new HashMap<>();
    for (Function<Path, String> way : ways) {
      Map<String, List<Path>> alike =
          files.keySet().stream()
              .collect(Collectors.groupingBy(f -> FileNames.key(names.getOrDefault(f, stem(f)))));
      alike.values().stream()
          .filter(group -> group.size() > 1)
          .forEach(group -> group.forEach(f -> names.put(f, way.apply(f))));
    }
    Map<String, Path> result = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    for (Path f : files.keySet()) {
      String name = names.getOrDefault(f, stem(f));
      String unique = name;
      for (int i = 2; !taken.add(FileNames.key(unique)); i++) unique = name + "_" + i;
      result.put(unique, files.get(f));
    }
    return result;
  }

  private static Path common(Path a, Path b) {
    Path shared = a;
    while (shared != null && !b.startsWith(shared)) shared = shared.getParent();
    return shared == null ? a : shared;
  }

  private static String joined(Path root, Path file) {
    Path relative = file.startsWith(root) ? root.relativize(file) : file.getFileName();
    return Stream.iterate(0, i -> i < relative.getNameCount(), i -> i + 1)
        .map(i -> relative.getName(i).toString())
        .collect(Collectors.joining("_"));
  }
}
