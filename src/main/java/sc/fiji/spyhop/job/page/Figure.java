package sc.fiji.spyhop.job.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import sc.fiji.spyhop.util.Strings;

/**
 * A plot of a page.
 *
 * @param caption a sentence or two
 * @param png picture of twice the width
 * @param width in CSS pixels
 */
record Figure(String title, String caption, byte[] png, int width) {

  /** Groups with more values are not drawn. */
  private static final int BARS = 100;

  /** Classes that are drawn, the most frequent first. */
  private static final int CLASSES = 30;

  /** Sum, sum of squares and number of values. */
  private static final class Sums {
    private double sum;
    private double squares;
    private int n;

    void add(double value) {
      sum += value;
      squares += value * value;
      n++;
    }

    Plots.Mean mean() {
      double mean = sum / n;
      if (n < 2) return new Plots.Mean(mean, OptionalDouble.empty());
      double variance = Math.max(0, (squares - n * mean * mean) / (n - 1));
      return new Plots.Mean(mean, OptionalDouble.of(Math.sqrt(variance)));
    }
  }

  /** All plots that say something. */
  static List<Figure> of(LookedImages images, ClassShares shares, Findings findings) {
    List<Figure> figures = new ArrayList<>();
    if (shares.isEmpty()) {
      for (String group : images.groups()) byGroup(images, group).ifPresent(figures::add);
      counts(images).filter(f -> figures.isEmpty()).ifPresent(figures::add);
    }
    sizes(findings).ifPresent(figures::add);
    classes(findings).ifPresent(figures::add);
    byClass(shares).ifPresent(figures::add);
    sure(findings).ifPresent(figures::add);
    return figures;
  }

  private static Optional<Figure> byGroup(LookedImages images, String group) {
    Map<String, Sums> sums = new LinkedHashMap<>();
    for (LookedImages.Image i : images.images()) {
      if (i.failed() || i.text(group).isEmpty()) continue;
      sums.computeIfAbsent(i.text(group), g -> new Sums()).add(i.number("count"));
    }
    if (sums.size() < 2 || sums.size() > BARS) return Optional.empty();
    Map<String, Plots.Mean> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum.mean()));
    boolean spread = means.values().stream().anyMatch(m -> m.spread().isPresent());
    return Optional.of(
        new Figure(
            "Count by " + group,
            spread ? "Mean over the images of each; lines show the standard deviation." : "",
            Plots.bars(means, "count per image"),
            Plots.width(means.size())));
  }

  private static Optional<Figure> counts(LookedImages images) {
    Sample counts = new Sample();
    images.images().stream().filter(i -> !i.failed()).forEach(i -> counts.add(i.number("count")));
    return histogram(
        "Count per image",
        Strings.count(counts.size(), "image") + ".",
        counts,
        Histogram.Way.ALL,
        "count",
        "images (%)");
  }

  private static Optional<Figure> sizes(Findings findings) {
    return histogram(
        "Size",
        Strings.format("Areas of %,d.", findings.sizes().size()),
        findings.sizes(),
        Histogram.Way.MOST,
        "area (" + findings.unit() + "²)",
        "share (%)");
  }

  private static Optional<Figure> sure(Findings findings) {
    return histogram(
        "How sure the model is",
        Strings.format("Probability or score of %,d.", findings.sure().size()),
        findings.sure(),
        Histogram.Way.PERCENT,
        "probability or score",
        "share (%)");
  }

  private static Optional<Figure> histogram(
      String title, String caption, Sample sample, Histogram.Way way, String along, String up) {
    if (sample.isAlike()) return Optional.empty();
    Histogram bars = Histogram.of(sample, way);
    String cut = bars.cut() ? " The largest 0.5 % lie beyond." : "";
    return Optional.of(
        new Figure(title, caption + cut, Plots.histogram(bars, along, up), Plots.WIDTH));
  }

  private static Optional<Figure> classes(Findings findings) {
    Map<String, Plots.Mean> counts = new LinkedHashMap<>();
    findings.classes().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(CLASSES)
        .forEach(e -> counts.put(e.getKey(), new Plots.Mean(e.getValue(), OptionalDouble.empty())));
    if (counts.size() < 2) return Optional.empty();
    int left = findings.classes().size() - counts.size();
    return Optional.of(
        new Figure(
            "Classes",
            left > 0 ? Strings.format("The most frequent; %d more are rarer.", left) : "",
            Plots.bars(counts, "count"),
            Plots.width(counts.size())));
  }

  private static Optional<Figure> byClass(ClassShares shares) {
    Map<String, Plots.Mean> means = new LinkedHashMap<>();
    shares
        .shares()
        .forEach(
            (name, all) -> {
              Sums sums = new Sums();
              all.forEach(share -> sums.add(100 * share));
              if (!all.isEmpty()) means.put(name, sums.mean());
            });
    if (means.isEmpty() || means.size() > BARS) return Optional.empty();
    boolean spread = means.values().stream().anyMatch(m -> m.spread().isPresent());
    return Optional.of(
        new Figure(
            "Share by class",
            "Of the pixels that were looked at; the rest is "
                + shares.first()
                + "."
                + (spread ? " Mean over the images; lines show the standard deviation." : ""),
            Plots.bars(means, "share of the area (%)"),
            Plots.width(means.size())));
  }
}
