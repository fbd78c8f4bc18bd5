package sc.fiji.spyhop.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sc.fiji.spyhop.image.MappedAnnotation;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;

/**
 * Localizes things in images; outputs that are maps have cells that are {@link #stride} pixels of
 * the input apart. Truth and predictions are in the coordinates of what the network is shown.
 */
public sealed interface AnnotationTask extends Task<Annotation, Annotation>
    permits Localization, KeypointDetection {

  /** Pixels of the input per cell of the outputs; 1 if these are no maps. */
  int stride();

  /** Confidence from which something is reported, in [0, 1]. */
  double threshold();

  @Override
  AnnotationTask withThreshold(double value);

  /**
   * What is reported of things that were found with a threshold of 0: those that would have been
   * found with that of this task.
   */
  Annotation reported(Annotation found);

  /** Whether what is found in a part of an image depends on what is around it alone. */
  default boolean tellsParts() {
    return false;
  }

  /** Points that it finds, with the skeleton that their model declares; if it finds none, none. */
  default KeypointLayout layout() {
    return KeypointLayout.NONE;
  }

  /**
   * The same with the threshold, and scores if it has such, that are best for some predictions; if
   * there are none, as it is.
   *
   * @param predicted by the {@link #uncalibrated} task, with a threshold of about 0
   */
  AnnotationTask calibrate(List<Annotation> predicted, List<Annotation> truth);

  /** The same with what a network is sure of as scores, which can be calibrated. */
  default AnnotationTask uncalibrated() {
    return this;
  }

  /** The part of a truth that it is about. */
  Annotation relevant(Annotation truth);

  /** Names of what a truth shows, each as often as it does. */
  Stream<String> shown(Annotation truth);

  @Override
  default Grid grid() {
    return Grid.CELLS;
  }

  /** Of a peak, the cells around it have to be right as well. */
  @Override
  default int overlap() {
    return stride();
  }

  @Override
  default Annotation shifted(Annotation found, int dx, int dy) {
    return found.shifted(dx, dy);
  }

  /** Boxes are cut off at the edges of the image. */
  @Override
  default Annotation toImage(Annotation found, Resize.View view, ImageSize image) {
    Annotation there = MappedAnnotation.of(found, view.toImage(), image);
    List<LocalizedObject> objects = new ArrayList<>();
    for (LocalizedObject o : there.objects()) {
      Optional<Box> box = o.box().intersection(image.box());
      box.ifPresent(b -> objects.add(o.withBox(b)));
    }
    return new Annotation(image, objects, there.poses());
  }
}
