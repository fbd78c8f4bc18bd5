package sc.fiji.spyhop.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.FolderWalk;
import sc.fiji.spyhop.util.Strings;

/**
 * Images, each with another of the same size that shows how it should be: two folders with the same
 * names in them, or a table with the columns {@code image} and {@code target}. Of stacks, slices
 * and time points belong together. Files are images of any kind, and {@code .npy} arrays.
 *
 * @param samples images with their targets, by name, read when asked for; those that cannot be used
 *     throw a {@link SpyhopException} then
 * @param notes sentences about what was left out
 */
public record ImagePairs(Dataset<Frame> samples, List<String> notes) {

  private static final String NUMPY = ".npy";

  /** How deep folders are looked into. */
  private static final int DEEP = 8;

  /** Names of the two folders, as others call them, where none are given. */
  private static final List<List<String>> KNOWN =
      List.of(
          List.of("input", "target"),
          List.of("low", "high"),
          List.of("noisy", "clean"),
          List.of("source", "target"),
          List.of("low", "GT"),
          List.of("raw", "truth"),
          List.of("images", "targets"));

  /**
   * Names of the two folders.
   *
   * @param input of the images; absent: found
   * @param target of what they should be; absent: found
   */
  public record Places(Optional<String> input, Optional<String> target) {

    /** Those that are there: input and target, low and high, noisy and clean, and the like. */
    public static final Places ANY = new Places(Optional.empty(), Optional.empty());
  }

  /** Two files, of which the second may be the first. */
  private record Pair(String name, Path image, Path target) {}

  /**
   * Finds pairs.
   *
   * @param index a table; absent: {@code folder/index.csv} if that has a column {@code target}, or
   *     a subset is asked for. A table without that column tells which names of the folders count
   * @param subset absent: everything
   * @throws SpyhopException if the folders or the table are not there, or there are no pairs
   */
  public static ImagePairs read(
      Path folder,
      Places places,
      Optional<Path> index,
      Optional<String> subset,
      ImageReader reader) {
    requireFolder(folder);
    List<String> problems = new ArrayList<>();
    Optional<IndexTable> table = table(folder, index, subset, true);
    if (table.isPresent() && table.get().column("target").isPresent()) {
      return of(listed(table.get().only(subset)), problems, reader);
    }
    List<String> names = folders(folder, places);
    Map<String, Path> images = files(folder.resolve(names.get(0)), problems);
    Map<String, Path> targets = files(folder.resolve(names.get(1)), problems);
    Optional<Set<String>> wanted = table.map(t -> wanted(t.only(subset)));
    List<Pair> pairs = new ArrayList<>();
    images.forEach(
        (name, image) -> {
          if (!isWanted(name, wanted)) return;
          Path target = targets.get(name);
          if (target == null) problems.add(name + " has no image in " + names.get(1));
          else pairs.add(new Pair(name, image, target));
        });
    for (String name : targets.keySet()) {
      if (isWanted(name, wanted) && !images.containsKey(name)) {
        problems.add(name + " has no image in " + names.get(0));
      }
    }
    if (pairs.isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected images of the same names in the folders %s and %s, found none.%s",
              folder,
              names.get(0),
              names.get(1),
              problems.isEmpty() ? "" : " " + BadSamples.first(problems) + "."));
    }
    return of(pairs, problems, reader);
  }

  /**
   * Images alone, whose targets are they themselves.
   *
   * @param index a table of names; absent: {@code folder/index.csv} if a subset is asked for
   * @throws SpyhopException if there are none
   */
  public static ImagePairs alone(
      Path folder, Optional<Path> index, Optional<String> subset, ImageReader reader) {
    requireFolder(folder);
    List<String> problems = new ArrayList<>();
    Map<String, Path> images = files(folder, 1, problems);
    for (String name : List.of("images", "input", "low", "noisy")) {
      Path inner = folder.resolve(name);
      if (images.isEmpty() && Files.isDirectory(inner)) images = files(inner, problems);
    }
    if (images.isEmpty()) images = files(folder, problems);
    Optional<Set<String>> wanted =
        table(folder, index, subset, false).map(t -> wanted(t.only(subset)));
    List<Pair> alone = new ArrayList<>();
    images.forEach(
        (name, image) -> {
          if (isWanted(name, wanted)) alone.add(new Pair(name, image, image));
        });
    if (alone.isEmpty()) {
      throw new SpyhopException(
          folder + ": expected images, found none" + (wanted.isPresent() ? " of the table." : "."));
    }
    return of(alone, problems, reader);
  }

  private static void requireFolder(Path folder) {
    if (Files.isDirectory(folder)) return;
    throw new SpyhopException(
        "No training data: expected a folder, received " + folder + ", which is not one.");
  }

  private static Optional<IndexTable> table(
      Path folder, Optional<Path> index, Optional<String> subset, boolean pairs) {
    if (index.isPresent()) return index.map(IndexTable::read);
    Path own = folder.resolve("index.csv");
    boolean tells =
        pairs && IndexTable.header(own).stream().anyMatch(c -> c.equalsIgnoreCase("target"));
    return subset.isPresent() || tells ? Optional.of(IndexTable.read(own)) : Optional.empty();
  }

  private static Set<String> wanted(IndexTable table) {
    int column = table.require("name", "image");
    Set<String> names = new TreeSet<>();
    table.rows().forEach(r -> names.add(FileNames.key(bare(r.get(column)))));
    return names;
  }

  /** By its path in the folder, or by its own name. */
  private static boolean isWanted(String name, Optional<Set<String>> wanted) {
    if (wanted.isEmpty()) return true;
    String own = name.substring(name.lastIndexOf('/') + 1);
    return wanted.get().contains(FileNames.key(name)) || wanted.get().contains(FileNames.key(own));
  }

  private static List<Pair> listed(IndexTable table) {
    int image = table.require("image", "name");
    int target = table.require("target");
    Path folder = FileNames.folder(table.file().toAbsolutePath());
    List<Pair> pairs = new ArrayList<>();
    for (List<String> row : table.rows()) {
      if (row.get(image).isEmpty() || row.get(target).isEmpty()) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected an image and its target in each row, received \"%s\" and \"%s\".",
                table.file(), row.get(image), row.get(target)));
      }
      pairs.add(
          new Pair(
              row.get(image), folder.resolve(row.get(image)), folder.resolve(row.get(target))));
    }
    if (pairs.isEmpty()) throw new SpyhopException(table.file() + " lists no images.");
    return pairs;
  }

  private static List<String> folders(Path folder, Places places) {
    List<String> there = Naming.folders(folder).stream().map(FileNames::last).toList();
    for (List<String> known : KNOWN) {
      List<String> names =
          List.of(places.input().orElse(known.get(0)), places.target().orElse(known.get(1)));
      if (there.containsAll(names)) return names;
    }
    String asked =
        places.input().orElse("input, low or noisy")
            + " with images and "
            + places.target().orElse("target, high or clean")
            + " with what they should be";
    throw new SpyhopException(
        Strings.format(
            "%s: expected the folders %s, or index.csv with the columns image and target, found %s."
                + " Name the folders, or train by the method blindspots, which needs no targets.",
            folder,
            asked,
            there.isEmpty() ? "no folder" : "the folders " + String.join(", ", there)));
  }

  private static Map<String, Path> files(Path folder, List<String> problems) {
    return files(folder, DEEP, problems);
  }

  /** Files by their path in the folder, with slashes and without extension. */
  private static Map<String, Path> files(Path folder, int depth, List<String> problems) {
    Map<String, Path> files = new TreeMap<>();
    List<String> unread = new ArrayList<>();
    try {
      for (Path file : FolderWalk.files(folder, depth, unread)) {
        if (!isImage(file)) continue;
        String name = bare(FileNames.slashed(folder.relativize(file)));
        Path other = files.putIfAbsent(name, file);
        if (other != null) {
          problems.add(FileNames.last(file) + " is called like " + FileNames.last(other));
        }
      }
    } catch (IOException e) {
      throw new SpyhopException(
          "Cannot read the folder " + folder + ": " + AtomicFile.reason(e) + ".", e);
    }
    if (!unread.isEmpty()) throw new SpyhopException(unread.get(0));
    return files;
  }

  private static boolean isImage(Path file) {
    String name = FileNames.last(file);
    return Naming.isImage(file) || !name.startsWith(".") && name.endsWith(NUMPY);
  }

  private static String bare(String name) {
    return name.endsWith(NUMPY)
        ? name.substring(0, name.length() - NUMPY.length())
        : Naming.baseName(name);
  }

  private static ImagePairs of(List<Pair> pairs, List<String> problems, ImageReader reader) {
    List<Dataset.Entry<Frame>> entries = new ArrayList<>();
    for (Pair pair : pairs) entries.addAll(entries(pair, reader));
    List<String> notes =
        problems.isEmpty()
            ? List.of()
            : List.of(Strings.format("Left out: %s.", BadSamples.first(problems)));
    return new ImagePairs(Dataset.of(entries), notes);
  }

  /** One for each plane. */
  private static List<Dataset.Entry<Frame>> entries(Pair pair, ImageReader reader) {
    List<ImageReader.Plane> planes;
    try {
      planes = reader.planes(pair.image);
      int targets =
          pair.target.equals(pair.image) ? planes.size() : reader.planes(pair.target).size();
      if (targets != planes.size()) {
        throw new SpyhopException(
            Strings.format(
                "%s has %s but its target %s has %d: expected as many.",
                FileNames.last(pair.image),
                Strings.count(planes.size(), "plane"),
                FileNames.last(pair.target),
                targets));
      }
    } catch (SpyhopException e) {
      return List.of(
          new Dataset.Entry<>(
              pair.name,
              () -> {
                throw e;
              }));
    }
    boolean timed = planes.get(planes.size() - 1).t() > 1;
    List<Dataset.Entry<Frame>> entries = new ArrayList<>();
    for (ImageReader.Plane plane : planes) {
      String name =
          planes.size() == 1
              ? pair.name
              : pair.name + " slice " + plane.z() + (timed ? " frame " + plane.t() : "");
      entries.add(new Dataset.Entry<>(name, () -> sample(name, pair, plane, reader)));
    }
    return entries;
  }

  private static Sample<Frame> sample(
      String name, Pair pair, ImageReader.Plane plane, ImageReader reader) {
    Frame image = reader.readFrame(pair.image, plane.z(), plane.t()).withName(name);
    if (pair.target.equals(pair.image)) return new Sample<>(image, image);
    Frame target = reader.readFrame(pair.target, plane.z(), plane.t()).withName(name);
    if (image.width() != target.width() || image.height() != target.height()) {
      throw new SpyhopException(
          Strings.format(
              "%s is %d x %d pixels but its target %s is %d x %d: expected the same size.",
              FileNames.last(pair.image),
              image.width(),
              image.height(),
              FileNames.last(pair.target),
              target.width(),
              target.height()));
    }
    return new Sample<>(image, target);
  }
}
