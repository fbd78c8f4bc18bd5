package sc.fiji.spyhop.ui;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import net.imglib2.RandomAccess;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.ObjectClasses;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.training.sampling.Example;

/**
 * Draws validation images twice, side by side: with the truth, and with what the network says. All
 * that has a name keeps its colour.
 */
final class ExamplePicture {

  private static final int GAP = 4;
  private static final double DARKEST = 0.01;
  private static final double BRIGHTEST = 0.998;
  private static final float COVER = 0.45f;

  /** Of the circle, so that colours of neighbouring numbers are far apart. */
  private static final float GOLDEN = 0.618034f;

  private final int side;
  private final Map<String, Color> colors = new LinkedHashMap<>();

  /**
   * @param side longest of each half of a picture, pixels
   */
  ExamplePicture(int side) {
    this.side = side;
  }

  /** Of the boxes and keypoints drawn so far, by their names. */
  Map<String, Color> colors() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(colors));
  }

  BufferedImage of(Example example) {
    Shown shown = Shown.of(example.frame(), side);
    BufferedImage plain = shown.picture(example.frame());
    int width = plain.getWidth();
    BufferedImage both =
        new BufferedImage(2 * width + GAP, plain.getHeight(), BufferedImage.TYPE_INT_ARGB);
    Graphics2D g = both.createGraphics();
    g.drawImage(with(plain, example.truth(), example.frame(), shown), 0, 0, null);
    g.drawImage(with(plain, example.predicted(), example.frame(), shown), width + GAP, 0, null);
    g.dispose();
    return both;
  }

  /** In which size, and between which pixel values, images are shown. */
  private record Shown(int width, int height, double low, double high) {

    static Shown of(Frame frame, int side) {
      double scale = (double) side / Math.max(frame.width(), frame.height());
      int width = Math.max(1, (int) Math.round(scale * frame.width()));
      int height = Math.max(1, (int) Math.round(scale * frame.height()));
      double[] sorted = values(frame, width, height);
      Arrays.sort(sorted);
      return new Shown(
          width,
          height,
          sorted[(int) (DARKEST * (sorted.length - 1))],
          sorted[(int) (BRIGHTEST * (sorted.length - 1))]);
    }

    BufferedImage picture(Frame frame) {
      double[] values = values(frame, width, height);
      int bands = bands(frame);
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < width * height; p++) {
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
          double share = (values[p * bands + c % bands] - low) / Math.max(high - low, 1e-12);
          rgb = rgb << 8 | (int) Math.round(255 * Math.max(0, Math.min(1, share)));
        }
        image.setRGB(p % width, p / width, rgb);
      }
      return image;
    }

    private static int bands(Frame frame) {
      return frame.channels() >= 3 ? 3 : 1;
    }

    private static double[] values(Frame frame, int width, int height) {
      int bands = bands(frame);
      double[] values = new double[bands * width * height];
      RandomAccess<? extends RealType<?>> at = frame.pixels().randomAccess();
      for (int i = 0; i < values.length; i++) {
        int pixel = i / bands;
        at.setPosition((int) ((pixel % width + 0.5) * frame.width() / width), 0);
        at.setPosition((int) ((double) (pixel / width + 0.5) * frame.height() / height), 1);
        at.setPosition(i % bands, 2);
        values[i] = at.get().getRealDouble();
      }
      return values;
    }
  }

  private BufferedImage with(
      BufferedImage plain, Example.Content content, Frame frame, Shown shown) {
    if (content instanceof Example.Content.Picture p) return shown.picture(p.frame());
    BufferedImage image =
        new BufferedImage(plain.getWidth(), plain.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.drawImage(plain, 0, 0, null);
    if (content instanceof Example.Content.Labels l) {
      cover(image, l.labels());
    } else if (content instanceof Example.Content.Objects o) {
      draw(g, o.annotation(), (double) image.getWidth() / frame.width());
    } else if (content instanceof Example.Content.Words w) {
      write(g, w.text(), image);
    }
    g.dispose();
    return image;
  }

  /** Labels shine through; where they end is a line. Objects of a class have its colour. */
  private static void cover(BufferedImage image, LabelMap labels) {
    int width = image.getWidth();
    int height = image.getHeight();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int label = label(labels, x, y, width, height);
        if (label == 0) continue;
        boolean edge =
            label(labels, x + 1, y, width, height) != label
                || label(labels, x, y + 1, width, height) != label
                || label(labels, x - 1, y, width, height) != label
                || label(labels, x, y - 1, width, height) != label;
        int type = labels.classes().of(label);
        Color color = color(type == ObjectClasses.UNKNOWN ? label : type + 1);
        image.setRGB(x, y, mix(image.getRGB(x, y), color, edge ? 1 : COVER));
      }
    }
  }

  private static int label(LabelMap labels, int x, int y, int width, int height) {
    if (x < 0 || y < 0 || x >= width || y >= height) return 0;
    return labels.get(
        (int) ((x + 0.5) * labels.width() / width), (int) ((y + 0.5) * labels.height() / height));
  }

  private static Color color(int number) {
    return Color.getHSBColor(number * GOLDEN, 0.85f, 1);
  }

  private Color color(String name) {
    return colors.computeIfAbsent(name, n -> color(colors.size() + 1));
  }

  private static int mix(int rgb, Color over, float share) {
    Color under = new Color(rgb);
    return new Color(
            Math.round(under.getRed() + share * (over.getRed() - under.getRed())),
            Math.round(under.getGreen() + share * (over.getGreen() - under.getGreen())),
            Math.round(under.getBlue() + share * (over.getBlue() - under.getBlue())))
        .getRGB();
  }

  private void draw(Graphics2D g, Annotation annotation, double scale) {
    g.setStroke(new BasicStroke(1.5f));
    for (LocalizedObject o : annotation.objects()) {
      g.setColor(color(o.type()));
      g.draw(
          new Rectangle2D.Double(
              scale * o.box().x(),
              scale * o.box().y(),
              scale * o.box().width(),
              scale * o.box().height()));
    }
    for (Pose pose : annotation.poses()) {
      for (Keypoint k : pose.located()) {
        g.setColor(color(k.name()));
        g.fill(new Ellipse2D.Double(scale * k.x() - 3, scale * k.y() - 3, 6, 6));
      }
    }
  }

  private static void write(Graphics2D g, String text, BufferedImage image) {
    g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 12));
    int height = g.getFontMetrics().getHeight();
    g.setColor(new Color(0, 0, 0, 150));
    g.fillRect(0, image.getHeight() - height, image.getWidth(), height);
    g.setColor(Color.WHITE);
    g.drawString(text, 3, image.getHeight() - g.getFontMetrics().getDescent());
  }
}
