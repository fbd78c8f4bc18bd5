package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.imglib2.view.Views;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Overlaps;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Masks of classes that may lie over each other, beside the images that they are of, in a folder
 * {@code masks} or {@code labels}: a file for each class, {@code NAME_CLASS.ext} or {@code
 * CLASS/NAME.ext}; or one file with a channel for each class, {@code NAME.ext}. What is not 0 is of
 * the class.
 *
 * @param classes names, in the order of the bits
 * @param samples images with sets of classes, read when asked for
 * @param notes sentences about what was left out
 */
public record ClassMasks(List<String> classes, Dataset<LabelMap> samples, List<String> notes) {

  private static final List<String> TRUTH = List.of("masks", "labels");

  /** The masks of an image: by class, or one file with a channel for each. */
  private record Masks(Map<String, Path> byClass, Optional<Path> channels) {}

  /**
   * Finds the masks.
   *
   * @param known names of the classes there may be; empty: those of the files, by name, or of
   *     classes.csv without its first, which is background
   * @return absent if the folder holds no such masks
   * @throws SpyhopException if nothing tells the classes, or nothing is left to learn from
   */
  public static Optional<ClassMasks> find(
      Path folder,
      Optional<Path> index,
      Optional<String> subset,
      List<String> known,
      ImageReader reader) {
    if (!Files.isDirectory(folder)) return Optional.empty();
    Optional<Path> truth =
        TRUTH.stream().map(folder::resolve).filter(Files::isDirectory).findFirst();
    if (truth.isEmpty()) return Optional.empty();
    Path images = folder.resolve("images");
    Map<String, Path> byName = new TreeMap<>();
    for (Path file : Naming.images(Files.isDirectory(images) ? images : folder, 1)) {
      byName.putIfAbsent(Naming.baseName(FileNames.last(file)), file);
    }
    Map<String, Masks> masks = masks(truth.get(), byName.keySet());
    if (masks.isEmpty()) return Optional.empty();
    return Optional.of(of(folder, index, subset, known, reader, byName, masks));
  }

  private static ClassMasks of(
      Path folder,
      Optional<Path> index,
      Optional<String> subset,
      List<String> known,
      ImageReader reader,
      Map<String, Path> images,
      Map<String, Masks> masks) {
    Set<String> found = new TreeSet<>();
    masks.values().forEach(m -> found.addAll(m.byClass.keySet()));
    List<String> listed = SegmentationFolder.classes(folder);
    List<String> classes =
        !known.isEmpty()
            ? known
            : !found.isEmpty()
                ? List.copyOf(found)
                : listed.subList(Math.min(1, listed.size()), listed.size());
    if (classes.isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected names of the classes that the channels of its masks are of: name them"
                  + " in their order (classes=a,b; --classes a,b in the shell).",
              folder));
    }
    List<String> notes = new ArrayList<>();
    Set<String> others = new TreeSet<>(found);
    classes.forEach(others::remove);
    if (!others.isEmpty()) {
      notes.add("Masks of other classes are left out: " + String.join(", ", others) + ".");
    }
    Set<String> wanted = new TreeSet<>(images.keySet());
    if (index.isPresent() || subset.isPresent()) {
      wanted = SegmentationFolder.names(index.orElse(folder.resolve("index.csv")), subset);
    }
    List<String> problems = new ArrayList<>();
    Map<String, Integer> lacking = new LinkedHashMap<>();
    List<Dataset.Entry<LabelMap>> entries = new ArrayList<>();
    for (String name : wanted) {
      Path image = images.get(name);
      Masks own = masks.get(name);
      if (image == null) problems.add(name + " is listed but has no image");
      else if (own == null) problems.add(name + " has no mask");
      if (image == null || own == null) continue;
      if (own.channels.isEmpty()) {
        classes.stream()
            .filter(c -> !own.byClass.containsKey(c))
            .forEach(c -> lacking.merge(c, 1, Integer::sum));
      }
      entries.add(new Dataset.Entry<>(name, () -> sample(name, image, own, classes, reader)));
    }
    lacking.forEach(
        (type, n) ->
            notes.add(
                Strings.format(
                    "%s without a mask of class %s: nothing of it is taken to be there.",
                    n == 1 ? "1 image is" : n + " images are", type)));
    if (entries.isEmpty()) BadSamples.throwIfAny(problems, folder.toString());
    if (!problems.isEmpty()) {
      notes.add(
          Strings.format(
              "Left out of %s: %s.",
              Strings.count(problems.size() + entries.size(), "image"),
              BadSamples.first(problems)));
    }
    return new ClassMasks(classes, Dataset.of(entries), notes);
  }

  /** The masks of each image by its name; none if files are called otherwise. */
  private static Map<String, Masks> masks(Path truth, Set<String> images) {
    Map<String, Map<String, Path>> byClass = new TreeMap<>();
    Map<String, Masks> found = new TreeMap<>();
    for (Path folder : Naming.folders(truth)) {
      for (Path file : Naming.images(folder, 1)) {
        String name = Naming.baseName(FileNames.last(file));
        if (!images.contains(name)) continue;
        byClass
            .computeIfAbsent(name, n -> new TreeMap<>())
            .put(Strings.visible(FileNames.last(folder)), file);
      }
    }
    for (Path file : Naming.images(truth, 1)) {
      String name = Naming.baseName(FileNames.last(file));
      if (images.contains(name)) {
        found.put(name, new Masks(Map.of(), Optional.of(file)));
        continue;
      }
      // of a name with several underscores, the longest that is an image
      for (int at = name.lastIndexOf('_'); at > 0; at = name.lastIndexOf('_', at - 1)) {
        String image = name.substring(0, at);
        String type = name.substring(at + 1);
        if (!images.contains(image) || type.isEmpty()) continue;
        byClass.computeIfAbsent(image, n -> new TreeMap<>()).put(Strings.visible(type), file);
        break;
      }
    }
    byClass.forEach((name, files) -> found.put(name, new Masks(files, Optional.empty())));
    return found;
  }

  private static Sample<LabelMap> sample(
      String name, Path image, Masks masks, List<String> classes, ImageReader reader) {
    Frame frame = reader.readFrame(image);
    LabelMap sets = LabelMap.sized(frame.width(), frame.height(), Overlaps.bit(classes.size()) - 1);
    if (masks.channels.isPresent()) {
      channels(frame, masks.channels.get(), classes, reader, sets);
    } else {
      for (int c = 0; c < classes.size(); c++) {
        Path file = masks.byClass.get(classes.get(c));
        if (file == null) continue;
        LabelMap mask = reader.readLabels(file);
        requireSize(image, frame, file, mask.width(), mask.height());
        Overlaps.add(sets, mask, c);
      }
    }
    return new Sample<>(new Frame(name, frame.pixels(), frame.pixelSize()), sets);
  }

  private static void channels(
      Frame frame, Path file, List<String> classes, ImageReader reader, LabelMap sets) {
    Frame masks = reader.readFrame(file);
    requireSize(file, frame, file, masks.width(), masks.height());
    if (masks.channels() != classes.size()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected a channel for each of the %d classes %s, received %s.",
              file,
              classes.size(),
              String.join(", ", classes),
              Strings.count(masks.channels(), "channel")));
    }
    for (int c = 0; c < classes.size(); c++) {
      var cursor = Views.flatIterable(Views.hyperSlice(masks.pixels(), 2, c)).cursor();
      for (int i = 0; i < sets.size(); i++) {
        if (cursor.next().getRealDouble() != 0) sets.set(i, sets.get(i) | Overlaps.bit(c));
      }
    }
  }

  private static void requireSize(Path image, Frame frame, Path mask, int width, int height) {
    if (frame.width() == width && frame.height() == height) return;
    throw new SpyhopException(
        Strings.format(
            "%s is %d x %d pixels but its mask %s is %d x %d: expected the same size.",
            FileNames.last(image),
            frame.width(),
            frame.height(),
            FileNames.last(mask),
            width,
            height));
  }
}
