package sc.fiji.spyhop.training;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.ObjectPictures;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.image.BoxPicture;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.BoxRegression;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.util.Strings;

/**
 * What is to be learnt of annotated images, and how the network is shown them.
 *
 * @param set the images that can be used; its problems tell of the others
 * @param view of the images
 */
public record DetectionLesson(AnnotatedSet set, AnnotationTask task, View view) {

  /** Default pixels per cell of maps of boxes, and of keypoints. */
  private static final int BOX_STRIDE = 4;

  private static final int POINT_STRIDE = 2;

  /** How the network is shown an image. */
  public sealed interface View {

    /** Images whole, or parts of them, in this scale; see {@link DetectionTraining#scaled}. */
    record InScale(Optional<Double> scale) implements View {}

    /** The whole image stretched to a square. */
    record Square(int side) implements View {}

    /** Object by object. */
    record InBoxes(BoxPicture picture) implements View {}
  }

  /**
   * Any number of objects.
   *
   * @param classes to learn; empty: all that are annotated
   * @param stride pixels per cell; absent: the default
   */
  public static DetectionLesson boxes(
      AnnotatedSet set, List<String> classes, Optional<Integer> stride, Optional<Double> scale) {
    List<String> names = classes(set, classes);
    Localization task =
        Localization.of(names, stride.orElse(BOX_STRIDE)).withSizes(sizes(set, names));
    return new DetectionLesson(set, task, new View.InScale(scale));
  }

  /** Median size of boxes of each class, as a factor of that of all. */
  private static List<Double> sizes(AnnotatedSet set, List<String> classes) {
    List<LocalizedObject> all =
        set.images().stream()
            .flatMap(i -> i.annotation().objects().stream())
            .filter(o -> classes.contains(o.type()))
            .toList();
    OptionalDouble median = Diameters.ofBoxes(all.stream().map(LocalizedObject::box)).median();
    if (median.isEmpty()) return List.of();
    return classes.stream()
        .map(c -> all.stream().filter(o -> o.type().equals(c)).map(LocalizedObject::box))
        .map(boxes -> Diameters.ofBoxes(boxes).median())
        .map(own -> own.isPresent() ? own.getAsDouble() / median.getAsDouble() : 1)
        .toList();
  }

  /**
   * The one object that each image shows. Images with none or several are left out.
   *
   * @param classes one, unless all that are annotated are of one class
   * @param side of the square that images are brought to, pixels
   */
  public static DetectionLesson singleBox(AnnotatedSet set, List<String> classes, int side) {
    List<String> names = classes(set, classes);
    if (names.size() != 1) {
      throw new SpyhopException(
          "One object an image is of one class: expected the name of one, received "
              + String.join(", ", names)
              + ".");
    }
    AnnotatedSet single = set.single(names.get(0));
    if (single.images().isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "Nothing to learn: no image shows one %s. %s",
              names.get(0), String.join(" ", single.problems().summary())));
    }
    List<Annotation> truth = single.images().stream().map(i -> i.annotation()).toList();
    return new DetectionLesson(
        single, BoxRegression.of(names.get(0), truth), new View.Square(side));
  }

  private static List<String> classes(AnnotatedSet set, List<String> asked) {
    if (set.boxes() == 0) {
      throw new SpyhopException(
          "Nothing to learn: the annotations hold no boxes. Expected at least one; for points,"
              + " train keypoints.");
    }
    for (String name : asked) {
      if (set.classes().contains(name)) continue;
      throw new SpyhopException(
          Strings.format(
              "Classes: no box is of class %s; expected some of %s.",
              name, String.join(", ", set.classes())));
    }
    return asked.isEmpty()
        ? set.classes().stream().filter(c -> set.boxesByClass().get(c) > 0).toList()
        : asked;
  }

  /**
   * Keypoints of whole images.
   *
   * @param spread see {@link KeypointDetection}; absent: the default
   */
  public static DetectionLesson keypoints(
      AnnotatedSet set,
      KeypointLayout layout,
      Optional<Integer> stride,
      Optional<Double> spread,
      Optional<Double> scale) {
    requirePoints(set);
    return new DetectionLesson(set, task(layout, stride, spread), new View.InScale(scale));
  }

  /** Keypoints of objects in boxes; keypoints in no box are left out. */
  public static DetectionLesson keypointsInBoxes(
      AnnotatedSet set,
      KeypointLayout layout,
      Optional<Integer> stride,
      Optional<Double> spread,
      BoxPicture picture) {
    requirePoints(set);
    AnnotatedSet boxed = set.posesInBoxes();
    if (boxed.images().isEmpty()) {
      throw new SpyhopException(
          "Nothing to learn: no keypoints lie in boxes. Expected both of each object. "
              + String.join(" ", boxed.problems().summary()));
    }
    return new DetectionLesson(boxed, task(layout, stride, spread), new View.InBoxes(picture));
  }

  private static KeypointDetection task(
      KeypointLayout layout, Optional<Integer> stride, Optional<Double> spread) {
    KeypointDetection defaults = KeypointDetection.of(layout, stride.orElse(POINT_STRIDE));
    return spread
        .map(s -> new KeypointDetection(layout, defaults.stride(), s, defaults.threshold()))
        .orElse(defaults);
  }

  private static void requirePoints(AnnotatedSet set) {
    if (set.points() > 0) return;
    throw new SpyhopException(
        "Nothing to learn: the annotations hold no keypoints. Expected at least one; for boxes,"
            + " train a localizer.");
  }

  /** The samples to train on, of the images. */
  public Split<Annotation> samples(Split<Annotation> images, Progress progress) {
    return view instanceof View.InBoxes b
        ? new Split<>(
            ObjectPictures.of(images.train(), b.picture(), progress),
            ObjectPictures.of(images.validation(), b.picture(), progress))
        : images;
  }

  /** How images are brought to the network, given what sizes have to be multiples of. */
  public IntFunction<Resize> fit(Dataset<Annotation> samples) {
    if (view instanceof View.Square s) {
      return any -> new Resize.Stretch(s.side(), s.side(), Interpolation.ANTIALIASED);
    }
    if (view instanceof View.InBoxes b) {
      BoxPicture p = b.picture();
      return multiple -> new Resize.OfBox(p.margin(), p.width(), p.height(), multiple);
    }
    return DetectionTraining.scaled(samples, ((View.InScale) view).scale());
  }
}
