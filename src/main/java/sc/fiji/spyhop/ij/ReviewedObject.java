package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ImageStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a table says of a region that is to be looked through.
 *
 * @param roi the region
 * @param slice from 1
 * @param frame from 1
 * @param label number of the object in a label image, or in its plane; empty if it has none
 * @param type its class
 * @param score how sure the model is, in [0, 1]; NaN if it does not say
 * @param x centroid in pixels
 * @param y centroid in pixels
 * @param area in pixels
 */
public record ReviewedObject(
    Roi roi,
    int slice,
    int frame,
    String label,
    String type,
    double score,
    double x,
    double y,
    double area) {

  /** Columns of {@link #cells}. */
  public static final List<String> COLUMNS =
      List.of("slice", "frame", "label", "class", "score", "x", "y", "area");

  /**
   * Where a region is; the first plane if it is in all.
   *
   * @param image in which it is; without one, places in a stack count as slices
   */
  public static RoiFormat.Plane plane(Roi roi, Optional<ImagePlus> image) {
    if (image.isPresent()) return RoiFormat.planes(roi, roi.getPosition(), image.get()).get(0);
    return roi.hasHyperStackPosition()
        ? new RoiFormat.Plane(Math.max(1, roi.getZPosition()), Math.max(1, roi.getTPosition()))
        : new RoiFormat.Plane(Math.max(1, roi.getPosition()), 1);
  }

  /**
   * Looks at a region.
   *
   * @param names of all regions that are together
   * @param plane in which it is
   */
  public static ReviewedObject of(Roi roi, RoiNames names, RoiFormat.Plane plane) {
    ImageStatistics measured = roi.getStatistics();
    return new ReviewedObject(
        roi,
        plane.z(),
        plane.t(),
        RoiNames.label(roi).orElseGet(() -> text(roi.getProperty(AnnotationRois.OBJECT))),
        names.className(roi),
        ReviewQueue.score(roi).orElse(Double.NaN),
        measured.xCentroid,
        measured.yCentroid,
        measured.pixelCount);
  }

  private static String text(String property) {
    return property == null ? "" : property;
  }

  /** Texts and numbers by {@link #COLUMNS}. */
  public Map<String, Object> cells() {
    List<Object> values = List.of(slice, frame, label, type, score, x, y, area);
    Map<String, Object> cells = new LinkedHashMap<>();
    for (int i = 0; i < COLUMNS.size(); i++) cells.put(COLUMNS.get(i), values.get(i));
    return cells;
  }
}
