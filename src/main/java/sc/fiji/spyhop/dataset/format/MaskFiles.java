package sc.fiji.spyhop.dataset.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.LabelRules;
import sc.fiji.spyhop.dataset.ObjectTable;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.ObjectClasses;
import sc.fiji.spyhop.util.Strings;

/**
 * What a network that segments learns from: label images, or the masks, polygons and areas of
 * annotation files. Where objects cover each other, the smaller one is above. Immutable.
 *
 * @param samples label maps are painted when asked for
 * @param problems what was left out, for the user
 * @param unreadable annotated images among that whose file cannot be opened, as {@link
 *     EvaluationTables#key} calls them
 * @param objects how many objects are said to be of each class
 */
public record MaskFiles(
    Dataset<LabelMap> samples,
    List<String> problems,
    Set<String> unreadable,
    Map<String, Integer> objects) {

  /** Label images that are looked at before a training, to say how they are taken. */
  private static final int LOOKED_AT = 20;

  /** With fewer objects a class is hardly learnt. */
  private static final int FEW = 10;

  /** More names than these are hardly those of classes. */
  private static final int MANY = 20;

  /**
   * Objects, numbered from 1 in the order of the file; label images as they are. Which class each
   * object of a label image is of, an {@link ObjectTable} says.
   *
   * @param path a folder, or an annotation file
   * @param index absent: all, or {@code index.csv} of the folder if only a subset is asked for
   * @param subset absent: everything that is in the index
   * @param types names of the classes 0, 1, ... of objects; those of other classes are background.
   *     If it is one, and there are objects of this class, these only; else objects have no class
   * @param ignored label of pixels that are not annotated, besides what the data set says;
   *     negative: none
   * @throws SpyhopException as {@link SegmentationFolder} and {@link AnnotationFiles} do, or if no
   *     image is left whose objects all have an outline, or there are several types and no object
   *     is of one of them
   */
  public static MaskFiles objects(
      AnnotationFiles files,
      Path path,
      Optional<Path> index,
      Optional<String> subset,
      List<String> types,
      int ignored) {
    if (hasLabelImages(files, path)) {
      return labelImages(files, path, index, subset, Optional.of(types), List.of(), ignored);
    }
    AnnotatedSet set = files.open(path, index, subset, List.of());
    boolean only = types.size() > 1 || !types.isEmpty() && set.classes().containsAll(types);
    return painted(files, path, set, t -> !only || types.contains(t), types, List.of());
  }

  /**
   * Classes of pixels: each object as the number of its class; label images as they are.
   *
   * @param classes names of labels 0, 1, ...; objects of others are left out
   * @param ignored label of pixels that are not annotated, besides what the data set says;
   *     negative: none
   */
  public static MaskFiles classes(
      AnnotationFiles files,
      Path path,
      Optional<Path> index,
      Optional<String> subset,
      List<String> classes,
      int ignored) {
    if (hasLabelImages(files, path)) {
      return labelImages(files, path, index, subset, Optional.empty(), classes, ignored);
    }
    AnnotatedSet set = files.open(path, index, subset, classes);
    return painted(files, path, set, t -> classes.indexOf(t) > 0, List.of(), classes);
  }

  /** Whether a folder holds label images. */
  public static boolean areLabelImages(Path folder) {
    return !new LabelImageFormat().find(folder).isEmpty();
  }

  private static Path labelFolder(Path path) {
    return new LabelImageFormat()
        .find(path).stream().findFirst().map(file -> file.resolveSibling("")).orElse(path);
  }

  /** Whether a place holds annotations to paint, not label images. */
  public static boolean isPainted(AnnotationFiles files, Path path) {
    return !hasLabelImages(files, path);
  }

  /** Whether a place holds label images, or nothing that could be taken instead of them. */
  private static boolean hasLabelImages(AnnotationFiles files, Path path) {
    if (!Files.isDirectory(path)) return !Files.exists(path);
    return areLabelImages(path) || files.findsNothing(path);
  }

  /**
   * @param types of objects; absent if labels number classes of pixels
   */
  private static MaskFiles labelImages(
      AnnotationFiles files,
      Path path,
      Optional<Path> index,
      Optional<String> subset,
      Optional<List<String>> types,
      List<String> classes,
      int ignored) {
    List<String> said = new ArrayList<>();
    Dataset<LabelMap> all =
        SegmentationFolder.read(path, index, subset, files.reader(), ignored, said::add);
    Map<String, Integer> counts = new TreeMap<>();
    Taken taken = new Classes(classes.size());
    if (types.isPresent()) {
      ObjectTable table = ObjectTable.of(labelFolder(path));
      for (String image : all.names()) {
        table.of(image, 1, 1).values().forEach(type -> counts.merge(type, 1, Integer::sum));
      }
      if (types.get().size() > 1) said.addAll(look(path, counts, types.get()));
      boolean told = types.get().size() > 1 || counts.keySet().containsAll(types.get());
      taken = new Objects(table, told ? types.get() : List.of());
    }
    Problems problems = new Problems();
    for (int i = 0; i < Math.min(LOOKED_AT, all.size()); i++) {
      try {
        taken.look(all.get(i).truth(), all.names().get(i), problems);
      } catch (SpyhopException e) {
        // told, with all others that cannot be used, when all are read
      }
    }
    said.addAll(problems.summary());
    Taken as = taken;
    return new MaskFiles(
        all.map(s -> new Sample<>(s.frame(), as.of(s.truth(), s.name()))), said, Set.of(), counts);
  }

  /**
   * Refuses to go on where a class has no object, as its name may be written in another way.
   *
   * @param types names of classes
   * @throws SpyhopException that names them, and those that there are
   */
  public void requireAll(List<String> types) {
    List<String> none = types.stream().filter(t -> objects.getOrDefault(t, 0) == 0).toList();
    if (none.isEmpty()) return;
    throw new SpyhopException(
        Strings.format(
            "No object is of class %s: expected objects of each of the classes %s, found %s.%s",
            String.join(" or ", none),
            String.join(", ", types),
            listed(objects),
            objects.keySet().stream().anyMatch(t -> t.contains(","))
                ? " Commas stand between names: give the class with a comma in it another name."
                : ""));
  }

  /**
   * What there is to say where objects have classes and nobody asked for them; at most a sentence.
   */
  public Optional<String> untold() {
    List<String> some = objects.keySet().stream().filter(t -> objects.get(t) > 0).toList();
    if (some.size() < 2 || some.size() > MANY) return Optional.empty();
    return Optional.of(
        Strings.format(
            "Objects are of several classes, which are not told apart: %s. To tell them apart, name"
                + " them (object=%s).",
            listed(objects), String.join(",", some)));
  }

  /**
   * Compares classes that are wanted with those that objects have.
   *
   * @return what to tell the user
   * @throws SpyhopException if no object is of one of them
   */
  private static List<String> look(Path path, Map<String, Integer> counts, List<String> types) {
    if (types.stream().allMatch(t -> counts.getOrDefault(t, 0) == 0)) {
      throw new SpyhopException(
          Strings.format(
              "%s: no object is of one of the classes %s, found %s. Objects of label images have"
                  + " their classes in a table %s in the folder of the data set, with the columns"
                  + " image, label and class.",
              path,
              String.join(", ", types),
              counts.isEmpty() ? "none that has a class" : listed(counts),
              ObjectTable.FILE));
    }
    List<String> said = new ArrayList<>();
    for (String type : types) {
      int n = counts.getOrDefault(type, 0);
      if (n >= FEW) continue;
      said.add(
          n == 0
              ? Strings.format("No object is of class %s.", type)
              : Strings.format(
                  "Only %s of class %s: more are needed to learn it.",
                  Strings.count(n, "object"), type));
    }
    Map<String, Integer> others = new TreeMap<>(counts);
    others.keySet().removeAll(types);
    others.values().removeIf(n -> n == 0);
    if (!others.isEmpty()) {
      said.add("Objects of other classes are background: " + listed(others) + ".");
    }
    return said;
  }

  private static String listed(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .filter(c -> c.getValue() > 0)
        .map(c -> c.getValue() + " " + c.getKey())
        .collect(Collectors.joining(", "));
  }

  /** What the numbers in label images are. */
  private interface Taken {
    LabelMap of(LabelMap labels, String image);

    void look(LabelMap labels, String image, Problems problems);
  }

  /**
   * Numbers of classes of pixels.
   *
   * @param number how many there are
   */
  private record Classes(int number) implements Taken {
    @Override
    public LabelMap of(LabelMap labels, String image) {
      LabelMap numbered = LabelRules.classes(labels, number);
      LabelRules.requireClasses(image, numbered, number, l -> l == LabelMap.UNLABELLED);
      return numbered;
    }

    @Override
    public void look(LabelMap labels, String image, Problems problems) {
      if (of(labels, image) != labels) problems.add(Problem.Kind.CLASS_255, image);
    }
  }

  /**
   * Numbers of objects.
   *
   * @param types names of their classes 0, 1, ...; none if they have no classes
   */
  private record Objects(ObjectTable table, List<String> types) implements Taken {
    @Override
    public LabelMap of(LabelMap labels, String image) {
      LabelRules.requireObjects(labels);
      return LabelRules.objects(
          types.isEmpty() ? labels : ObjectTable.classed(labels, table.of(image, 1, 1), types));
    }

    @Override
    public void look(LabelMap labels, String image, Problems problems) {
      LabelImageFormat.look(labels, image, problems);
      if (types.isEmpty()) return;
      Set<Integer> named = table.of(image, 1, 1).keySet();
      for (int i = 0; i < labels.size(); i++) {
        int label = labels.get(i);
        if (label == 0 || label == LabelMap.UNLABELLED || named.contains(label)) continue;
        problems.add(Problem.Kind.NO_CLASS, image);
        return;
      }
    }
  }

  private static MaskFiles painted(
      AnnotationFiles files,
      Path path,
      AnnotatedSet set,
      Predicate<String> wanted,
      List<String> types,
      List<String> classes) {
    Map<String, Integer> counts = set.boxesByClass();
    List<String> said = types.size() > 1 ? look(path, counts, types) : List.of();
    List<AnnotatedImage> kept = new ArrayList<>();
    for (AnnotatedImage image : set.images()) {
      Annotation a = image.annotation();
      List<LocalizedObject> objects =
          a.objects().stream().filter(o -> wanted.test(o.type())).toList();
      long boxes = objects.stream().filter(o -> o.mask().isEmpty()).count();
      if (boxes > 0) {
        String what = boxes + " of " + objects.size() + " objects";
        set.problems().add(Problem.Kind.NO_MASK, image.file(), "", what);
      } else {
        kept.add(image.with(new Annotation(a.size(), objects, List.of())));
      }
    }
    if (kept.isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s: no image is left to learn to segment from. Expected masks, polygons or areas of all"
                  + " objects of an image. %s.",
              path, String.join(". ", set.problems().summary())));
    }
    AnnotatedSet usable = new AnnotatedSet(kept, set.classes(), set.keypoints(), set.problems());
    return new MaskFiles(
        usable.samples(files.reader(), image -> paint(image, types, classes)),
        Stream.concat(said.stream(), set.problems().summary().stream()).toList(),
        set.unreadable(),
        counts);
  }

  /**
   * Numbers of classes of pixels; of objects if there are none of these.
   *
   * @param types of objects
   */
  private static LabelMap paint(AnnotatedImage image, List<String> types, List<String> classes) {
    ImageSize size = image.annotation().size();
    List<LocalizedObject> objects = image.annotation().objects();
    int max = image.unknown().isEmpty() ? objects.size() : LabelMap.UNLABELLED;
    LabelMap map = LabelMap.sized(size.width(), size.height(), max);
    image.unknown().forEach(mask -> mask.paint(map, LabelMap.UNLABELLED));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) order.add(i);
    order.sort(Comparator.comparingInt((Integer i) -> -objects.get(i).mask().orElseThrow().area()));
    Map<Integer, Integer> numbers = new HashMap<>();
    for (int i : order) {
      LocalizedObject o = objects.get(i);
      int label = classes.isEmpty() ? i + 1 : classes.indexOf(o.type());
      o.mask().orElseThrow().paint(map, label);
      if (types.size() > 1) numbers.put(label, types.indexOf(o.type()));
    }
    return map.withClasses(new ObjectClasses(numbers));
  }
}
