package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ClassMasks;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Overlaps;
import sc.fiji.spyhop.util.Strings;

/**
 * What a network learns from whose classes of pixels may lie over each other: masks of classes, or
 * the masks, polygons and areas of annotation files, each of the class of its name. Pixels where
 * several lie over each other are of all of them. Immutable.
 *
 * @param classes names, in the order of the bits of labels
 * @param samples sets of classes, see {@link Overlaps}, made when asked for
 * @param problems what was left out, for the user
 * @param unreadable annotated images whose file cannot be opened
 */
public record OverlapFiles(
    List<String> classes,
    Dataset<LabelMap> samples,
    List<String> problems,
    Set<String> unreadable) {

  /**
   * Finds images with their masks or outlines.
   *
   * @param path a folder, or an annotation file
   * @param index absent: all, or {@code index.csv} of the folder if only a subset is asked for
   * @param subset absent: everything that is in the index
   * @param known names of the classes, those of others are left out; empty: all there are
   * @throws SpyhopException if there is nothing of the kind, or more classes than a label has bits
   */
  public static OverlapFiles read(
      AnnotationFiles files,
      Path path,
      Optional<Path> index,
      Optional<String> subset,
      List<String> known) {
    Optional<ClassMasks> masks = ClassMasks.find(path, index, subset, known, files.reader());
    if (masks.isPresent()) {
      ClassMasks m = masks.get();
      requireBits(path, m.classes());
      return new OverlapFiles(m.classes(), m.samples(), m.notes(), Set.of());
    }
    if (MaskFiles.areLabelImages(path)) {
      throw new SpyhopException(
          path
              + ": expected masks of classes that may lie over each other, masks/NAME_CLASS.png or"
              + " masks/CLASS/NAME.png for each image, or outlines that have classes, received"
              + " label images, in which a pixel has one number.");
    }
    AnnotatedSet set = files.open(path, index, subset, List.of());
    List<String> classes = known.isEmpty() ? set.classes() : known;
    requireBits(path, classes);
    List<AnnotatedImage> kept = new ArrayList<>();
    for (AnnotatedImage image : set.images()) {
      Annotation a = image.annotation();
      List<LocalizedObject> objects =
          a.objects().stream().filter(o -> classes.contains(o.type())).toList();
      long boxes = objects.stream().filter(o -> o.mask().isEmpty()).count();
      if (boxes > 0) {
        String what = boxes + " of " + objects.size() + " objects";
        set.problems().add(Problem.Kind.NO_MASK, image.file(), "", what);
      } else {
        kept.add(image.with(new Annotation(a.size(), objects, List.of())));
      }
    }
    boolean none = kept.stream().allMatch(i -> i.annotation().objects().isEmpty());
    if (none) {
      throw new SpyhopException(
          Strings.format(
              "%s: no image is left to learn from. Expected masks, polygons or areas of the classes"
                  + " %s. %s.",
              path, String.join(", ", classes), String.join(". ", set.problems().summary())));
    }
    AnnotatedSet usable = new AnnotatedSet(kept, set.classes(), set.keypoints(), set.problems());
    return new OverlapFiles(
        classes,
        usable.samples(files.reader(), image -> paint(image, classes)),
        set.problems().summary(),
        set.unreadable());
  }

  private static void requireBits(Path path, List<String> classes) {
    if (classes.size() <= Overlaps.MAX_CLASSES) return;
    throw new SpyhopException(
        Strings.format(
            "%s: expected at most %d classes that may lie over each other, found %d: %s. Name those"
                + " that matter.",
            path, Overlaps.MAX_CLASSES, classes.size(), String.join(", ", classes)));
  }

  private static LabelMap paint(AnnotatedImage image, List<String> classes) {
    ImageSize size = image.annotation().size();
    int max = image.unknown().isEmpty() ? Overlaps.bit(classes.size()) - 1 : LabelMap.UNLABELLED;
    LabelMap sets = LabelMap.sized(size.width(), size.height(), max);
    for (int c = 0; c < classes.size(); c++) {
      LabelMap layer = new LabelMap(size.width(), size.height());
      boolean any = false;
      for (LocalizedObject o : image.annotation().objects()) {
        if (!o.type().equals(classes.get(c))) continue;
        o.mask().orElseThrow().paint(layer, 1);
        any = true;
      }
      if (any) Overlaps.add(sets, layer, c);
    }
    LabelMap unknown = new LabelMap(size.width(), size.height());
    image.unknown().forEach(mask -> mask.paint(unknown, 1));
    if (!image.unknown().isEmpty()) {
      for (int i = 0; i < sets.size(); i++) {
        // what is outlined is known all the same
        if (unknown.get(i) != 0 && sets.get(i) == 0) sets.set(i, LabelMap.UNLABELLED);
      }
    }
    return sets;
  }
}
