package sc.fiji.spyhop.job.batch;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.KeypointLayout;

/**
 * Boxes or points: regions and a picture.
 *
 * @param image that was looked at
 * @param classes all there are, so that each keeps its colour
 * @param toRows what is said of a plane
 * @param scale in which the image was shown to the model
 */
record FoundAnnotations(
    BatchJob.Image image,
    HyperstackAnnotations found,
    List<String> classes,
    KeypointLayout layout,
    Function<AnnotatedImage, List<List<String>>> toRows,
    long count,
    ShownScale scale)
    implements BatchJob.Found {

  static final List<String> ENDINGS = List.of(Endings.ROIS, Endings.OVERLAY);

  /** A threshold and a scale, if they are given. */
  static Map<String, String> settings(OptionalDouble score, Scaling scaling) {
    Map<String, String> settings = new HashMap<>(scaling.settings());
    if (score.isPresent()) settings.put("score", String.valueOf(score.getAsDouble()));
    return settings;
  }

  @Override
  public Stream<List<String>> rows() {
    return found.rows(image.title(), image.file()).stream()
        .flatMap(plane -> toRows.apply(plane).stream())
        .map(row -> ScaleColumn.after(row, scale));
  }

  @Override
  public String summary() {
    return count + " found" + scale.inScale();
  }

  @Override
  public void write(Function<String, Path> place) {
    Rois.writeZip(place.apply(Endings.ROIS), found.rois(classes, layout));
    Overlays.writePng(place.apply(Endings.OVERLAY), found.image(), found.overlay(classes, layout));
  }
}
