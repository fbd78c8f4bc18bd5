package sc.fiji.spyhop.job.page;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.LineAndShapeRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.category.StatisticalBarRenderer;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.statistics.DefaultStatisticalCategoryDataset;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/** Plots as PNG, drawn without a display. */
final class Plots {

  /** In CSS pixels; a picture has twice as many, for fine screens and print. */
  static final int WIDTH = 520;

  static final int HEIGHT = 280;

  /** More bars than this take the width of two plots. */
  static final int FEW = 24;

  /** The names of more are small. */
  private static final int MANY = 60;

  /** That fit beside each other. */
  private static final int LETTERS = 50;

  private static final int FINE = 2;

  private static final Color BAR = new Color(0x3b6ea5);
  private static final Color TEXT = new Color(0x333333);
  private static final Color GRID = new Color(0xdddddd);
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

  private Plots() {}

  /**
   * Mean and standard deviation.
   *
   * @param spread absent where there is none
   */
  record Mean(double mean, OptionalDouble spread) {}

  /** How often numbers are how large, in percent. */
  static byte[] histogram(Histogram histogram, String along, String up) {
    XYIntervalSeries series = new XYIntervalSeries("");
    for (Histogram.Bar bar : histogram.bars()) {
      double y = 100 * bar.share();
      series.add((bar.from() + bar.to()) / 2, bar.from(), bar.to(), y, 0, y);
    }
    XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
    data.addSeries(series);
    XYBarRenderer bars = new XYBarRenderer(0.06);
    bars.setBarPainter(new StandardXYBarPainter());
    bars.setShadowVisible(false);
    bars.setSeriesPaint(0, BAR);
    NumberAxis x = number(along, histogram.whole());
    x.setAutoRangeIncludesZero(false);
    XYPlot plot = new XYPlot(data, x, number(up, false), bars);
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinePaint(GRID);
    plot.setRangeGridlineStroke(new BasicStroke(1));
    return png(plot, WIDTH);
  }

  /** A bar for each of some names, with a line for the spread. */
  static byte[] bars(Map<String, Mean> heights, String up) {
    DefaultStatisticalCategoryDataset data = new DefaultStatisticalCategoryDataset();
    heights.forEach((name, height) -> data.add(height.mean(), spread(height), "", name));
    StatisticalBarRenderer bars = new StatisticalBarRenderer();
    bars.setBarPainter(new StandardBarPainter());
    bars.setShadowVisible(false);
    bars.setSeriesPaint(0, BAR);
    bars.setErrorIndicatorPaint(TEXT);
    bars.setErrorIndicatorStroke(new BasicStroke(1));
    bars.setMaximumBarWidth(0.12);
    CategoryAxis x = new CategoryAxis();
    x.setTickLabelFont(heights.size() > MANY ? FONT.deriveFont(8f) : FONT);
    x.setTickLabelPaint(TEXT);
    x.setAxisLinePaint(GRID);
    x.setTickMarksVisible(false);
    x.setCategoryMargin(0.2);
    int letters = heights.keySet().stream().mapToInt(n -> n.length() + 2).sum();
    if (letters > LETTERS || heights.size() > FEW)
      x.setCategoryLabelPositions(CategoryLabelPositions.UP_90);
    x.setMaximumCategoryLabelWidthRatio(0.8f);
    boolean whole = heights.values().stream().allMatch(h -> h.mean() == Math.rint(h.mean()));
    CategoryPlot plot = new CategoryPlot(data, x, number(up, whole), bars);
    plot.setRangeGridlinePaint(GRID);
    plot.setRangeGridlineStroke(new BasicStroke(1));
    return png(plot, width(heights.size()));
  }

  /**
   * A line for each of some names.
   *
   * @param lines heights by name, one for each of the places; NaN where there is none
   * @param places along the axis
   */
  static byte[] lines(Map<String, double[]> lines, List<String> places, String along, String up) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    lines.forEach(
        (name, heights) -> {
          for (int i = 0; i < heights.length; i++) data.addValue(heights[i], name, places.get(i));
        });
    LineAndShapeRenderer line = new LineAndShapeRenderer();
    for (int i = 0; i < lines.size(); i++) {
      line.setSeriesPaint(i, Color.getHSBColor((float) i / lines.size(), 0.7f, 0.75f));
      line.setSeriesStroke(i, new BasicStroke(2));
    }
    CategoryAxis x = new CategoryAxis(along);
    x.setLabelFont(FONT);
    x.setLabelPaint(TEXT);
    x.setTickLabelFont(FONT);
    x.setTickLabelPaint(TEXT);
    x.setAxisLinePaint(GRID);
    CategoryPlot plot = new CategoryPlot(data, x, number(up, false), line);
    plot.setRangeGridlinePaint(GRID);
    plot.setRangeGridlineStroke(new BasicStroke(1));
    return png(plot, WIDTH, true);
  }

  /** None is null. */
  private static Number spread(Mean height) {
    return height.spread().isPresent() ? height.spread().getAsDouble() : null;
  }

  /** Width of a plot of so many bars, in CSS pixels. */
  static int width(int bars) {
    return bars > FEW ? 2 * WIDTH : WIDTH;
  }

  private static NumberAxis number(String label, boolean whole) {
    NumberAxis axis = new NumberAxis(label);
    axis.setStandardTickUnits(
        whole
            ? NumberAxis.createIntegerTickUnits(Locale.ROOT)
            : NumberAxis.createStandardTickUnits(Locale.ROOT));
    style(axis);
    return axis;
  }

  private static void style(ValueAxis axis) {
    axis.setLabelFont(FONT);
    axis.setLabelPaint(TEXT);
    axis.setTickLabelFont(FONT);
    axis.setTickLabelPaint(TEXT);
    axis.setAxisLinePaint(GRID);
    axis.setTickMarkPaint(GRID);
  }

  private static byte[] png(Plot plot, int width) {
    return png(plot, width, false);
  }

  private static byte[] png(Plot plot, int width, boolean legend) {
    plot.setOutlineVisible(false);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setInsets(new RectangleInsets(4, 4, 4, 12));
    JFreeChart chart = new JFreeChart(null, FONT, plot, legend);
    if (legend) chart.getLegend().setItemFont(FONT);
    if (legend) chart.getLegend().setFrame(BlockBorder.NONE);
    chart.setBackgroundPaint(Color.WHITE);
    BufferedImage picture =
        new BufferedImage(FINE * width, FINE * HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.scale(FINE, FINE);
    chart.draw(g, new Rectangle2D.Double(0, 0, width, HEIGHT));
    g.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }
}
