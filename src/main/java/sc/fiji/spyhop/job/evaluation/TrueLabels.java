package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.LabelRules;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.UnknownLabels;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.LabelImageFormat;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.dataset.format.PlaneName;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelStack;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;

/** Label images that are true, read when asked for, as trainings take them. */
final class TrueLabels {

  private static final int MAX_CLASSES = 256;

  private final Source source;
  private final int ignore;
  private final ImageReader reader = new ImageFiles();
  private final AnnotationFiles files = new AnnotationFiles(reader);
  private final Problems problems = new Problems();

  /**
   * @param ignore label of pixels that are not annotated; negative: none
   */
  TrueLabels(Source source, int ignore) {
    this.source = source;
    this.ignore = ignore;
  }

  /** What is wrong with label images that were read. */
  Problems problems() {
    return problems;
  }

  /**
   * What is true of images.
   *
   * @param images labels, read when asked for, by the path of the image without its ending
   * @param paths of the images, with their ending where it is known, by the same
   * @param unreadable images, by the same, that cannot be opened
   */
  record Images(
      Map<String, Supplier<LabelPlanes>> images,
      Map<String, String> paths,
      Set<String> unreadable) {}

  /**
   * Finds the label images.
   *
   * @param classes names of labels 0, 1, ...; empty if labels number objects
   * @param types names of the classes 0, 1, ... of objects; empty if they do not matter
   * @param notes takes sentences about what was left out
   */
  Images read(List<String> classes, List<String> types, Consumer<String> notes) {
    Path truth = source.truth();
    if (MaskFiles.isPainted(files, truth)) return painted(classes, types, notes);
    LabelFiles found = labelFiles();
    Collection<String> names = source.index().isPresent() ? only(found) : found.names();
    if (names.isEmpty()) {
      throw new SpyhopException(
          truth + ": no label images here or in a folder below. Expected TIFF or PNG files.");
    }
    Map<String, Supplier<LabelPlanes>> truths = new TreeMap<>();
    Map<Path, UnknownLabels> unknown = new HashMap<>();
    for (String name : names) {
      truths.put(
          name,
          () -> {
            Path file = found.of(name);
            LabelStack stack = LabelStack.open(file);
            List<ImageReader.Plane> planes = stack.planes();
            IntPredicate unlabelled =
                unknown
                    .computeIfAbsent(
                        FileNames.folder(file), f -> UnknownLabels.of(f, source.index(), ignore))
                    .of(name.substring(name.lastIndexOf('/') + 1));
            return new LabelPlanes(
                true,
                planes,
                i -> {
                  ImageReader.Plane plane = planes.get(i);
                  LabelMap labels = stack.labels(plane.z(), plane.t(), unlabelled);
                  return classes.isEmpty()
                      ? objects(file, labels, l -> found.classed(l, name, plane, types))
                      : labels;
                });
          });
    }
    Map<String, String> paths = new TreeMap<>();
    names.forEach(name -> paths.put(name, name));
    return new Images(truths, paths, Set.of());
  }

  private Images painted(List<String> classes, List<String> types, Consumer<String> notes) {
    MaskFiles read = painted(classes, types);
    read.problems().forEach(notes);
    Map<String, List<Integer>> samples = new TreeMap<>();
    Map<String, String> paths = new TreeMap<>();
    List<PlaneName> names = read.samples().names().stream().map(PlaneName::ofSample).toList();
    for (int i = 0; i < names.size(); i++) {
      String image = names.get(i).image();
      String key = LabelFiles.withoutExtension(image);
      paths.put(key, image);
      samples.computeIfAbsent(key, k -> new ArrayList<>(1)).add(i);
    }
    Map<String, Supplier<LabelPlanes>> truths = new TreeMap<>();
    samples.forEach(
        (image, own) -> {
          List<ImageReader.Plane> planes =
              own.stream()
                  .map(i -> new ImageReader.Plane(names.get(i).slice(), names.get(i).frame(), ""))
                  .toList();
          LabelPlanes labels =
              new LabelPlanes(false, planes, i -> read.samples().get(own.get(i)).truth());
          truths.put(image, () -> labels);
        });
    return new Images(truths, paths, read.unreadable());
  }

  private MaskFiles painted(List<String> classes, List<String> types) {
    return classes.isEmpty()
        ? MaskFiles.objects(files, source.truth(), source.index(), source.subset(), types, ignore)
        : MaskFiles.classes(
            files, source.truth(), source.index(), source.subset(), classes, ignore);
  }

  private LabelFiles labelFiles() {
    Folders.require(source.truth(), "a folder of true label images");
    return LabelFiles.in(source.truth(), false);
  }

  /** Classes that objects are said to be of; none if nobody has said any. */
  Set<String> types() {
    if (!MaskFiles.isPainted(files, source.truth())) return labelFiles().types();
    Map<String, Integer> counts = painted(List.of(), List.of()).objects();
    return counts.keySet().stream()
        .filter(type -> counts.get(type) > 0)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private LabelMap objects(Path file, LabelMap labels, UnaryOperator<LabelMap> classed) {
    LabelRules.requireObjects(labels);
    LabelImageFormat.look(labels, FileNames.last(file), problems);
    return LabelRules.objects(classed.apply(labels));
  }

  private Collection<String> only(LabelFiles truths) {
    List<String> kept = new ArrayList<>();
    FileNames.Index known = new FileNames.Index(truths.names());
    Path index = source.index().orElseThrow();
    Set<String> wanted = SegmentationFolder.names(index, source.subset());
    for (String name : wanted) {
      kept.add(
          known
              .find(name)
              .or(() -> known.find(LabelFiles.withoutExtension(name)))
              .orElseThrow(
                  () ->
                      new SpyhopException(
                          source.truth()
                              + ": no true label image for "
                              + name
                              + ", which "
                              + index
                              + " names.")));
    }
    return kept;
  }

  /** Classes, and those that are in the truth and have no name. */
  static List<String> withUnnamed(List<String> classes, Collection<Supplier<LabelPlanes>> truths) {
    List<String> all = new ArrayList<>(classes);
    for (Supplier<LabelPlanes> truth : truths) {
      try {
        LabelPlanes planes = truth.get();
        for (int p = 0; p < planes.planes().size(); p++) {
          LabelMap labels = planes.labels().apply(p);
          for (int i = 0; i < labels.size(); i++) {
            int label = labels.get(i);
            while (label != LabelMap.UNLABELLED && label >= all.size() && label < MAX_CLASSES) {
              all.add("class " + all.size());
            }
          }
        }
      } catch (SpyhopException e) {
        continue; // told when it is compared
      }
    }
    return all;
  }
}
