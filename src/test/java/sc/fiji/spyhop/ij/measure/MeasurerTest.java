package sc.fiji.spyhop.ij.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.EllipseRoi;
import ij.gui.OvalRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import ij.measure.Calibration;
import ij.measure.Measurements;
import ij.measure.ResultsTable;
import ij.plugin.ChannelSplitter;
import ij.plugin.filter.Analyzer;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.prediction.LabelMap;

/** The other side is ImageJ's own <em>Measure</em>. */
class MeasurerTest {

  private static final int SIDE = 80;

  /** What ImageJ calls the same. */
  static final Map<Measurement, String> IMAGEJ =
      Map.ofEntries(
          Map.entry(Measurement.PERIMETER, "Perim."),
          Map.entry(Measurement.CIRCULARITY, "Circ."),
          Map.entry(Measurement.FERET, "Feret"),
          Map.entry(Measurement.FERET_ANGLE, "FeretAngle"),
          Map.entry(Measurement.MIN_FERET, "MinFeret"),
          Map.entry(Measurement.MAJOR, "Major"),
          Map.entry(Measurement.MINOR, "Minor"),
          Map.entry(Measurement.ANGLE, "Angle"),
          Map.entry(Measurement.SOLIDITY, "Solidity"),
          Map.entry(Measurement.BOX_X, "BX"),
          Map.entry(Measurement.BOX_Y, "BY"),
          Map.entry(Measurement.BOX_WIDTH, "Width"),
          Map.entry(Measurement.BOX_HEIGHT, "Height"),
          Map.entry(Measurement.MEAN, "Mean"),
          Map.entry(Measurement.SD, "StdDev"),
          Map.entry(Measurement.MIN, "Min"),
          Map.entry(Measurement.MAX, "Max"),
          Map.entry(Measurement.MEDIAN, "Median"),
          Map.entry(Measurement.INTEGRATED, "IntDen"));

  private static final int EVERYTHING =
      Measurements.AREA
          | Measurements.MEAN
          | Measurements.STD_DEV
          | Measurements.MIN_MAX
          | Measurements.CENTROID
          | Measurements.PERIMETER
          | Measurements.SHAPE_DESCRIPTORS
          | Measurements.RECT
          | Measurements.ELLIPSE
          | Measurements.FERET
          | Measurements.MEDIAN
          | Measurements.INTEGRATED_DENSITY;

  /** Discs, a bar aslant, a ring, two parts of one label, one at the border, single pixels. */
  private static LabelMap painted() {
    LabelMap labels = new LabelMap(SIDE, SIDE);
    paint(labels, 1, new OvalRoi(10, 10, 17, 17));
    paint(labels, 2, new EllipseRoi(35, 10, 60, 30, 0.4));
    paint(labels, 3, new OvalRoi(5, 40, 25, 21));
    paint(labels, 0, new OvalRoi(12, 46, 9, 7));
    paint(labels, 4, new Roi(40, 45, 6, 11));
    paint(labels, 4, new Roi(55, 50, 9, 3));
    paint(labels, 5, new OvalRoi(70, 70, 20, 20));
    paint(labels, 6, new Roi(75, 2, 1, 1));
    paint(labels, 7, new Roi(50, 40, 20, 1));
    return labels;
  }

  private static void paint(LabelMap labels, int label, Roi roi) {
    ImageProcessor mask = roi.getMask();
    for (int y = 0; y < roi.getBounds().height; y++) {
      for (int x = 0; x < roi.getBounds().width; x++) {
        int column = x + roi.getBounds().x;
        int row = y + roi.getBounds().y;
        if (column >= SIDE || row >= SIDE) continue;
        if (mask == null || mask.get(x, y) != 0) labels.set(column, row, label);
      }
    }
  }

  private static ImageProcessor noise(String kind) {
    Random random = new Random(3);
    ImageProcessor plane =
        switch (kind) {
          case "8-bit" -> new ByteProcessor(SIDE, SIDE);
          case "16-bit", "signed" -> new ShortProcessor(SIDE, SIDE);
          case "32-bit" -> new FloatProcessor(SIDE, SIDE);
          default -> new ColorProcessor(SIDE, SIDE);
        };
    for (int i = 0; i < SIDE * SIDE; i++) {
      switch (kind) {
        case "8-bit" -> plane.set(i, random.nextInt(256));
        case "16-bit", "signed" -> plane.set(i, 30_000 + random.nextInt(9_000));
        case "32-bit" -> plane.setf(i, (float) random.nextGaussian());
        default -> plane.set(i, random.nextInt(1 << 24));
      }
    }
    return plane;
  }

  private static void calibrate(ImagePlus image, double width, double height) {
    Calibration calibration = image.getCalibration();
    calibration.pixelWidth = width;
    calibration.pixelHeight = height;
    calibration.setUnit("um");
    calibration.xOrigin = 7;
    calibration.yOrigin = 3.5;
  }

  private static ResultsTable byImageJ(ImagePlus image, Roi roi) {
    ResultsTable table = new ResultsTable();
    ImagePlus own = image.duplicate();
    own.setRoi((Roi) roi.clone());
    new Analyzer(own, EVERYTHING, table).measure();
    return table;
  }

  private static void assertAsImageJ(ImagePlus image, List<Roi> rois) {
    Measurer measurer = Measurer.of(image, Measures.ALL);
    List<double[]> measured = measurer.measure(1, 1, rois);
    ImagePlus[] channels =
        Frames.of(image).channels() == 1
            ? new ImagePlus[] {image}
            : ChannelSplitter.split(image.duplicate());
    for (int i = 0; i < rois.size(); i++) {
      for (int c = 1; c <= channels.length; c++) {
        channels[c - 1].setCalibration(image.getCalibration());
        ResultsTable expected = byImageJ(channels[c - 1], rois.get(i));
        for (Map.Entry<Measurement, String> e : IMAGEJ.entrySet()) {
          Measurement m = e.getKey();
          boolean each = m.kind() == Measurement.Kind.INTENSITY && channels.length > 1;
          String column = m.column() + (each ? "_c" + c : "");
          double actual = measured.get(i)[measurer.columns().indexOf(column)];
          double wanted = expected.getValue(e.getValue(), 0);
          if (m == Measurement.MAJOR || m == Measurement.MINOR) {
            Calibration k = image.getCalibration();
            // ImageJ says 0 there
            if (Math.abs(k.pixelWidth / k.pixelHeight - 1) > 0.01) wanted = Double.NaN;
          }
          if (Double.isNaN(wanted)) {
            assertTrue(Double.isNaN(actual), column + " of " + (i + 1));
            continue;
          }
          double tolerance = 1e-6 * Math.max(1e-9, Math.abs(wanted));
          assertEquals(wanted, actual, tolerance, column + " of " + (i + 1));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"8-bit", "16-bit", "32-bit", "signed", "colours"})
  void isWhatImageJMeasures(String kind) {
    ImagePlus image = new ImagePlus(kind, noise(kind));
    calibrate(image, 0.25, 0.25);
    if (kind.equals("signed")) image.getCalibration().setSigned16BitCalibration();
    assertAsImageJ(image, new ArrayList<>(Rois.trace(painted()).values()));
  }

  @Test
  void pixelsNeedNotBeSquare() {
    ImagePlus image = new ImagePlus("oblong", noise("8-bit"));
    calibrate(image, 0.25, 0.5);
    assertAsImageJ(image, new ArrayList<>(Rois.trace(painted()).values()));
  }

  @Test
  void realObjects() {
    Path data = Path.of("..", "shared", "data", "nuclei");
    assumeTrue(Files.isDirectory(data), "no data set of nuclei");
    Path labels = first(data.resolve("labels"));
    ImageProcessor truth = IJ.openImage(labels.toString()).getProcessor();
    LabelMap map = new LabelMap(truth.getWidth(), truth.getHeight());
    for (int y = 0; y < map.height(); y++) {
      for (int x = 0; x < map.width(); x++) map.set(x, y, truth.get(x, y));
    }
    ImagePlus image = IJ.openImage(data.resolve("images").resolve(labels.getFileName()).toString());
    calibrate(image, 0.65, 0.65);
    assertAsImageJ(image, new ArrayList<>(Rois.trace(map).values()));
  }

  private static Path first(Path folder) {
    try (var files = Files.list(folder)) {
      return files.sorted().findFirst().orElseThrow();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * By hand: a pixel at (10, 10) and its neighbour region two columns to the right, on a ramp of
   * ten times the column; rows count nothing.
   */
  @Test
  void backgroundIsNearAndBelongsToNothing() {
    ByteProcessor ramp = new ByteProcessor(21, 21);
    for (int i = 0; i < 21 * 21; i++) ramp.set(i, 10 * (i % 21));
    ImagePlus image = new ImagePlus("ramp", ramp);
    Measures background = Measures.parse("background");
    Roi pixel = new Roi(10, 10, 1, 1);
    Measurer measurer = Measurer.of(image, background);
    assertEquals(List.of("background"), measurer.columns());
    assertEquals(100, measurer.measure(1, 1, List.of(pixel)).get(0)[0], "the same on both sides");
    Roi right = new Roi(11, 0, 10, 21);
    double left = measurer.measure(1, 1, List.of(pixel, right)).get(0)[0];
    // columns 5 to 8 have 11 pixels each, 9 and 10 have 8: of 60 the 30th and 31st are in 7
    assertEquals(70, left);
    Roi all = new Roi(0, 0, 21, 21);
    assertTrue(Double.isNaN(measurer.measure(1, 1, List.of(pixel, all)).get(0)[0]));
  }

  @Test
  void bordersAreTouched() {
    ImagePlus image = new ImagePlus("plain", new ByteProcessor(20, 10));
    List<Roi> rois =
        List.of(
            new Roi(1, 1, 18, 8), new Roi(0, 3, 2, 2), new Roi(4, 8, 2, 2), new Roi(15, 4, 5, 2));
    List<double[]> found = Measurer.of(image, Measures.parse("border")).measure(1, 1, rois);
    assertEquals(List.of(0.0, 1.0, 1.0, 1.0), found.stream().map(v -> v[0]).toList());
  }

  @Test
  void choiceAndColumns() {
    assertEquals(Measures.ALL, Measures.parse("shape, INTENSITY"));
    assertEquals(Measures.ALL, Measures.parse("all"));
    assertEquals(Measures.NONE, Measures.parse(" "));
    Measures two = Measures.parse("mean,perimeter");
    assertEquals("perimeter,mean", two.toString());
    assertEquals(List.of("perimeter", "mean"), two.columns(1));
    assertEquals(List.of("perimeter", "mean_c1", "mean_c2"), two.columns(2));
    assertEquals(two, Measures.parse(two.toString()));
    String why =
        assertThrows(SpyhopException.class, () -> Measures.parse("shape,roundness")).getMessage();
    assertTrue(why.contains("\"roundness\"") && why.contains("circularity"), why);
  }

  @Test
  void nothingIsReadWhereNothingIsAskedFor() {
    ImagePlus image = new ImagePlus("plain", new ByteProcessor(4, 4));
    assertEquals(
        0,
        Measurer.of(image, Measures.NONE)
            .measure(1, 1, List.of(new Roi(0, 0, 2, 2)))
            .get(0)
            .length);
  }

  /** Composites and polygons that were not traced, such as those that people draw. */
  @Test
  void drawnRegions() {
    ImagePlus image = new ImagePlus("drawn", noise("8-bit"));
    calibrate(image, 0.5, 0.5);
    Roi polygon =
        new PolygonRoi(new float[] {10, 40, 30}, new float[] {10, 15, 50}, 3, Roi.POLYGON);
    Roi both = new ShapeRoi(new OvalRoi(50, 50, 20, 10)).or(new ShapeRoi(new Roi(5, 60, 8, 8)));
    assertAsImageJ(image, List.of(polygon, both, new OvalRoi(20, 20, 30, 12)));
  }
}
