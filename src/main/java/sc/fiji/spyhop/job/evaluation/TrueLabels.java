package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.LabelRules;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.UnknownLabels;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.LabelImageFormat;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.RoiFormat;
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
   * Label images by the name of the image.
   *
   * @param classes names of labels 0, 1, ...; empty if labels number objects
   * @param notes takes sentences about what was left out
   */
  Map<String, Supplier<LabelMap>> read(List<String> classes, Consumer<String> notes) {
    AnnotationFiles files = new AnnotationFiles(reader, new RoiFormat());
    Path truth = source.truth();
    Map<String, Supplier<LabelMap>> truths = new TreeMap<>();
    if (MaskFiles.isPainted(files, truth)) {
      MaskFiles read = painted(files, classes);
      read.problems().forEach(notes);
      List<String> names = read.samples().names();
      for (int i = 0; i < names.size(); i++) {
        int sample = i;
        truths.put(
            LabelFiles.withoutExtension(names.get(i)), () -> read.samples().get(sample).truth());
      }
      return truths;
    }
    Folders.require(truth, "a folder of true label images");
    Path folder = Files.isDirectory(truth.resolve("labels")) ? truth.resolve("labels") : truth;
    LabelFiles found = LabelFiles.in(folder);
    Collection<String> names = source.index().isPresent() ? only(found) : found.names();
    if (names.isEmpty()) {
      throw new SpyhopException(folder + ": no label images here. Expected TIFF or PNG files.");
    }
    UnknownLabels unknown = UnknownLabels.of(folder, source.index(), ignore);
    for (String name : names) {
      truths.put(
          name,
          () -> {
            Path file = found.of(name);
            LabelMap labels = reader.readLabels(file, unknown.of(name));
            return classes.isEmpty() ? objects(file, labels) : labels;
          });
    }
    return truths;
  }

  private MaskFiles painted(AnnotationFiles files, List<String> classes) {
    return classes.isEmpty()
        ? MaskFiles.objects(
            files, source.truth(), source.index(), source.subset(), Optional.empty(), ignore)
        : MaskFiles.classes(
            files, source.truth(), source.index(), source.subset(), classes, ignore);
  }

  private LabelMap objects(Path file, LabelMap labels) {
    LabelRules.requireObjects(labels);
    LabelImageFormat.look(labels, FileNames.last(file), problems);
    return LabelRules.objects(labels);
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
  static List<String> withUnnamed(List<String> classes, Collection<Supplier<LabelMap>> truths) {
    List<String> all = new ArrayList<>(classes);
    for (Supplier<LabelMap> truth : truths) {
      try {
        LabelMap labels = truth.get();
        for (int i = 0; i < labels.size(); i++) {
          int label = labels.get(i);
          while (label != LabelMap.UNLABELLED && label >= all.size() && label < MAX_CLASSES) {
            all.add("class " + all.size());
          }
        }
      } catch (SpyhopException e) {
        continue; // told when it is compared
      }
    }
    return all;
  }
}
