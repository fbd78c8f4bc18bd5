package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Roi;
import java.nio.file.Path;
import java.util.List;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.prediction.KeypointLayout;

/**
 * What is in each slice and time point of an image.
 *
 * @param planes by time point, then slice
 */
public record HyperstackAnnotations(
    ImagePlus image, List<HyperstackResults.Plane<Annotation>> planes) {

  /** Looks plane by plane; see {@link HyperstackResults#run}. */
  public static HyperstackAnnotations run(
      Frames frames, HyperstackResults.Look<Annotation> look, Progress progress) {
    HyperstackResults<Annotation> found = HyperstackResults.run(frames, look, progress);
    return new HyperstackAnnotations(found.image(), found.planes());
  }

  /** The same of objects of some classes, see {@link Annotation#only}. */
  public HyperstackAnnotations only(KeptClasses classes) {
    return new HyperstackAnnotations(
        image,
        planes.stream()
            .map(p -> new HyperstackResults.Plane<>(p.z(), p.t(), p.result().only(classes)))
            .toList());
  }

  /** Number of boxes in all planes. */
  public int boxes() {
    return planes.stream().mapToInt(p -> p.result().objects().size()).sum();
  }

  /** Number of points that have a place. */
  public int points() {
    return planes.stream()
        .flatMap(p -> p.result().poses().stream())
        .mapToInt(p -> p.located().size())
        .sum();
  }

  /** See {@link AnnotationRois#of}. */
  public List<Roi> rois(List<String> classes, KeypointLayout layout) {
    return planes.stream()
        .flatMap(p -> AnnotationRois.of(p.result(), classes, layout, image, p.z(), p.t()).stream())
        .toList();
  }

  /** For tables of many images. */
  public List<AnnotatedImage> rows(String name, Path file) {
    return planes.stream()
        .map(p -> new AnnotatedImage(name, file, p.z(), p.t(), p.result()))
        .toList();
  }
}
