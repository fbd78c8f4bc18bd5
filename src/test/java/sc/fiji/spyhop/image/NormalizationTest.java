package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.position.FunctionRandomAccessible;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class NormalizationTest {

  private static Frame frame(RandomAccessibleInterval<? extends RealType<?>> pixels) {
    return new Frame("cells.tif", pixels, PixelSize.UNCALIBRATED);
  }

  private static Frame floats(int width, int height, int channels, float... values) {
    return frame(ArrayImgs.floats(values, width, height, channels));
  }

  private static void assertIntensity(Intensity found, double offset, double scale) {
    assertEquals(offset, found.offset().get(0), 1e-9 * Math.max(1, Math.abs(offset)));
    assertEquals(scale, found.scale().get(0), 1e-9 * Math.max(1, scale));
  }

  /** numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6, 5, 3], [10, 95]) is [1.0, 7.65]. */
  @Test
  void percentilesAreThoseOfNumpy() {
    Frame f = floats(5, 2, 1, 3, 1, 4, 1, 5, 9, 2, 6, 5, 3);
    assertIntensity(new Normalization.Percentile(10, 95).fit(f), 1.0, 1 / 6.65);
  }

  @Test
  void percentilesEqualSorting() {
    Random random = new Random(1);
    byte[] bytes = new byte[300 * 101];
    random.nextBytes(bytes);
    short[] shorts = new short[bytes.length];
    float[] gauss = new float[bytes.length];
    float[] tiny = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      shorts[i] = (short) random.nextInt();
      gauss[i] = (float) random.nextGaussian() * 1e4f;
      tiny[i] = 1000 + random.nextFloat() * 1e-2f;
    }
    double[] fromBytes = new double[bytes.length];
    double[] fromShorts = new double[bytes.length];
    double[] fromGauss = new double[bytes.length];
    double[] fromTiny = new double[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      fromBytes[i] = bytes[i] & 0xFF;
      fromShorts[i] = shorts[i] & 0xFFFF;
      fromGauss[i] = gauss[i];
      fromTiny[i] = tiny[i];
    }
    assertSorted(fromBytes, frame(ArrayImgs.unsignedBytes(bytes, 300, 101, 1)));
    assertSorted(fromShorts, frame(ArrayImgs.unsignedShorts(shorts, 300, 101, 1)));
    assertSorted(fromGauss, frame(ArrayImgs.floats(gauss, 300, 101, 1)));
    assertSorted(fromTiny, frame(ArrayImgs.floats(tiny, 300, 101, 1)));
  }

  private static void assertSorted(double[] values, Frame frame) {
    Arrays.sort(values);
    double[][] ranges = {{0, 100}, {1, 99.8}, {0.1, 50}, {33.3, 66.6}};
    for (double[] r : ranges) {
      double low = interpolated(values, r[0]);
      double high = interpolated(values, r[1]);
      assertIntensity(new Normalization.Percentile(r[0], r[1]).fit(frame), low, 1 / (high - low));
    }
  }

  private static double interpolated(double[] sorted, double percent) {
    double index = percent / 100 * (sorted.length - 1);
    int i = (int) index;
    double next = sorted[Math.min(i + 1, sorted.length - 1)];
    return sorted[i] + (index - i) * (next - sorted[i]);
  }

  @Test
  void channelsAreMeasuredApart() {
    Frame f = floats(2, 1, 2, 0, 10, 5, 5);
    Intensity intensity = new Normalization.MinMax().fit(f);
    assertEquals(List.of(0.0, 5.0), intensity.offset());
    assertEquals(List.of(0.1, 0.0), intensity.scale());
    float[] values = {0, 10, 5, 5};
    intensity.apply(values, 2);
    assertArrayEquals(new float[] {0, 1, 0, 0}, values);
  }

  @Test
  void constantImagesBecomeZero() {
    for (Normalization n :
        List.of(
            new Normalization.Percentile(1, 99.8),
            new Normalization.MinMax(),
            new Normalization.ZScore())) {
      float[] values = {7, 7, 7, 7};
      n.fit(floats(2, 2, 1, values)).apply(values, 1);
      assertArrayEquals(new float[4], values, n.toString());
    }
  }

  @Test
  void aFewBrightPixelsOnAFlatBackgroundStayInRange() {
    float[] values = new float[10_000];
    values[77] = 50;
    assertIntensity(
        new Normalization.Percentile(1, 99.8).fit(floats(100, 100, 1, values)), 0, 1 / 50.0);
  }

  /** Mean 5, population standard deviation 2: the textbook set. */
  @Test
  void zScore() {
    Frame f = floats(4, 2, 1, 2, 4, 4, 4, 5, 5, 7, 9);
    assertIntensity(new Normalization.ZScore().fit(f), 5, 0.5);
  }

  @Test
  void zScoreOfManyBlocksWithALargeOffset() {
    int width = 1500;
    int height = 1500;
    var pixels =
        Views.interval(
            new FunctionRandomAccessible<>(
                3, (p, v) -> v.set(60_000 + (p.getIntPosition(0) & 1) * 2), UnsignedShortType::new),
            new long[3],
            new long[] {width - 1, height - 1, 0});
    assertIntensity(new Normalization.ZScore().fit(frame(pixels)), 60_001, 1);
  }

  @Test
  void fixedServesOneOrAllChannels() {
    Frame f = floats(1, 1, 3, 1, 2, 3);
    assertEquals(
        List.of(10.0, 10.0, 10.0),
        new Normalization.Fixed(List.of(10.0), List.of(0.5)).fit(f).offset());
    Normalization two = new Normalization.Fixed(List.of(1.0, 2.0), List.of(1.0, 1.0));
    assertTrue(
        assertThrows(SpyhopException.class, () -> two.fit(f)).getMessage().contains("2 channels"));
  }

  @Test
  void refusesWhatIsNotFinite() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      Frame f = floats(3, 2, 1, 0, 1, 2, 3, bad, 5);
      for (Normalization n :
          List.of(
              new Normalization.Percentile(1, 99),
              new Normalization.MinMax(),
              new Normalization.ZScore(),
              new Normalization.Fixed(List.of(0.0), List.of(1.0)))) {
        String message = assertThrows(SpyhopException.class, () -> n.fit(f)).getMessage();
        assertTrue(message.contains("cells.tif"), message);
        assertTrue(message.contains("column 1, row 1"), message);
      }
    }
  }

  @Test
  void refusesWhatIsFiniteButFarFromAllElse() {
    float[] values = new float[1000];
    for (int i = 0; i < 1000; i++) values[i] = i;
    for (float far : new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, 1e20f}) {
      values[500] = far;
      Frame frame = floats(100, 10, 1, values);
      List<Normalization> all =
          List.of(
              new Normalization.Percentile(1, 99.8),
              new Normalization.Fixed(List.of(0.0), List.of(1 / 255.0)));
      for (Normalization n : all) {
        String message = assertThrows(SpyhopException.class, () -> n.fit(frame)).getMessage();
        assertTrue(message.contains("cells.tif") && message.contains("no data"), message);
      }
    }
    values[500] = 1e9f;
    new Normalization.Percentile(1, 99.8).fit(floats(100, 10, 1, values));
    for (int i = 0; i < 1000; i++) values[i] = i * 3e35f;
    new Normalization.Percentile(1, 99.8).fit(floats(100, 10, 1, values));
  }

  @Test
  void refusesAnEmptyImage() {
    Frame f = floats(0, 4, 1);
    assertTrue(
        assertThrows(SpyhopException.class, () -> new Normalization.MinMax().fit(f))
            .getMessage()
            .contains("empty"));
  }

  @Test
  void survivesJson() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    for (Normalization n :
        List.of(
            new Normalization.Percentile(1, 99.8),
            new Normalization.MinMax(),
            new Normalization.Fixed(List.of(0.0), List.of(0.5)),
            new Normalization.ZScore(),
            new Normalization.WithEpsilon(new Normalization.Percentile(0, 99), 1e-6, true))) {
      assertEquals(n, mapper.readValue(mapper.writeValueAsString(n), Normalization.class));
    }
    assertEquals(
        "{\"type\":\"percentile\",\"low\":1.0,\"high\":99.8}",
        mapper.writeValueAsString(new Normalization.Percentile(1, 99.8)));
  }

  /**
   * Mean and population deviation of 1, 2, 3, 6 are 3 and sqrt(3.5); of 10, 20, 30, 60 ten times.
   */
  @Test
  void epsilonIsAddedToWhatIsDividedBy() {
    Normalization each = new Normalization.WithEpsilon(new Normalization.ZScore(), 0.5, false);
    Intensity found = each.fit(floats(2, 2, 2, 1, 2, 3, 6, 10, 20, 30, 60));
    assertIntensity(found, 3, 1 / (Math.sqrt(3.5) + 0.5));
    assertEquals(30, found.offset().get(1), 1e-9);
    assertEquals(1 / (10 * Math.sqrt(3.5) + 0.5), found.scale().get(1), 1e-12);
    // numpy.percentile([1, 2, 3, 6], [0, 50]) is [1.0, 2.5]
    Normalization half =
        new Normalization.WithEpsilon(new Normalization.Percentile(0, 50), 0.5, false);
    assertIntensity(half.fit(floats(2, 2, 1, 1, 2, 3, 6)), 1, 1 / 2.0);
  }

  /** All eight: mean 16.5; squares 46, 4600, so the mean of squares is (50 + 5000) / 8 = 631.25. */
  @Test
  void channelsAreMeasuredAsOneIfAsked() {
    Normalization all = new Normalization.WithEpsilon(new Normalization.ZScore(), 1e-6, true);
    Intensity found = all.fit(floats(2, 2, 2, 1, 2, 3, 6, 10, 20, 30, 60));
    double deviation = Math.sqrt(631.25 - 16.5 * 16.5);
    assertIntensity(found, 16.5, 1 / (deviation + 1e-6));
    assertEquals(found.offset().get(0), found.offset().get(1));
    assertEquals(found.scale().get(0), found.scale().get(1));
    Normalization range =
        new Normalization.WithEpsilon(new Normalization.Percentile(0, 100), 1, true);
    assertIntensity(range.fit(floats(2, 2, 2, 1, 2, 3, 6, 10, 20, 30, 60)), 1, 1 / 60.0);
  }

  /** Where percentiles are equal the epsilon alone is left, but nothing is left of a constant. */
  @Test
  void aConstantChannelBecomesZeroWithAnEpsilonToo() {
    Normalization percentile =
        new Normalization.WithEpsilon(new Normalization.Percentile(10, 50), 0.25, false);
    assertIntensity(percentile.fit(floats(5, 1, 1, 7, 7, 7, 7, 9)), 7, 4);
    assertIntensity(percentile.fit(floats(2, 2, 1, 7, 7, 7, 7)), 7, 0);
    assertThrows(
        IllegalArgumentException.class,
        () -> new Normalization.WithEpsilon(new Normalization.MinMax(), 1, false));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Normalization.WithEpsilon(new Normalization.ZScore(), 0, false));
  }
}
