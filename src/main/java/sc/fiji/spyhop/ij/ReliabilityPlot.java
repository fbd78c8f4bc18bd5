package sc.fiji.spyhop.ij;

import ij.gui.Plot;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.util.stream.IntStream;
import sc.fiji.spyhop.util.Strings;

/**
 * A reliability curve: for objects of about the same score, the share that is right against the
 * score. Scores that mean what they say lie on the diagonal; below it the model is surer than it
 * should be. Beside each point stands the number of its objects.
 */
public final class ReliabilityPlot {

  private static final int WIDTH = 480;
  private static final int HEIGHT = 440;
  private static final Color CURVE = new Color(0x3b6ea5);
  private static final double[] ENDS = {0, 1};

  private ReliabilityPlot() {}

  /**
   * Makes the plot.
   *
   * @param scores mean score of each group of objects, in [0, 1], ascending
   * @param right share of each that is right, in [0, 1]
   * @param counts number of objects of each
   * @param error expected calibration error, in [0, 1]
   */
  public static Plot of(double[] scores, double[] right, long[] counts, double error) {
    String along = Strings.format("Mean score (expected calibration error %.3f)", error);
    Plot plot = new Plot("Reliability of scores", along, "Share that is right");
    plot.setSize(WIDTH, HEIGHT);
    plot.setFont(Font.PLAIN, 14);
    plot.setLimits(0, 1, 0, 1);
    plot.setColor(Color.GRAY);
    plot.setLineWidth(1);
    plot.addPoints(ENDS, ENDS, Plot.LINE);
    plot.setColor(CURVE, CURVE);
    plot.setLineWidth(2);
    plot.addPoints(scores, right, Plot.CONNECTED_CIRCLES);
    plot.setColor(Color.DARK_GRAY);
    plot.setFont(Font.PLAIN, 12);
    IntStream.range(0, scores.length)
        .forEach(i -> number(plot, scores[i], right[i], Strings.format("%,d", counts[i])));
    return plot;
  }

  /** Beside a point, on the side away from the diagonal, as far as there is room. */
  private static void number(Plot plot, double x, double y, String text) {
    boolean left = x > 0.85 || y > x && x > 0.06;
    plot.setJustification(left ? Plot.RIGHT : Plot.LEFT);
    double base = y > x ? Math.min(0.95, y + 0.015) : Math.max(0.01, y - 0.04);
    plot.addLabel(left ? x - 0.015 : x + 0.015, 1 - base, text);
  }

  /** The plot as a picture, in twice the size for print. */
  public static BufferedImage picture(Plot plot) {
    return plot.makeHighResolution("", 2, true, false).getBufferedImage();
  }
}
