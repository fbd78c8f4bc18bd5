package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * Images of one class each.
 *
 * @param classes names, in the order of the class numbers
 * @param numbers class of each sample
 * @param samples images with their class, certain
 * @param notes sentences about what was left out or has to be known
 */
public record ClassImages(
    List<String> classes, List<Integer> numbers, Dataset<ClassScores> samples, List<String> notes) {

  private static final int DEEP = 16;

  /** What folders of subsets are called, as those of torchvision and Keras. */
  private static final Set<String> SUBSETS =
      Set.of("train", "val", "valid", "validation", "test", "training", "testing");

  /**
   * Finds images and their classes; images are read later, when the set is asked for them. One of
   *
   * <ul>
   *   <li>a folder for each class, {@code FOLDER/CLASS/...}, or with subsets {@code
   *       FOLDER/SUBSET/CLASS/...};
   *   <li>an index, {@code FOLDER/index.csv} or another: columns {@code image} (path from the
   *       folder of the index, or from {@code images} there; the extension may be left out), {@code
   *       class}, and {@code subset} if there are any;
   *   <li>IDX files as those of MNIST, {@code PREFIX-images-idx3-ubyte} with {@code
   *       PREFIX-labels-idx1-ubyte}, gzipped or not; the subset {@code test} is called {@code t10k}
   *       there, and {@code train} is taken if none is asked for;
   *   <li>stacks in a folder, or one stack, whose slice labels are classes.
   * </ul>
   *
   * @param folder or a stack
   * @param index absent: {@code index.csv} of the folder if it is there
   * @param subset absent: all; needed where the folders are those of subsets
   * @param known the classes there may be, in their order; empty: those found, by name
   * @throws SpyhopException if nothing is found, a class is unknown, or images are missing
   */
  public static ClassImages read(
      Path folder,
      Optional<Path> index,
      Optional<String> subset,
      List<String> known,
      ImageReader reader) {
    if (!Files.exists(folder)) {
      throw new SpyhopException(
          "No images: expected a folder or a stack, received " + folder + ", which is not there.");
    }
    if (!Files.isDirectory(folder)) {
      return ofStacks(folder, known, reader)
          .orElseThrow(
              () ->
                  new SpyhopException(
                      folder
                          + ": expected a stack whose slice labels are classes, received an image"
                          + " without labels."));
    }
    Optional<MnistFiles> idx = index.isEmpty() ? MnistFiles.find(folder, subset) : Optional.empty();
    if (idx.isPresent()) return ofMnist(idx.get(), known);
    Path table = index.orElse(folder.resolve("index.csv"));
    boolean listed = Files.exists(table) || index.isPresent();
    Map<Path, String> found = listed ? listed(table, subset) : inFolders(folder, subset);
    if (found.isEmpty()) {
      Path root = subset.map(folder::resolve).orElse(folder);
      return ofStacks(root, known, reader).orElseThrow(() -> nothing(root));
    }
    List<String> classes = known.isEmpty() ? sorted(found.values()) : known;
    Map<String, ClassScores> truths = truths(classes);
    List<String> problems = new ArrayList<>();
    List<Dataset.Entry<ClassScores>> entries = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    found.forEach(
        (file, name) -> {
          ClassScores truth = truths.get(name);
          String label = label(folder, file);
          if (truth == null) {
            problems.add(label + " is of the unknown class \"" + name + '"');
            return;
          }
          numbers.add(truth.best());
          entries.add(new Dataset.Entry<>(label, () -> sample(label, file, truth, reader)));
        });
    BadSamples.throwIfAny(problems, folder + ", classes " + String.join(", ", classes));
    return of(classes, numbers, Dataset.of(entries));
  }

  private static ClassImages of(
      List<String> classes, List<Integer> numbers, Dataset<ClassScores> samples) {
    return new ClassImages(classes, numbers, samples, List.of());
  }

  private static Optional<ClassImages> ofStacks(
      Path place, List<String> known, ImageReader reader) {
    Optional<LabelledSlices> found = LabelledSlices.find(place, reader);
    if (found.isEmpty()) return Optional.empty();
    LabelledSlices slices = found.get();
    if (known.isEmpty()) slices.requireClasses(place);
    List<String> classes = known.isEmpty() ? sorted(slices.labels()) : known;
    Map<String, ClassScores> truths = truths(classes);
    List<String> problems =
        slices.slices().stream()
            .filter(s -> !truths.containsKey(s.label()))
            .map(s -> s.name() + " is of the unknown class \"" + s.label() + '"')
            .toList();
    BadSamples.throwIfAny(problems, place + ", classes " + String.join(", ", classes));
    List<Integer> numbers = slices.labels().stream().map(classes::indexOf).toList();
    return Optional.of(
        new ClassImages(
            classes, numbers, slices.samples(s -> truths.get(s.label()), reader), slices.notes()));
  }

  /** Whether a folder holds IDX files as those of MNIST. */
  public static boolean isMnist(Path folder) {
    return MnistFiles.areIn(folder);
  }

  /**
   * Whether an index lists classes rather than numbers.
   *
   * @throws SpyhopException if it is no CSV file
   */
  public static boolean isIndex(Path index) {
    return IndexTable.read(index).column("class", "label").isPresent();
  }

  /**
   * Images that are in memory.
   *
   * @param names of the classes of the frames, as many
   */
  public static ClassImages of(List<Frame> frames, List<String> names) {
    List<String> classes = sorted(names);
    Map<String, ClassScores> truths = truths(classes);
    return of(
        classes,
        names.stream().map(classes::indexOf).toList(),
        Dataset.ofSamples(
            IntStream.range(0, frames.size())
                .mapToObj(i -> new Sample<>(frames.get(i), truths.get(names.get(i))))
                .toList()));
  }

  private static Sample<ClassScores> sample(
      String name, Path file, ClassScores truth, ImageReader reader) {
    Frame frame = reader.readFrame(file);
    return new Sample<>(new Frame(name, frame.pixels(), frame.pixelSize()), truth);
  }

  /** Path from the folder, so that images of the same name in two classes are told apart. */
  static String label(Path folder, Path file) {
    Path from = folder.toAbsolutePath().normalize();
    Path to = file.toAbsolutePath().normalize();
    return (to.startsWith(from) ? from.relativize(to) : to).toString().replace('\\', '/');
  }

  /** Names by their numbers where all are numbers, else by letters. */
  private static List<String> sorted(Iterable<String> names) {
    TreeSet<String> distinct =
        new TreeSet<>(
            (a, b) -> {
              boolean numbers = a.matches("[0-9]{1,9}") && b.matches("[0-9]{1,9}");
              int order = numbers ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b)) : 0;
              return order != 0 ? order : a.compareTo(b);
            });
    names.forEach(distinct::add);
    return List.copyOf(distinct);
  }

  private static Map<String, ClassScores> truths(List<String> classes) {
    Map<String, ClassScores> truths = new LinkedHashMap<>();
    for (int i = 0; i < classes.size(); i++) {
      truths.put(classes.get(i), ClassScores.certain(i, classes.size()));
    }
    return truths;
  }

  private static Map<Path, String> inFolders(Path folder, Optional<String> subset) {
    Path root = subset.map(folder::resolve).orElse(folder);
    if (!Files.isDirectory(root)) {
      throw new SpyhopException(
          folder + ": no folder \"" + subset.get() + "\" and no index.csv with such a subset.");
    }
    Folders.requirePart(root);
    Map<Path, String> found = new LinkedHashMap<>();
    List<Path> folders = Naming.folders(root);
    if (subset.isEmpty()) requireClasses(root, folders);
    for (Path one : folders) {
      for (Path file : Naming.images(one, DEEP)) {
        found.put(file, Strings.visible(FileNames.last(one)));
      }
    }
    return found;
  }

  /** Refuses folders that are subsets, with folders of classes in them. */
  private static void requireClasses(Path root, List<Path> folders) {
    boolean subsets =
        folders.stream()
            .allMatch(
                f ->
                    SUBSETS.contains(FileNames.last(f).toLowerCase(Locale.ROOT))
                        && !Naming.folders(f).isEmpty());
    if (folders.isEmpty() || !subsets) return;
    List<String> names = folders.stream().map(f -> FileNames.last(f)).toList();
    String train =
        names.stream()
            .filter(n -> n.toLowerCase(Locale.ROOT).startsWith("train"))
            .findFirst()
            .orElse(names.get(0));
    throw new SpyhopException(
        Strings.format(
            "%s: expected a folder for each class, found %s, which are subsets with folders in"
                + " them. Say which one to take, such as subset=%s (--subset %s in the shell), or"
                + " give the folder %s.",
            root, String.join(", ", names), train, train, root.resolve(train)));
  }

  private static SpyhopException nothing(Path root) {
    return new SpyhopException(
        root
            + ": no images found. Expected a folder for each class with images in it, index.csv"
            + " with the columns image and class, IDX files as those of MNIST, or stacks whose"
            + " slice labels are classes.");
  }

  private static Map<Path, String> listed(Path index, Optional<String> subset) {
    IndexTable table = IndexTable.read(index).only(subset);
    int image = table.require("image", "name", "file");
    int type = table.require("class", "label");
    Map<Path, String> found = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    IndexedImages images = new IndexedImages(index);
    for (List<String> row : table.rows()) {
      Optional<Path> file = images.find(row.get(image), problems);
      if (row.get(type).isEmpty()) problems.add(row.get(image) + " has no class");
      else if (file.isPresent() && found.put(file.get(), row.get(type)) != null) {
        problems.add(row.get(image) + " is listed twice");
      }
    }
    BadSamples.throwIfAny(problems, index.toString());
    if (found.isEmpty()) throw new SpyhopException(index + " lists no images.");
    return found;
  }

  private static ClassImages ofMnist(MnistFiles files, List<String> known) {
    IdxFile images = IdxFile.read(files.images());
    IdxFile labels = IdxFile.read(files.labels());
    int n = images.sizes()[0];
    if (images.sizes().length != 3 || labels.sizes().length != 1 || labels.sizes()[0] != n) {
      throw new SpyhopException(
          Strings.format(
              "%s and %s: expected as many labels as images of rows and columns, received %s and %s.",
              files.images(),
              FileNames.last(files.labels()),
              java.util.Arrays.toString(labels.sizes()),
              java.util.Arrays.toString(images.sizes())));
    }
    int most = 0;
    for (byte label : labels.values()) most = Math.max(most, label & 0xFF);
    List<String> classes =
        known.isEmpty() ? IntStream.rangeClosed(0, most).mapToObj(String::valueOf).toList() : known;
    if (most >= classes.size()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected labels from 0 to %d, received %d.",
              files.labels(), classes.size() - 1, most));
    }
    List<ClassScores> truths = List.copyOf(truths(classes).values());
    int width = images.sizes()[2];
    int height = images.sizes()[1];
    int plane = width * height;
    List<Dataset.Entry<ClassScores>> entries = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int at = i * plane;
      String name = "image " + (i + 1);
      ClassScores truth = truths.get(labels.values()[i] & 0xFF);
      entries.add(
          new Dataset.Entry<>(
              name,
              () ->
                  new Sample<>(
                      new Frame(
                          name,
                          ArrayImgs.unsignedBytes(
                              java.util.Arrays.copyOfRange(images.values(), at, at + plane),
                              width,
                              height,
                              1),
                          PixelSize.UNCALIBRATED),
                      truth)));
    }
    List<Integer> numbers = IntStream.range(0, n).mapToObj(i -> labels.values()[i] & 0xFF).toList();
    return of(classes, numbers, Dataset.of(entries));
  }
}
