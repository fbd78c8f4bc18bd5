package sc.fiji.spyhop.ij.measure;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.measure.Calibration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;

/**
 * What is measured of the boxes or of the keypoints in an image, besides their places in pixels.
 *
 * @param columns in a calibrated image the unit and places and sizes in it, whose names end in
 *     {@code _calibrated}; then what was asked for
 * @param lines by plane, then box or keypoint: numbers and texts by column; columns without a
 *     number are left out
 */
public record MeasuredAnnotations(List<String> columns, List<List<Map<String, Object>>> lines) {

  /** End of the names of columns in the unit of the image that others have in pixels. */
  public static final String CALIBRATED = "_calibrated";

  /** As the longer form, where nothing else was found. */
  public static MeasuredAnnotations ofBoxes(HyperstackAnnotations found, Measures measures) {
    return ofBoxes(found, found, measures);
  }

  /**
   * Of the boxes, in their order.
   *
   * @param all boxes of the same planes, also of such as are not measured, which are no background
   */
  public static MeasuredAnnotations ofBoxes(
      HyperstackAnnotations found, HyperstackAnnotations all, Measures measures) {
    return of(
        found,
        all,
        Measurer.of(found.image(), measures.of(Measures.Of.BOXES)),
        List.of("x", "y", "width", "height"),
        a -> a.objects().stream().map(LocalizedObject::box).map(Place::of).toList());
  }

  /** Of the keypoints of all poses in their order, those without a place among them. */
  public static MeasuredAnnotations ofPoints(HyperstackAnnotations found, Measures measures) {
    return of(
        found,
        found,
        Measurer.of(found.image(), measures.of(Measures.Of.POINTS)),
        List.of("x", "y"),
        a -> a.poses().stream().flatMap(p -> p.keypoints().stream()).map(Place::of).toList());
  }

  /**
   * Where something is.
   *
   * @param pixels its columns in pixels: left and top, then width and height if it has some; empty
   *     if it has no place
   */
  private record Place(List<Double> pixels, Optional<Roi> roi) {
    static Place of(Box b) {
      return new Place(
          List.of(b.x(), b.y(), b.width(), b.height()),
          Optional.of(new Roi(b.x(), b.y(), b.width(), b.height())));
    }

    static Place of(Keypoint k) {
      if (!k.isLocated()) return new Place(List.of(), Optional.empty());
      Roi pixel = new Roi((int) Math.floor(k.x()), (int) Math.floor(k.y()), 1, 1);
      return new Place(List.of(k.x(), k.y()), Optional.of(pixel));
    }
  }

  private interface Places {
    List<Place> in(Annotation annotation);
  }

  private static MeasuredAnnotations of(
      HyperstackAnnotations found,
      HyperstackAnnotations all,
      Measurer measurer,
      List<String> placed,
      Places places) {
    ImagePlus image = found.image();
    PixelSize size = Frames.pixelSize(image);
    List<String> columns = new ArrayList<>();
    if (size.isCalibrated()) {
      columns.add("unit");
      placed.forEach(p -> columns.add(p + CALIBRATED));
    }
    columns.addAll(measurer.columns());
    List<List<Map<String, Object>>> lines = new ArrayList<>();
    for (int p = 0; p < found.planes().size(); p++) {
      HyperstackResults.Plane<Annotation> plane = found.planes().get(p);
      List<Place> own = places.in(plane.result());
      List<Roi> others = rois(places.in(all.planes().get(p).result()));
      var values = measurer.measure(plane.z(), plane.t(), rois(own), others).iterator();
      lines.add(
          own.stream()
              .map(
                  place -> {
                    Map<String, Object> line = new LinkedHashMap<>();
                    if (place.roi().isEmpty()) return line;
                    if (size.isCalibrated()) line.putAll(calibrated(image, size, placed, place));
                    line.putAll(measurer.line(values.next()));
                    return line;
                  })
              .toList());
    }
    return new MeasuredAnnotations(columns, lines);
  }

  private static List<Roi> rois(List<Place> places) {
    return places.stream().map(Place::roi).flatMap(Optional::stream).toList();
  }

  /** Places by the origin of the image. */
  private static Map<String, Object> calibrated(
      ImagePlus image, PixelSize size, List<String> columns, Place place) {
    Calibration calibration = image.getCalibration();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("unit", size.unit());
    for (int i = 0; i < columns.size(); i++) {
      double pixels = place.pixels().get(i);
      line.put(
          columns.get(i) + CALIBRATED,
          switch (i) {
            case 0 -> calibration.getX(pixels);
            case 1 -> calibration.getY(pixels, image.getHeight());
            case 2 -> pixels * size.width();
            default -> pixels * size.height();
          });
    }
    return line;
  }

  /** A line for each row of the table of a plane, which has one row if nothing was found. */
  public Stream<Map<String, Object>> rows(int plane) {
    List<Map<String, Object>> found = lines.get(plane);
    return found.isEmpty() ? Stream.of(Map.of()) : found.stream();
  }
}
