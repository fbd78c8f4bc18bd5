package sc.fiji.spyhop.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.MultiLabelClassification;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Images of one class each; or of several, or of none, where classes do not exclude each other.
 *
 * @param classes names, in the order of the class numbers
 * @param exclusive whether each image is of just one class
 * @param members numbers of the classes of each sample, ascending
 * @param samples images with their classes, certain
 * @param notes sentences about what was left out or has to be known
 */
public record ClassImages(
    List<String> classes,
    boolean exclusive,
    List<List<Integer>> members,
    Dataset<ClassScores> samples,
    List<String> notes) {

  /** Of how many classes an image may be. */
  public enum Labels {
    /** Of several or none if the table or the labels say so, else of one. */
    AUTO,
    /** Of one. */
    ONE,
    /** Of any number. */
    SEVERAL;

    /** As a task has them. */
    public static Labels of(ClassTask task) {
      return task.exclusive() ? ONE : SEVERAL;
    }
  }

  /** Class of each sample, where it is just one. */
  public List<Integer> numbers() {
    return members.stream().map(m -> m.get(0)).toList();
  }

  /** What tells these classes, all alike. */
  public ClassTask task() {
    return exclusive ? Classification.of(classes) : MultiLabelClassification.of(classes);
  }

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
   * An image may be of several classes or of none where the table has a column {@code classes} with
   * their names separated by semicolons, or {@code none}; where it has columns of zeros and ones,
   * which are called like the classes; or where labels of slices hold a semicolon. If that is asked
   * for, an image that lies in the folders of several classes, of the same name and the same bytes,
   * is one image of all of them, a folder {@code a+b} holds images of both, a folder {@code none}
   * images of no class, and rows of a table that name one image are taken together.
   *
   * @param folder or a stack
   * @param index absent: {@code index.csv} of the folder if it is there
   * @param subset absent: all; needed where the folders are those of subsets
   * @param known the classes there may be, in their order; empty: those found, by name
   * @param labels of how many classes an image may be
   * @throws SpyhopException if nothing is found, a class is unknown, images are missing, or all are
   *     of no class and no classes are known
   */
  public static ClassImages read(
      Path folder,
      Optional<Path> index,
      Optional<String> subset,
      List<String> known,
      Labels labels,
      ImageReader reader) {
    if (!Files.exists(folder)) {
      throw new SpyhopException(
          "No images: expected a folder or a stack, received " + folder + ", which is not there.");
    }
    if (!Files.isDirectory(folder)) {
      return ofStacks(folder, known, labels, reader)
          .orElseThrow(
              () ->
                  new SpyhopException(
                      folder
                          + ": expected a stack whose slice labels are classes, received an image"
                          + " without labels."));
    }
    Optional<MnistFiles> idx = index.isEmpty() ? MnistFiles.find(folder, subset) : Optional.empty();
    if (idx.isPresent()) return ofMnist(idx.get(), known, labels);
    Path table = index.orElseGet(() -> LabelTable.in(folder));
    boolean listed = Files.exists(table) || index.isPresent();
    FoundLabels found =
        listed
            ? LabelTable.read(table, subset, known, labels)
            : FolderLabels.read(folder, subset, labels);
    if (found.names().isEmpty()) {
      Path root = subset.map(folder::resolve).orElse(folder);
      return ofStacks(root, known, labels, reader).orElseThrow(() -> nothing(root));
    }
    if (known.isEmpty()) requireAny(folder, found.names().values());
    List<String> classes = known.isEmpty() ? found.classes() : known;
    List<String> problems = new ArrayList<>();
    List<Dataset.Entry<ClassScores>> entries = new ArrayList<>();
    List<List<Integer>> members = new ArrayList<>();
    found
        .names()
        .forEach(
            (file, names) -> {
              String label = label(folder, file);
              if (isUnknown(label, names, classes, problems)) return;
              List<Integer> numbers = numbers(names, classes);
              ClassScores truth = ClassScores.certain(numbers, classes.size());
              members.add(numbers);
              entries.add(new Dataset.Entry<>(label, () -> sample(label, file, truth, reader)));
            });
    BadSamples.throwIfAny(problems, folder + ", classes " + String.join(", ", classes));
    List<String> notes = new ArrayList<>(found.notes());
    if (known.isEmpty()) notes.addAll(FoundLabels.alike(classes));
    return new ClassImages(classes, !found.several(), members, Dataset.of(entries), notes);
  }

  /** How many images are of each class, as a sentence. */
  public String counts() {
    int[] counts = new int[classes.size()];
    members.forEach(of -> of.forEach(c -> counts[c]++));
    long none = members.stream().filter(List::isEmpty).count();
    return Strings.format(
        "%s: %s, %d of no class.",
        Strings.count(members.size(), "image"),
        IntStream.range(0, counts.length)
            .mapToObj(c -> counts[c] + " of " + classes.get(c))
            .collect(Collectors.joining(", ")),
        none);
  }

  /** Refuses images that are all of no class. */
  private static void requireAny(Object place, Collection<List<String>> names) {
    if (names.stream().anyMatch(of -> !of.isEmpty())) return;
    throw new SpyhopException(
        Strings.format(
            "%s: expected images of at least one class, received %s of no class (%s). Nothing can"
                + " be learnt from these, nor compared.",
            place, Strings.count(names.size(), "image"), ClassTask.NONE));
  }

  /** The same, with one class for an image unless the data say otherwise. */
  public static ClassImages read(
      Path folder,
      Optional<Path> index,
      Optional<String> subset,
      List<String> known,
      ImageReader reader) {
    return read(folder, index, subset, known, Labels.AUTO, reader);
  }

  private static boolean isUnknown(
      String label, List<String> names, List<String> classes, List<String> problems) {
    for (String name : names) {
      if (classes.contains(name)) continue;
      problems.add(label + " is of the unknown class \"" + name + '"');
      return true;
    }
    return false;
  }

  private static List<Integer> numbers(List<String> names, List<String> classes) {
    return names.stream().map(classes::indexOf).distinct().sorted().toList();
  }

  private static Optional<ClassImages> ofStacks(
      Path place, List<String> known, Labels labels, ImageReader reader) {
    Optional<LabelledSlices> found = LabelledSlices.find(place, reader);
    if (found.isEmpty()) return Optional.empty();
    LabelledSlices slices = found.get();
    boolean marked = slices.labels().stream().anyMatch(l -> l.contains(ClassTask.SEPARATOR));
    boolean several = labels == Labels.SEVERAL || labels == Labels.AUTO && marked;
    if (known.isEmpty() && !several) slices.requireClasses(place);
    Map<LabelledSlices.Slice, List<String>> names = new LinkedHashMap<>();
    for (LabelledSlices.Slice s : slices.slices()) {
      names.put(s, several ? ClassTask.names(s.label()) : List.of(s.label()));
    }
    List<String> classes =
        known.isEmpty() ? sorted(names.values().stream().flatMap(List::stream).toList()) : known;
    List<String> problems = new ArrayList<>();
    if (several) {
      names
          .keySet()
          .forEach(
              s ->
                  FoundLabels.fault(s.label(), known)
                      .ifPresent(fault -> problems.add(s.name() + " " + fault)));
      BadSamples.throwIfAny(problems, place.toString());
    }
    if (known.isEmpty()) requireAny(place, names.values());
    names.forEach((s, of) -> isUnknown(s.name(), of, classes, problems));
    BadSamples.throwIfAny(problems, place + ", classes " + String.join(", ", classes));
    List<String> notes = new ArrayList<>(slices.notes());
    if (known.isEmpty()) notes.addAll(FoundLabels.alike(classes));
    if (several) notes.add(FoundLabels.told("labels of slices such as a; b"));
    return Optional.of(
        new ClassImages(
            classes,
            !several,
            names.values().stream().map(n -> numbers(n, classes)).toList(),
            slices.samples(
                s -> ClassScores.certain(numbers(names.get(s), classes), classes.size()), reader),
            notes));
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
    return IndexTable.read(index).column("class", "label", "classes").isPresent();
  }

  /**
   * Images that are in memory, of one class each.
   *
   * @param names of the classes of the frames, as many
   */
  public static ClassImages of(List<Frame> frames, List<String> names) {
    return of(frames, names.stream().map(List::of).toList(), true);
  }

  /**
   * Images that are in memory, of any number of classes.
   *
   * @param names of the classes of each frame, as many
   */
  public static ClassImages ofSeveral(List<Frame> frames, List<List<String>> names) {
    return of(frames, names, false);
  }

  private static ClassImages of(List<Frame> frames, List<List<String>> names, boolean exclusive) {
    if (!names.isEmpty()) requireAny("Images", names);
    List<String> classes = sorted(names.stream().flatMap(List::stream).toList());
    List<List<Integer>> members = names.stream().map(n -> numbers(n, classes)).toList();
    return new ClassImages(
        classes,
        exclusive,
        members,
        Dataset.ofSamples(
            IntStream.range(0, frames.size())
                .mapToObj(
                    i ->
                        new Sample<>(
                            frames.get(i), ClassScores.certain(members.get(i), classes.size())))
                .toList()),
        List.of());
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
  static List<String> sorted(Iterable<String> names) {
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

  private static SpyhopException nothing(Path root) {
    return new SpyhopException(
        root
            + ": no images found. Expected a folder for each class with images in it, index.csv"
            + " with the columns image and class, IDX files as those of MNIST, or stacks whose"
            + " slice labels are classes.");
  }

  private static ClassImages ofMnist(MnistFiles files, List<String> known, Labels asked) {
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
    List<ClassScores> truths =
        IntStream.range(0, classes.size())
            .mapToObj(c -> ClassScores.certain(c, classes.size()))
            .toList();
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
    List<List<Integer>> members =
        IntStream.range(0, n).mapToObj(i -> List.of(labels.values()[i] & 0xFF)).toList();
    return new ClassImages(
        classes, asked != Labels.SEVERAL, members, Dataset.of(entries), List.of());
  }
}
