package sc.fiji.spyhop.ij.measure;

import ij.ImagePlus;
import ij.measure.Calibration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.dataset.ObjectTable;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.SegmentedFrame;
import sc.fiji.spyhop.prediction.Segment;

/**
 * The objects of a segmented image, or its classes, with what is measured of them.
 *
 * @param values by frame, then object: a number for each column of the measurer
 */
public record MeasuredObjects(
    HyperstackSegmentation found, Measurer measurer, List<List<double[]>> values) {

  /** Measures all objects of an image. */
  public static MeasuredObjects of(HyperstackSegmentation found, Measures measures) {
    boolean classes = found.names().areClasses();
    Measurer measurer = Measurer.of(found.image(), classes ? measures.ofClasses() : measures);
    List<List<double[]>> values = new ArrayList<>();
    for (SegmentedFrame frame : found.frames()) {
      values.add(measurer.measure(frame.z(), frame.t(), frame.rois(), frame.others()));
    }
    return new MeasuredObjects(found, measurer, values);
  }

  /**
   * What the numbers are called; of objects that have classes, how likely these are comes first.
   */
  public List<String> columns() {
    List<String> columns = new ArrayList<>();
    if (!found.names().types().isEmpty()) columns.add(ObjectTable.PROBABILITY);
    columns.addAll(measurer.columns());
    return columns;
  }

  /**
   * A line for each object, numbers and texts by column: slice and frame (from 1), label, class
   * (empty for objects without one), area and centroid in the unit of the image and by its origin,
   * unit, probability, score (empty if it is not known), and the {@link #columns}, of which those
   * without a number are left out.
   */
  public Stream<Map<String, Object>> lines() {
    return IntStream.range(0, values.size()).boxed().flatMap(this::lines);
  }

  private Stream<Map<String, Object>> lines(int frame) {
    SegmentedFrame f = found.frames().get(frame);
    return IntStream.range(0, f.segments().size())
        .mapToObj(i -> line(f, f.segments().get(i), values.get(frame).get(i)));
  }

  private Map<String, Object> line(SegmentedFrame frame, Segment s, double[] measured) {
    ImagePlus image = found.image();
    Calibration calibration = image.getCalibration();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("slice", frame.z());
    line.put("frame", frame.t());
    line.put("label", s.label());
    line.put("class", found.names().of(s));
    line.put("area", s.area() * calibration.pixelWidth * calibration.pixelHeight);
    line.put("x", calibration.getX(s.x()));
    line.put("y", calibration.getY(s.y(), image.getHeight()));
    line.put("unit", Frames.unit(image));
    line.put("probability", s.probability());
    line.put("score", s.score().isPresent() ? s.score().getAsDouble() : "");
    s.classes().ifPresent(c -> line.put(ObjectTable.PROBABILITY, (double) c.probability(c.best())));
    line.putAll(measurer.line(measured));
    return line;
  }
}
