package sc.fiji.spyhop.ij.measure;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.measure.Calibration;
import ij.measure.Measurements;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ImageStatistics;
import ij.process.ShortProcessor;
import java.awt.Polygon;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.ij.Frames;

/**
 * Measures regions of an image in all its channels (those of an RGB image are its colours), by
 * ImageJ's own classes, in calibrated units. Safe for several threads.
 */
public final class Measurer {

  /** Regions that are measured by one thread without a pause. */
  private static final int CHUNK = 64;

  private static final int OPTIONS =
      Measurements.AREA | Measurements.MEAN | Measurements.STD_DEV | Measurements.MIN_MAX;

  private final ImagePlus image;
  private final Frames frames;
  private final List<Measurement> shapes;
  private final List<Measurement> intensities;
  private final List<String> columns;

  private Measurer(ImagePlus image, Measures measures) {
    this.image = image;
    frames = Frames.of(image);
    shapes = measures.of(Measurement.Kind.SHAPE);
    intensities = measures.of(Measurement.Kind.INTENSITY);
    columns = measures.columns(frames.channels());
  }

  /**
   * For all slices and time points of an image; its calibration and channels are looked at here,
   * its pixels when regions are measured.
   */
  public static Measurer of(ImagePlus image, Measures measures) {
    return new Measurer(image, measures);
  }

  /** What the numbers are called. */
  public List<String> columns() {
    return columns;
  }

  /** As the longer form, where nothing else is in the plane. */
  public List<double[]> measure(int z, int t, List<? extends Roi> rois) {
    return measure(z, t, rois, List.of());
  }

  /**
   * Measures regions of one slice and time point.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   * @param rois areas; what is in one of them is no background
   * @param others areas that are not measured, but are no background either
   * @return for each region a number for each of the {@link #columns}, NaN where there is none
   */
  public List<double[]> measure(
      int z, int t, List<? extends Roi> rois, List<? extends Roi> others) {
    if (columns.isEmpty()) return rois.stream().map(roi -> new double[0]).toList();
    List<Object> pixels = new ArrayList<>();
    int channels = intensities.isEmpty() ? 1 : frames.channels();
    for (int c = 0; c < channels; c++) pixels.add(frames.pixels(c, z, t));
    Background background =
        intensities.contains(Measurement.BACKGROUND)
            ? Background.around(
                Stream.concat(rois.stream(), others.stream()).toList(),
                image.getWidth(),
                image.getHeight())
            : Background.NONE;
    int chunks = (rois.size() + CHUNK - 1) / CHUNK;
    return IntStream.range(0, chunks)
        .parallel()
        .boxed()
        .flatMap(i -> measure(pixels, background, rois, i * CHUNK))
        .toList();
  }

  /** Numbers by column, without those that are none. */
  Map<String, Object> line(double[] measured) {
    Map<String, Object> line = new LinkedHashMap<>();
    for (int i = 0; i < measured.length; i++) {
      if (!Double.isNaN(measured[i])) line.put(columns.get(i), measured[i]);
    }
    return line;
  }

  private Stream<double[]> measure(
      List<Object> pixels, Background background, List<? extends Roi> rois, int start) {
    List<ImageProcessor> planes = pixels.stream().map(this::processor).toList();
    return rois.subList(start, Math.min(start + CHUNK, rois.size())).stream()
        .map(roi -> measure(planes, background, roi));
  }

  /** Of its own, since it holds the region that is being measured. */
  private ImageProcessor processor(Object pixels) {
    int width = image.getWidth();
    int height = image.getHeight();
    if (pixels instanceof byte[] bytes) return new ByteProcessor(width, height, bytes);
    if (pixels instanceof short[] shorts) return new ShortProcessor(width, height, shorts, null);
    return new FloatProcessor(width, height, (float[]) pixels);
  }

  private double[] measure(List<ImageProcessor> planes, Background background, Roi region) {
    Roi roi = (Roi) region.clone();
    roi.setImage(image); // for its calibration
    double[] values = new double[columns.size()];
    int n = 0;
    if (!shapes.isEmpty()) {
      ImageStatistics statistics =
          statistics(planes.get(0), roi, Measurements.AREA | Measurements.ELLIPSE);
      double[] feret = roi.getFeretValues();
      for (Measurement m : shapes) values[n++] = shape(m, roi, statistics, feret);
    }
    for (ImageProcessor plane : planes) {
      if (intensities.isEmpty()) break;
      int median = intensities.contains(Measurement.MEDIAN) ? Measurements.MEDIAN : 0;
      ImageStatistics statistics = statistics(plane, roi, OPTIONS | median);
      for (Measurement m : intensities) {
        values[n++] =
            m == Measurement.BACKGROUND
                ? background.of(roi, plane, image.getCalibration())
                : intensity(m, statistics);
      }
    }
    return values;
  }

  private ImageStatistics statistics(ImageProcessor plane, Roi roi, int options) {
    plane.setRoi(roi);
    return ImageStatistics.getStatistics(plane, options, image.getCalibration());
  }

  private double shape(Measurement m, Roi roi, ImageStatistics s, double[] feret) {
    Calibration calibration = image.getCalibration();
    Rectangle box = roi.getBounds();
    return switch (m) {
      case PERIMETER -> roi.getLength();
      case CIRCULARITY -> {
        double perimeter = roi.getLength();
        yield perimeter == 0 ? 0 : Math.min(1, 4 * Math.PI * s.area / (perimeter * perimeter));
      }
      case FERET -> feret == null ? Double.NaN : feret[0];
      case FERET_ANGLE -> feret == null ? Double.NaN : feret[1];
      case MIN_FERET -> feret == null ? Double.NaN : feret[2];
      case MAJOR -> s.major > 0 ? s.major : Double.NaN;
      case MINOR -> s.major > 0 ? s.minor : Double.NaN;
      case ANGLE -> s.angle;
      case SOLIDITY -> s.pixelCount / area(roi.getConvexHull());
      case BOX_X -> calibration.getX(box.x);
      case BOX_Y -> calibration.getY(box.y, image.getHeight());
      case BOX_WIDTH -> box.width * calibration.pixelWidth;
      case BOX_HEIGHT -> box.height * calibration.pixelHeight;
      case BORDER ->
          box.x <= 0
                  || box.y <= 0
                  || box.x + box.width >= image.getWidth()
                  || box.y + box.height >= image.getHeight()
              ? 1
              : 0;
      default -> throw new IllegalArgumentException(m.name());
    };
  }

  private static double intensity(Measurement m, ImageStatistics s) {
    return switch (m) {
      case MEAN -> s.mean;
      case SD -> s.stdDev;
      case MIN -> s.min;
      case MAX -> s.max;
      case MEDIAN -> s.median;
      case INTEGRATED -> s.area * s.mean;
      default -> throw new IllegalArgumentException(m.name());
    };
  }

  /** By the shoelace formula. */
  private static double area(Polygon p) {
    double twice = 0;
    for (int i = 0, before = p.npoints - 1; i < p.npoints; before = i++) {
      twice += ((double) p.xpoints[i] + p.xpoints[before]) * (p.ypoints[i] - p.ypoints[before]);
    }
    return Math.abs(twice / 2);
  }
}
