package sc.fiji.spyhop.ij;

import ij.measure.Calibration;
import ij.util.Tools;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import sc.fiji.spyhop.image.tiff.TiffPage;
import sc.fiji.spyhop.util.Strings;

/**
 * What the pages of a TIFF are.
 *
 * @param channels pages of each slice and time point
 * @param slices number of slices
 * @param frames number of time points
 * @param pages for each channel of each slice of each time point, channels changing first, the
 *     number of its page
 * @param pixelWidth 0 if not told
 * @param pixelHeight 0 if not told
 * @param pixelDepth 0 if not told
 * @param unit of these; empty if there is none
 */
record TiffAxes(
    int channels,
    int slices,
    int frames,
    List<Integer> pages,
    double pixelWidth,
    double pixelHeight,
    double pixelDepth,
    String unit) {

  private static final Pattern OME = Pattern.compile("<([^\\s<>/:]+:)?OME[\\s>]");
  private static final Pattern PIXELS = Pattern.compile("<([^\\s<>/:]+:)?Pixels[\\s>]");

  /** Those of a file: by OME-XML, by ImageJ's words, or all pages are slices. */
  static TiffAxes of(List<TiffPage> pages) throws IOException {
    String description = pages.get(0).description();
    if (isOme(description)) return OmeXml.read(description, pages.size());
    Map<String, String> words = words(description);
    int channels = number(words, "channels", 1);
    int slices = number(words, "slices", 1);
    int frames = number(words, "frames", 1);
    int images = number(words, "images", pages.size());
    if (images != pages.size() && images > 1) {
      throw new IOException(
          Strings.format("its description tells of %d images, it has %d", images, pages.size()));
    }
    if ((long) channels * slices * frames != pages.size()) {
      channels = 1;
      slices = pages.size();
      frames = 1;
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < pages.size(); i++) order.add(i);
    return calibrated(pages.get(0), words, channels, slices, frames, order);
  }

  /** Whether a description is OME-XML of an image, with or without a prefix before its names. */
  static boolean isOme(String description) {
    return OME.matcher(description).find() && PIXELS.matcher(description).find();
  }

  /** Whether ImageJ wrote a file, whose tables of colours then are for the eye only. */
  static boolean isImageJ(String description) {
    return description.startsWith("ImageJ=");
  }

  /** Planes that ImageJ's words tell of; 1 if they tell of none. */
  static int images(String description) {
    return number(words(description), "images", 1);
  }

  /** Whether ImageJ's words say that its unsigned numbers are signed ones with 32,768 added. */
  static boolean isSigned16(String description) {
    Map<String, String> words = words(description);
    return fraction(words, "cf") == Calibration.STRAIGHT_LINE
        && fraction(words, "c0") == -32768
        && fraction(words, "c1") == 1;
  }

  private static TiffAxes calibrated(
      TiffPage page,
      Map<String, String> words,
      int channels,
      int slices,
      int frames,
      List<Integer> order) {
    double[] resolution = page.resolution();
    double width = resolution[0] > 0 ? 1 / resolution[0] : 0;
    double height = resolution[1] > 0 ? 1 / resolution[1] : 0;
    String unit = words.getOrDefault("unit", "").strip();
    if (unit.isEmpty() && width != 1.0 / 72) {
      unit = page.resolutionUnit() == 2 ? "inch" : page.resolutionUnit() == 3 ? "cm" : "";
    }
    double depth = Math.abs(fraction(words, "spacing"));
    boolean known = !Double.isNaN(depth);
    return new TiffAxes(channels, slices, frames, order, width, height, known ? depth : 0, unit);
  }

  /** ImageJ writes and reads them as Java's properties. */
  private static Map<String, String> words(String description) {
    Map<String, String> words = new HashMap<>();
    if (!isImageJ(description)) return words;
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(description));
    } catch (IOException | IllegalArgumentException e) {
      return words; // as ImageJ does
    }
    properties.stringPropertyNames().forEach(k -> words.put(k, properties.getProperty(k)));
    return words;
  }

  /** NaN if there is none. */
  private static double fraction(Map<String, String> words, String key) {
    return Tools.parseDouble(words.get(key), Double.NaN);
  }

  private static int number(Map<String, String> words, String key, int absent) {
    try {
      int value = Integer.parseInt(words.getOrDefault(key, "").strip());
      return value > 0 ? value : absent;
    } catch (NumberFormatException e) {
      return absent;
    }
  }
}
