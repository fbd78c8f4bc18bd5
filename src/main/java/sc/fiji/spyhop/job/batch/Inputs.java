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
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.FolderWalk;
import sc.fiji.spyhop.util.Strings;

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
          "tif", "tiff", "btf", "tf8", "png", "jpg", "jpeg", "gif", "bmp", "pbm", "pgm", "ppm",
          "pnm", "dcm", "fits", "fit", "npy", "avi");

  private static final Pattern OWN_OUTPUT =
      Pattern.compile(
          ".*(_(labels|classes|probabilities)\\.tif|_overlay\\.png|_saliency\\.(tif|png)|_(thumbnail|unsure)\\.jpg)",
          Pattern.DOTALL);

  /** Results that are called as images of others might be: taken for such in folders of batches. */
  private static final Pattern OF_BATCHES =
      Pattern.compile(".*(_(style|stain)\\.(tif|png)|_steps\\.tif)", Pattern.DOTALL);

  private static final Set<String> TRUTH = Set.of("labels", "masks");

  private static final Pattern GLOB = Pattern.compile(".*[*?\\[{].*", Pattern.DOTALL);

  /**
   * Expands arguments.
   *
   * <p>Folders are searched for images, not for what is called like a result of an earlier batch
   * (such as {@code a_labels.tif} and {@code a_overlay.png}), nor for label images beside their
   * images; globs find these but for results in folders of batches.
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
      } catch (SpyhopException e) {
        problems.add(e.getMessage());
      }
    }
    return new Inputs(named(found), List.copyOf(problems));
  }

  /**
   * Those that are not passed over; if files are there but all of them are, that is a problem.
   *
   * @param passedOver what a file is that is, such as {@code "labelled already"}
   */
  public Inputs without(Function<Path, Optional<String>> passedOver) {
    Map<String, Path> kept = new LinkedHashMap<>();
    Map<String, Integer> reasons = new TreeMap<>();
    files.forEach(
        (name, file) ->
            passedOver
                .apply(file)
                .ifPresentOrElse(
                    reason -> reasons.merge(reason, 1, Integer::sum), () -> kept.put(name, file)));
    if (!kept.isEmpty() || files.isEmpty()) return new Inputs(kept, problems);
    List<String> more = new ArrayList<>(problems);
    more.add(
        Strings.format(
            "None of the files is to be looked at: %s.",
            String.join(
                ", ",
                reasons.entrySet().stream().map(r -> r.getValue() + " " + r.getKey()).toList())));
    return new Inputs(kept, List.copyOf(more));
  }

  private static void expand(
      String argument, boolean recursive, Path output, Set<Path> found, List<String> problems)
      throws IOException {
    Optional<Path> named = path(argument);
    if (named.filter(Files::isDirectory).isPresent()) {
      Path path = named.get();
      List<Path> images = images(path, recursive, problems);
      if (images.isEmpty() && Files.isDirectory(path.resolve("images"))) {
        images = images(path.resolve("images"), recursive, problems);
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
    } else if (named.filter(ImageFiles::isPipe).isPresent()) {
      problems.add(argument + ImageFiles.NO_PIPES);
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

  private static List<Path> images(Path folder, boolean recursive, List<String> problems)
      throws IOException {
    return FolderWalk.files(folder, recursive ? Integer.MAX_VALUE : 1, problems).stream()
        .filter(f -> isImageName(f) && !hasNameOfResult(f) && !isTruth(folder, f))
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
    return FolderWalk.files(base, depth, problems).stream()
        .filter(f -> matcher.matches(base.relativize(f)))
        .filter(f -> !FileNames.last(f).startsWith(".") && !isOwnOutput(f, output))
        .map(f -> parent.isEmpty() ? base.relativize(f) : f)
        .toList();
  }

  private static boolean isImageName(Path file) {
    String name = FileNames.last(file);
    return !name.startsWith(".") && IMAGE_EXTENSIONS.contains(extension(name));
  }

  /** Whether a file is called like a label image, a picture or a map that was written here. */
  private static boolean hasNameOfResult(Path file) {
    return OWN_OUTPUT.matcher(FileNames.last(file)).matches();
  }

  /** Whether a file is a result that is in the output folder, or in that of an earlier batch. */
  private static boolean isOwnOutput(Path file, Path output) {
    Path folder = FileNames.folder(file);
    return (hasNameOfResult(file) || OF_BATCHES.matcher(FileNames.last(file)).matches())
        && (FileNames.isSame(folder, output) || Files.exists(Journal.in(folder)));
  }

  /** Whether a file lies in a folder of label images beside that of their images. */
  private static boolean isTruth(Path searched, Path file) {
    return FileNames.upwards(file)
        .skip(1)
        .takeWhile(f -> !f.equals(searched))
        .filter(f -> TRUTH.contains(FileNames.last(f).toLowerCase(Locale.ROOT)))
        .anyMatch(f -> Files.isDirectory(f.resolveSibling("images")));
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static String stem(Path file) {
    String name = FileNames.last(file);
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
    Path root = files.keySet().stream().map(FileNames::folder).reduce(Inputs::common).orElse(null);
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
    for (Map.Entry<Path, Path> file : files.entrySet()) {
      Path f = file.getKey();
      String name = names.getOrDefault(f, stem(f));
      String unique = name;
      for (int i = 2; !taken.add(FileNames.key(unique)); i++) unique = name + "_" + i;
      result.put(unique, file.getValue());
    }
    return result;
  }

  private static Path common(Path a, Path b) {
    return FileNames.upwards(a).filter(b::startsWith).findFirst().orElse(a);
  }

  private static String joined(Path root, Path file) {
    Path relative = file.startsWith(root) ? root.relativize(file) : Path.of(FileNames.last(file));
    return Stream.iterate(0, i -> i < relative.getNameCount(), i -> i + 1)
        .map(i -> relative.getName(i).toString())
        .collect(Collectors.joining("_"));
  }
}
