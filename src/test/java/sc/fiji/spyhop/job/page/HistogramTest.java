package sc.fiji.spyhop.job.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramTest {

  private static Sample sample(double... values) {
    Sample sample = new Sample();
    for (double v : values) sample.add(v);
    return sample;
  }

  private static double share(Histogram histogram) {
    return histogram.bars().stream().mapToDouble(Histogram.Bar::share).sum();
  }

  @Test
  void wholeNumbersAreInTheMiddleOfTheirBars() {
    Histogram counts = Histogram.of(sample(2, 3, 3, 5), Histogram.Way.ALL);
    assertEquals(
        List.of(
            new Histogram.Bar(1.5, 2.5, 0.25),
            new Histogram.Bar(2.5, 3.5, 0.5),
            new Histogram.Bar(3.5, 4.5, 0),
            new Histogram.Bar(4.5, 5.5, 0.25)),
        counts.bars());
    assertTrue(counts.whole());
  }

  /** 0 to 100 in 40 bars would be 2.5 wide; the next round number is 5. */
  @Test
  void barsAreOfARoundWidth() {
    Histogram bars = Histogram.of(sample(0.5, 100.5), Histogram.Way.ALL);
    assertEquals(0, bars.bars().get(0).from());
    assertEquals(5, bars.bars().get(0).to());
    assertEquals(21, bars.bars().size());
  }

  @Test
  void whatIsWhollySureIsInTheLastBar() {
    Histogram sure = Histogram.of(sample(0.985, 1), Histogram.Way.PERCENT);
    assertEquals(2, sure.bars().size());
    assertEquals(1, sure.bars().get(1).to(), 1e-9);
    assertEquals(1, share(sure), 1e-9);
  }

  @Test
  void fewThatAreMuchLargerAreCutOff() {
    Sample sizes = new Sample();
    for (int i = 0; i < 1000; i++) sizes.add(1 + i % 10 / 10.0);
    sizes.add(1e6);
    Histogram bars = Histogram.of(sizes, Histogram.Way.MOST);
    assertTrue(bars.cut());
    assertEquals(1000 / 1001.0, share(bars), 1e-9);
    assertTrue(bars.bars().get(bars.bars().size() - 1).to() < 2.1);
  }

  @Test
  void nearlyAllAlikeAreShownWithTheOther() {
    Sample sizes = new Sample();
    for (int i = 0; i < 1000; i++) sizes.add(0.5);
    sizes.add(2.5);
    Histogram bars = Histogram.of(sizes, Histogram.Way.MOST);
    assertFalse(bars.cut());
    assertEquals(1, share(bars), 1e-9);
  }

  /** Two million numbers from 0 to 1 keep their shape: a tenth of them is below a tenth. */
  @Test
  void aSampleStandsForAll() {
    Sample sample = new Sample();
    for (int i = 0; i < 2_000_000; i++) sample.add(i / 2e6);
    double[] kept = sample.sorted();
    assertEquals(2_000_000, sample.size());
    assertEquals(200_000, kept.length);
    // the standard error of a share of 0.1 among 200,000 is 0.0007
    assertEquals(0.1, kept[20_000], 0.004);
    assertEquals(0.9, kept[180_000], 0.004);
  }

  @Test
  void whatIsNoNumberIsPassedOver() {
    Sample sample = sample(Double.NaN, 4, Double.POSITIVE_INFINITY);
    assertEquals(1, sample.size());
    assertTrue(sample.isAlike());
  }
}
