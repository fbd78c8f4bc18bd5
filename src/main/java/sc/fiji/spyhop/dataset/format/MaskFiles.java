package sc.fiji.spyhop.dataset.format;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.LabelRules;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.util.Strings;

/**
 * What a network that segments learns from: label images, or the masks, polygons and areas of
 * annotation files. Where objects cover each other, the smaller one is above. Immutable.
 *
 * @param samples label maps are painted when asked for
 * @param problems what was left out, for the user
 * @param unreadable annotated images among that whose file cannot be opened, as {@link
 *     EvaluationTables#key} calls them
 */
public record MaskFiles(Dataset<LabelMap> samples, List<String> problems, Set<String> unreadable) {

  /** Label images that are looked at before a training, to say how they are taken. */
  private static final int LOOKED_AT = 20;

  /**
   * Objects, numbered from 1 in the order of the file; label images as they are.
   *
   * @param path a folder, or an annotation file
   * @param index absent: all, or {@code index.csv} of the folder if only a subset is asked for
   * @param subset absent: everything that is in the index
   * @param type if annotations have this class among others, its objects only
   * @param ignored label of pixels that are not annotated, besides what the data set says;
   *     negative: none
   * @throws SpyhopException as {@link SegmentationFolder} and {@link AnnotationFiles} do, or if no
   *     image is left whose objects all have an outline
   */
  public static MaskFiles objects(
      AnnotationFiles files,
      Path path,
      Optional<Path> index,
      Optional<String> subset,
      Optional<String> type,
      int ignored) {
    if (hasLabelImages(files, path)) {
      return labelImages(files, path, index, subset, new Taken(0), ignored);
    }
    AnnotatedSet set = files.open(path, index, subset, List.of());
    boolean only = type.isPresent() && set.classes().contains(type.get());
    return painted(files, path, set, t -> !only || t.equals(type.get()), List.of());
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
      return labelImages(files, path, index, subset, new Taken(classes.size()), ignored);
    }
    AnnotatedSet set = files.open(path, index, subset, classes);
    return painted(files, path, set, t -> classes.indexOf(t) > 0, classes);
  }

  /** Whether a folder holds label images. */
  public static boolean areLabelImages(Path folder) {
    return !new LabelImageFormat().find(folder).isEmpty();
  }

  /** Whether a place holds annotations to paint, not label images. */
  public static boolean isPainted(AnnotationFiles files, Path path) {
    return !hasLabelImages(files, path);
  }

  /** Whether a place holds label images, or nothing that could be taken instead of them. */
  private static boolean hasLabelImages(AnnotationFiles files, Path path) {
    if (!Files.isDirectory(path)) return !Files.exists(path);
    return areLabelImages(path) || files.formats().stream().allMatch(f -> f.find(path).isEmpty());
  }

  private static MaskFiles labelImages(
      AnnotationFiles files,
      Path path,
      Optional<Path> index,
      Optional<String> subset,
      Taken taken,
      int ignored) {
    List<String> said = new ArrayList<>();
    Dataset<LabelMap> all =
        SegmentationFolder.read(path, index, subset, files.reader(), ignored, said::add);
    Problems problems = new Problems();
    for (int i = 0; i < Math.min(LOOKED_AT, all.size()); i++) {
      try {
        taken.look(all.get(i).truth(), all.names().get(i), problems);
      } catch (SpyhopException e) {
        // told, with all others that cannot be used, when all are read
      }
    }
    said.addAll(problems.summary());
    return new MaskFiles(
        all.map(s -> new Sample<>(s.frame(), taken.of(s.truth(), s.name()))), said, Set.of());
  }

  /**
   * What the numbers in label images are.
   *
   * @param classes how many there are; 0 if they number objects
   */
  private record Taken(int classes) {

    LabelMap of(LabelMap labels, String name) {
      if (classes > 0) {
        LabelMap numbered = LabelRules.classes(labels, classes);
        LabelRules.requireClasses(name, numbered, classes, l -> l == LabelMap.UNLABELLED);
        return numbered;
      }
      LabelRules.requireObjects(labels);
      return LabelRules.objects(labels);
    }

    void look(LabelMap labels, String name, Problems problems) {
      if (classes == 0) {
        LabelImageFormat.look(labels, name, problems);
      } else if (of(labels, name) != labels) {
        problems.add(Problem.Kind.CLASS_255, name);
      }
    }
  }

  private static MaskFiles painted(
      AnnotationFiles files,
      Path path,
      AnnotatedSet set,
      Predicate<String> wanted,
      List<String> classes) {
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
        usable.samples(files.reader(), image -> paint(image, classes)),
        set.problems().summary(),
        set.unreadable());
  }

  /** Numbers of classes; of objects if there are no classes. */
  private static LabelMap paint(AnnotatedImage image, List<String> classes) {
    ImageSize size = image.annotation().size();
    List<LocalizedObject> objects = image.annotation().objects();
    int max = image.unknown().isEmpty() ? objects.size() : LabelMap.UNLABELLED;
    LabelMap map = LabelMap.sized(size.width(), size.height(), max);
    image.unknown().forEach(mask -> mask.paint(map, LabelMap.UNLABELLED));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) order.add(i);
    order.sort(Comparator.comparingInt((Integer i) -> -objects.get(i).mask().orElseThrow().area()));
    for (int i : order) {
      LocalizedObject o = objects.get(i);
      int label = classes.isEmpty() ? i + 1 : classes.indexOf(o.type());
      o.mask().orElseThrow().paint(map, label);
    }
    return map;
  }
}
