package sc.fiji.spyhop.job.batch;

import ij.gui.Roi;
import ij.measure.Calibration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.GeoJson;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.HyperstackResults;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.ij.measure.ClassArea;
import sc.fiji.spyhop.ij.measure.MeasuredAnnotations;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.pipeline.Finding;
import sc.fiji.spyhop.pipeline.FindingTable;
import sc.fiji.spyhop.pipeline.PipelineResult;
import sc.fiji.spyhop.pipeline.PipelineRunner;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.util.Digits;

/**
 * What a chain of networks says of an image: a row for each object and class told, regions and a
 * picture.
 *
 * @param name of the image in the table
 * @param more columns besides those of the table
 * @param lines by plane, then number of the finding: what is in them
 * @param scale in which the image was shown to the first network
 */
public record FoundFindings(
    String name,
    PipelineRunner chain,
    FindingTable table,
    HyperstackResults<PipelineResult> found,
    List<String> more,
    List<Map<String, Map<String, Object>>> lines,
    ShownScale scale)
    implements BatchJob.Found {

  /** The table of a chain that tells so many classes of each object. */
  public static FindingTable table(PipelineRunner chain, int top) {
    return new FindingTable(
        chain.classes(), chain.keypoints(), chain.measures(), chain.regionNames(), top);
  }

  /** Columns that all images have. */
  public static List<Column> columns(FindingTable table) {
    return ScaleColumn.after(Column.all(table.header().toArray(String[]::new)));
  }

  /** Measures the boxes of objects. */
  public static FoundFindings of(
      String name,
      PipelineRunner chain,
      FindingTable table,
      HyperstackResults<PipelineResult> found,
      Measures measures,
      ShownScale scale) {
    MeasuredAnnotations boxes =
        MeasuredAnnotations.ofBoxes(
            boxes(found, r -> objects(r).toList()),
            boxes(found, r -> Stream.concat(objects(r), r.others().stream()).toList()),
            measures);
    List<String> more = new ArrayList<>(boxes.columns());
    boolean calibrated = Frames.pixelSize(found.image()).isCalibrated();
    if (calibrated) {
      for (String k : table.keypoints()) more.addAll(List.of(x(k), y(k)));
    }
    List<Map<String, Map<String, Object>>> lines = new ArrayList<>();
    for (int p = 0; p < found.planes().size(); p++) {
      Iterator<Map<String, Object>> measured = boxes.lines().get(p).iterator();
      Map<String, Map<String, Object>> of = new HashMap<>();
      for (Finding f : found.planes().get(p).result().findings()) {
        Map<String, Object> line = new HashMap<>();
        if (f.object().isPresent()) line.putAll(measured.next());
        if (calibrated) line.putAll(points(f, found));
        of.put(String.valueOf(f.number()), line);
      }
      lines.add(of);
    }
    return new FoundFindings(name, chain, table, found, more, lines, scale);
  }

  private static HyperstackAnnotations boxes(
      HyperstackResults<PipelineResult> found,
      Function<PipelineResult, List<LocalizedObject>> objects) {
    return new HyperstackAnnotations(
        found.image(),
        found.planes().stream()
            .map(
                p ->
                    new HyperstackResults.Plane<>(
                        p.z(),
                        p.t(),
                        new Annotation(p.result().size(), objects.apply(p.result()), List.of())))
            .toList());
  }

  private static Stream<LocalizedObject> objects(PipelineResult result) {
    return result.findings().stream().flatMap(f -> f.object().stream());
  }

  /** Places of keypoints by the origin of the image. */
  private static Map<String, Object> points(Finding f, HyperstackResults<PipelineResult> found) {
    Calibration calibration = found.image().getCalibration();
    Map<String, Object> line = new HashMap<>();
    for (Keypoint k : f.pose().map(p -> p.located()).orElse(List.of())) {
      line.put(x(k.name()), calibration.getX(k.x()));
      line.put(y(k.name()), calibration.getY(k.y(), found.image().getHeight()));
    }
    return line;
  }

  private static String x(String keypoint) {
    return keypoint + "_x" + MeasuredAnnotations.CALIBRATED;
  }

  private static String y(String keypoint) {
    return keypoint + "_y" + MeasuredAnnotations.CALIBRATED;
  }

  @Override
  public List<String> columns() {
    return more;
  }

  @Override
  public Stream<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (int p = 0; p < lines.size(); p++) {
      HyperstackResults.Plane<PipelineResult> plane = found.planes().get(p);
      for (List<String> row : table.rows(name, plane.z(), plane.t(), plane.result())) {
        Map<String, Object> line =
            lines.get(p).getOrDefault(row.get(FindingTable.OBJECT), Map.of());
        List<String> cells = new ArrayList<>(ScaleColumn.after(row, scale));
        more.forEach(column -> cells.add(Digits.cell(line.get(column))));
        rows.add(cells);
      }
    }
    return rows.stream();
  }

  @Override
  public long count() {
    return found.planes().stream().mapToLong(p -> p.result().findings().size()).sum();
  }

  /** What lengths and areas are in. */
  @Override
  public Map<String, String> about() {
    return Map.of("unit", Frames.unit(found.image()));
  }

  /** Of the regions of all objects; a pixel that several objects share counts for each. */
  @Override
  public List<ClassArea> classAreas() {
    List<Finding.Regions> regions =
        found.planes().stream()
            .flatMap(p -> p.result().findings().stream())
            .flatMap(f -> f.regions().stream())
            .toList();
    return ClassArea.of(
        chain.pixelClasses(),
        regions.stream().flatMap(r -> r.segmentation().segments().stream()),
        regions.stream().mapToLong(Finding.Regions::looked).sum(),
        found.image().getCalibration());
  }

  /** Of the regions of all objects, where they have classes. */
  @Override
  public Map<String, Long> counts() {
    return table
        .names()
        .count(
            found.planes().stream()
                .flatMap(p -> p.result().findings().stream())
                .flatMap(f -> f.regions().stream())
                .flatMap(r -> r.segmentation().segments().stream()));
  }

  @Override
  public List<String> unlike() {
    return scale.unlike();
  }

  @Override
  public String summary() {
    return found.planes().stream()
            .map(p -> p.result().summary(chain.classes()))
            .collect(Collectors.joining("; "))
        + scale.inScale();
  }

  /** Boxes, points and outlines. */
  public List<Roi> rois() {
    return PipelineRois.of(found, chain);
  }

  @Override
  public void write(Function<String, Path> place) {
    List<Roi> rois = rois();
    Rois.writeZip(place.apply(Endings.ROIS), rois);
    GeoJson.writeRois(place.apply(Endings.GEOJSON), found.image(), rois);
    Overlays.writePng(place.apply(Endings.OVERLAY), found.image(), HyperstackResults.overlay(rois));
  }
}
