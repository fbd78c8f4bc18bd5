package sc.fiji.spyhop.job.batch;

import ij.gui.Roi;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.BoxCsv;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.dataset.format.KeypointCsv;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.GeoJson;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.ij.measure.MeasuredAnnotations;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.util.Digits;

/**
 * The boxes or the keypoints in an image: a row for each, regions and a picture.
 *
 * @param name of the image in the table
 * @param file of the image
 * @param shown how they are drawn
 * @param toRows what is said of a plane
 * @param measured of each row
 * @param counts how many of each class, where there are several
 * @param scale in which the image was shown to the model
 */
public record FoundAnnotations(
    String name,
    Path file,
    HyperstackAnnotations found,
    Shown shown,
    Function<AnnotatedImage, List<List<String>>> toRows,
    MeasuredAnnotations measured,
    long count,
    Map<String, Long> counts,
    ShownScale scale)
    implements BatchJob.Found {

  /**
   * What models know.
   *
   * @param classes all there are, so that each keeps its colour
   */
  public record Shown(List<String> classes, KeypointLayout layout) {}

  /** Columns that all images with boxes have. */
  public static final List<Column> BOXES = ScaleColumn.after(BoxCsv.columns());

  /** Columns that all images with keypoints have. */
  public static final List<Column> POINTS = ScaleColumn.after(KeypointCsv.columns());

  /**
   * Measures boxes.
   *
   * @param all that were found
   * @param kept classes of those that are told; the others are no background
   */
  public static FoundAnnotations boxes(
      String name,
      Path file,
      HyperstackAnnotations all,
      KeptClasses kept,
      Shown shown,
      Measures measures,
      ShownScale scale) {
    HyperstackAnnotations found = all.only(kept);
    Map<String, Long> counts = new LinkedHashMap<>();
    if (shown.classes().size() > 1) {
      shown.classes().stream().filter(kept::contain).forEach(type -> counts.put(type, 0L));
    }
    for (AnnotatedImage plane : found.rows(name, file)) {
      for (LocalizedObject box : plane.annotation().objects()) {
        counts.computeIfPresent(box.type(), (type, n) -> n + 1);
      }
    }
    return new FoundAnnotations(
        name,
        file,
        found,
        shown,
        BoxCsv::rows,
        MeasuredAnnotations.ofBoxes(found, all, measures),
        found.boxes(),
        counts,
        scale);
  }

  /** Measures at keypoints. */
  public static FoundAnnotations points(
      String name,
      Path file,
      HyperstackAnnotations found,
      Shown shown,
      Measures measures,
      ShownScale scale) {
    return new FoundAnnotations(
        name,
        file,
        found,
        shown,
        KeypointCsv::rows,
        MeasuredAnnotations.ofPoints(found, measures),
        found.points(),
        Map.of(),
        scale);
  }

  static final List<String> ENDINGS = List.of(Endings.ROIS, Endings.GEOJSON, Endings.OVERLAY);

  @Override
  public List<String> columns() {
    return measured.columns();
  }

  @Override
  public Stream<List<String>> rows() {
    List<AnnotatedImage> planes = found.rows(name, file);
    return IntStream.range(0, planes.size()).boxed().flatMap(p -> rows(planes.get(p), p));
  }

  private Stream<List<String>> rows(AnnotatedImage plane, int p) {
    Iterator<Map<String, Object>> lines = measured.rows(p).iterator();
    return toRows.apply(plane).stream()
        .map(
            row -> {
              Map<String, Object> line = lines.next();
              return Stream.concat(
                      ScaleColumn.after(row, scale).stream(),
                      columns().stream().map(column -> Digits.cell(line.get(column))))
                  .toList();
            });
  }

  /** What lengths and areas are in. */
  @Override
  public Map<String, String> about() {
    return Map.of("unit", Frames.unit(found.image()));
  }

  @Override
  public List<String> unlike() {
    return scale.unlike();
  }

  @Override
  public String summary() {
    return count + " found" + scale.inScale();
  }

  /** See {@link HyperstackAnnotations#rois}. */
  public List<Roi> rois() {
    return found.rois(shown.classes(), shown.layout());
  }

  @Override
  public void write(Function<String, Path> place) {
    List<Roi> rois = rois();
    Rois.writeZip(place.apply(Endings.ROIS), rois);
    GeoJson.writeRois(place.apply(Endings.GEOJSON), found.image(), rois);
    Overlays.writePng(place.apply(Endings.OVERLAY), found.image(), HyperstackResults.overlay(rois));
  }
}
