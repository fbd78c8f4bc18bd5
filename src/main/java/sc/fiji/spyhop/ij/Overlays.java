package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.ImageRoi;
import ij.gui.Overlay;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import ij.process.ImageProcessor;
import ij.process.LUT;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Composite;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.util.AtomicFile;

/** Pictures of what was found. */
public final class Overlays {

  /** Images are enlarged, by a whole number, while their longer side stays below this. */
  private static final int SMALL = 768;

  /** Images are reduced, by a whole number, until their longer side is at most this. */
  private static final int LARGE = 4096;

  /** Of pictures with a longer side of this many pixels; lines and texts grow with larger ones. */
  private static final double PEN = 900;

  private static final Normalization CONTRAST = new Normalization.Percentile(0.1, 99.9);

  private Overlays() {}

  /**
   * The current slice and time point of an image in its own colours, each channel's contrast
   * stretched (RGB is shown as it is), with the outlines and pictures that belong there drawn on
   * top. Small images are enlarged, large ones reduced, by a whole number.
   */
  public static BufferedImage render(ImagePlus image, Overlay overlay) {
    int side = Math.max(image.getWidth(), image.getHeight());
    int reduce = (side + LARGE - 1) / LARGE;
    BufferedImage picture = picture(image, reduce);
    int enlarge = Math.max(1, Math.min(4, SMALL / side));
    if (enlarge > 1) picture = enlarge(picture, enlarge);
    Graphics2D g = picture.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    double zoom = (double) enlarge / reduce;
    int width = picture.getWidth();
    double pen = Math.max(1, Math.max(picture.getWidth(), picture.getHeight()) / PEN);
    AffineTransform scale = AffineTransform.getScaleInstance(zoom, zoom);
    g.setStroke(
        new BasicStroke((float) (1.5 * pen), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    for (Roi roi : overlay) {
      if (!Rois.isShown(roi, image)) continue;
      if (roi instanceof ImageRoi part) {
        paint(g, part, scale);
        continue;
      }
      if (AnnotationRois.isSkeleton(roi)) drawEdge(g, roi, scale, pen);
      g.setColor(color(roi));
      if (roi instanceof PointRoi points) drawPoints(g, points, zoom, pen);
      else g.draw(scale.createTransformedShape(outline(roi)));
    }
    // above all lines, so that they can be read
    for (Roi roi : overlay) {
      if (!Rois.isShown(roi, image)) continue;
      g.setColor(color(roi));
      AnnotationRois.caption(roi).ifPresent(text -> drawCaption(g, roi, text, zoom, pen, width));
    }
    drawLegend(g, image, overlay, pen, picture.getHeight());
    g.dispose();
    return picture;
  }

  /**
   * The same of the first slice and time point of an image in a file, with nothing drawn on it.
   *
   * @throws sc.fiji.spyhop.SpyhopException if it cannot be opened
   */
  public static BufferedImage render(Path file) {
    return render(ImageFiles.open(file), new Overlay());
  }

  /** Which colour stands for which class of objects, in the lower left corner. */
  private static void drawLegend(
      Graphics2D g, ImagePlus image, Overlay overlay, double pen, int height) {
    SortedMap<String, Color> classes = new TreeMap<>();
    for (Roi roi : overlay) {
      if (!Rois.isShown(roi, image)) continue;
      AnnotationRois.shownByColor(roi).ifPresent(type -> classes.putIfAbsent(type, color(roi)));
    }
    double line = font(g, pen).getHeight();
    double baseline = height - classes.size() * line;
    for (Map.Entry<String, Color> one : classes.entrySet()) {
      baseline += line;
      g.setColor(one.getValue());
      drawText(g, one.getKey(), 0, baseline - g.getFontMetrics().getDescent());
    }
  }

  static Color color(Roi roi) {
    return roi.getStrokeColor() == null ? Color.YELLOW : roi.getStrokeColor();
  }

  private static void paint(Graphics2D g, ImageRoi part, AffineTransform scale) {
    ImageProcessor pixels = part.getProcessor();
    BufferedImage colors =
        new BufferedImage(pixels.getWidth(), pixels.getHeight(), BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < pixels.getPixelCount(); i++) {
      int rgb = pixels.get(i) & 0xFFFFFF;
      boolean clear = rgb == 0 && part.getZeroTransparent();
      if (!clear) {
        colors.setRGB(i % pixels.getWidth(), i / pixels.getWidth(), 0xFF000000 | rgb);
      }
    }
    AffineTransform place = new AffineTransform(scale);
    place.translate(part.getXBase(), part.getYBase());
    Composite before = g.getComposite();
    g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, (float) part.getOpacity()));
    g.drawImage(colors, place, null);
    g.setComposite(before);
  }

  /** What shows beside a line as a dark edge. */
  private static void drawEdge(Graphics2D g, Roi line, AffineTransform scale, double pen) {
    Stroke before = g.getStroke();
    g.setStroke(
        new BasicStroke((float) (3.25 * pen), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.setColor(Color.BLACK);
    g.draw(scale.createTransformedShape(outline(line)));
    g.setStroke(before);
  }

  private static void drawPoints(Graphics2D g, PointRoi points, double zoom, double pen) {
    var polygon = points.getFloatPolygon();
    Color color = g.getColor();
    for (int i = 0; i < polygon.npoints; i++) {
      double x = (polygon.xpoints[i] + AnnotationRois.CENTER) * zoom;
      double y = (polygon.ypoints[i] + AnnotationRois.CENTER) * zoom;
      g.setColor(Color.BLACK);
      g.fill(disc(x, y, 4 * pen));
      g.setColor(color);
      g.fill(disc(x, y, 3 * pen));
    }
  }

  private static Shape disc(double x, double y, double radius) {
    return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
  }

  /** Above a box, within the picture, or beside a point. */
  private static void drawCaption(
      Graphics2D g, Roi roi, String text, double zoom, double pen, int width) {
    FontMetrics metrics = font(g, pen);
    boolean point = roi instanceof PointRoi;
    double left = roi.getFloatBounds().getX() * zoom + (point ? 6 * pen : 0);
    double bottom = roi.getFloatBounds().getY() * zoom + (point ? metrics.getAscent() / 2.0 : -2);
    double length = metrics.stringWidth(text) + 2;
    if (left + length > width) left = point ? left - 12 * pen - length : width - length;
    drawText(g, text, Math.max(0, left), Math.max(metrics.getAscent(), bottom));
  }

  private static FontMetrics font(Graphics2D g, double pen) {
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont((float) (11 * pen)));
    return g.getFontMetrics();
  }

  /** Black or white on a ground of the colour that is set. */
  private static void drawText(Graphics2D g, String text, double left, double baseline) {
    FontMetrics metrics = g.getFontMetrics();
    Color color = g.getColor();
    g.fill(
        new Rectangle2D.Double(
            left,
            baseline - metrics.getAscent(),
            metrics.stringWidth(text) + 2,
            metrics.getHeight() - metrics.getLeading()));
    double luminance = 0.299 * color.getRed() + 0.587 * color.getGreen() + 0.114 * color.getBlue();
    g.setColor(luminance > 128 ? Color.BLACK : Color.WHITE);
    g.drawString(text, (float) left + 1, (float) baseline);
  }

  static Shape outline(Roi roi) {
    if (roi instanceof ShapeRoi shape) {
      return AffineTransform.getTranslateInstance(shape.getXBase(), shape.getYBase())
          .createTransformedShape(shape.getShape());
    }
    var polygon = roi.getFloatPolygon();
    Path2D path = new Path2D.Float(Path2D.WIND_EVEN_ODD, polygon.npoints);
    for (int i = 0; i < polygon.npoints; i++) {
      if (i == 0) path.moveTo(polygon.xpoints[0], polygon.ypoints[0]);
      else path.lineTo(polygon.xpoints[i], polygon.ypoints[i]);
    }
    if (roi.isArea()) path.closePath();
    return roi.isLine()
        ? AffineTransform.getTranslateInstance(AnnotationRois.CENTER, AnnotationRois.CENTER)
            .createTransformedShape(path)
        : path;
  }

  /** Every {@code step}-th pixel of every {@code step}-th row. */
  private static BufferedImage picture(ImagePlus image, int step) {
    int w = (image.getWidth() + step - 1) / step;
    int h = (image.getHeight() + step - 1) / step;
    BufferedImage picture = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    int[] rgb = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
    if (Frames.isRgb(image)) {
      ImageProcessor plane = plane(image, image.getC());
      for (int i = 0; i < rgb.length; i++) rgb[i] = plane.get(i % w * step, i / w * step);
      return picture;
    }
    Intensity contrast = CONTRAST.fit(Frames.of(image).get(image.getZ(), image.getT()));
    int shift = Frames.signShift(image);
    for (int c = 1; c <= image.getNChannels(); c++) {
      ImageProcessor plane = plane(image, c);
      double offset = contrast.offset().get(c - 1) + shift;
      double scale = contrast.scale().get(c - 1) * 255;
      LUT lut = lut(image, c);
      for (int i = 0; i < rgb.length; i++) {
        double value = (plane.getf(i % w * step, i / w * step) - offset) * scale;
        rgb[i] = add(rgb[i], lut.getRGB((int) Math.max(0, Math.min(255, Math.round(value)))));
      }
    }
    return picture;
  }

  /** Sum of two colours, channel by channel, at most 255. */
  private static int add(int a, int b) {
    int sum = 0;
    for (int bits = 16; bits >= 0; bits -= 8) {
      sum |= Math.min(255, (a >> bits & 0xFF) + (b >> bits & 0xFF)) << bits;
    }
    return sum;
  }

  private static ImageProcessor plane(ImagePlus image, int channel) {
    return image.getStack().getProcessor(image.getStackIndex(channel, image.getZ(), image.getT()));
  }

  private static LUT lut(ImagePlus image, int channel) {
    LUT[] luts = image.getLuts();
    return luts.length >= channel ? luts[channel - 1] : luts[0];
  }

  private static BufferedImage enlarge(BufferedImage from, int factor) {
    BufferedImage to =
        new BufferedImage(
            from.getWidth() * factor, from.getHeight() * factor, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = to.createGraphics();
    g.drawImage(from, 0, 0, to.getWidth(), to.getHeight(), null);
    g.dispose();
    return to;
  }

  /**
   * Writes {@link #render} as PNG, whole or not at all.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the folder is full, missing or read-only
   */
  public static void writePng(Path file, ImagePlus image, Overlay overlay) {
    BufferedImage picture = render(image, overlay);
    AtomicFile.write(file, out -> writePng(picture, out));
  }

  /** Fast rather than small: noise hardly gets smaller with more effort. */
  private static void writePng(BufferedImage picture, OutputStream out) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    // not ImageIO.write, which goes through a temporary file
    try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam fast = writer.getDefaultWriteParam();
      fast.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      fast.setCompressionQuality(8 / 9f); // level 1 of zlib
      writer.setOutput(stream);
      writer.write(null, new IIOImage(picture, null, null), fast);
    } finally {
      writer.dispose();
    }
  }
}
