package sc.fiji.spyhop.image.stain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers are those of src/test/python/stain_normalization.py, which is NumPy. */
class StainTest {

  private static final int N = 400;

  private static final float[] ONE = pixels(1.2, 0.65, 0.70, 0.29, 0.27, 0.90, 0.34);
  private static final float[] OTHER = pixels(0.8, 0.55, 0.76, 0.35, 0.20, 0.80, 0.56);

  /** Mixtures of two stains, rounded to whole numbers. */
  private static float[] pixels(double strength, double... stains) {
    float[] all = new float[3 * N];
    for (int i = 0; i < N; i++) {
      double a = 37 * i % 101 / 100.0 * strength;
      double b = 53 * i % 97 / 96.0 * 0.8 * strength;
      double noise = (29 * i % 13 - 6) * 0.004;
      for (int c = 0; c < 3; c++) {
        double density = a * stains[c] + b * stains[3 + c] + noise;
        double value = Math.max(0, Math.min(255, 256 * Math.exp(-density) - 1));
        all[c * N + i] = (float) Math.floor(value + 0.5);
      }
    }
    return all;
  }

  private static void assertList(List<Double> found, double... expected) {
    assertArrayEquals(expected, found.stream().mapToDouble(v -> v).toArray(), 1e-4);
  }

  @Test
  void macenkoMeasuresAsNumPy() {
    Macenko one = (Macenko) StainMethod.MACENKO.measure(ONE).orElseThrow();
    assertList(one.first(), 0.64382, 0.706735, 0.293296);
    assertList(one.second(), 0.283558, 0.897107, 0.338813);
    assertList(one.strengths(), 1.215445, 0.972971);
    Macenko other = (Macenko) StainMethod.MACENKO.measure(OTHER).orElseThrow();
    assertList(other.first(), 0.542362, 0.760751, 0.356513);
    assertList(other.second(), 0.257444, 0.804864, 0.534712);
    assertList(other.strengths(), 0.798151, 0.737394);
  }

  @Test
  void reinhardMeasuresAsNumPy() {
    Reinhard one = (Reinhard) StainMethod.REINHARD.measure(ONE).orElseThrow();
    assertList(one.mean(), -0.451483, -0.109458, 0.012542);
    assertList(one.deviation(), 0.188585, 0.04724, 0.008521);
    Reinhard other = (Reinhard) StainMethod.REINHARD.measure(OTHER).orElseThrow();
    assertList(other.mean(), -0.315357, -0.038205, 0.013506);
    assertList(other.deviation(), 0.132735, 0.021715, 0.006678);
  }

  private static float[] normalized(StainMethod method, int pixel) {
    float[] all = ONE.clone();
    StainLook reference = method.measure(OTHER).orElseThrow();
    method.measure(ONE).orElseThrow().to(reference).mapAll(all);
    return new float[] {all[pixel], all[N + pixel], all[2 * N + pixel]};
  }

  @Test
  void colorsAreThoseOfNumPy() {
    StainMethod macenko = StainMethod.MACENKO;
    assertArrayEquals(new float[] {255, 255, 255}, normalized(macenko, 0), 0.01f);
    assertArrayEquals(
        new float[] {170.387233f, 110.525084f, 156.685639f}, normalized(macenko, 7), 0.01f);
    assertArrayEquals(
        new float[] {239.576663f, 218.197611f, 231.360308f}, normalized(macenko, 123), 0.01f);
    StainMethod reinhard = StainMethod.REINHARD;
    assertArrayEquals(new float[] {255, 254.566815f, 249.118512f}, normalized(reinhard, 0), 0.01f);
    assertArrayEquals(
        new float[] {174.66424f, 115.013861f, 164.667175f}, normalized(reinhard, 7), 0.01f);
    assertArrayEquals(
        new float[] {145.070108f, 92.313653f, 146.00449f}, normalized(reinhard, 300), 0.01f);
  }

  /** White absorbs nothing; of 127 half of the light is left, which is ln 2. */
  @Test
  void densitiesAreLogarithms() {
    assertEquals(0, OpticalDensity.of(255), 1e-12);
    assertEquals(Math.log(2), OpticalDensity.of(127), 1e-12);
    assertEquals(127, OpticalDensity.value(Math.log(2)), 1e-4);
    assertEquals(255, OpticalDensity.value(-3));
  }

  @ParameterizedTest
  @EnumSource
  void anImageInItsOwnColorsStays(StainMethod method) {
    StainLook look = method.measure(ONE).orElseThrow();
    float[] same = ONE.clone();
    look.to(look).mapAll(same);
    // two stains are not all there is: what does not lie in their plane is lost
    assertArrayEquals(ONE, same, method == StainMethod.MACENKO ? 4 : 0.01f);
  }

  @ParameterizedTest
  @EnumSource
  void whatShowsHardlyAnyTissueIsNotMeasured(StainMethod method) {
    float[] white = new float[3 * N];
    Arrays.fill(white, 250);
    assertEquals(Optional.empty(), method.measure(white));
    assertEquals(Optional.empty(), method.measure(new float[0]));
    for (int i = 0; i < 3; i++) System.arraycopy(ONE, i * N, white, i * N, 3);
    assertEquals(Optional.empty(), method.measure(white), "three pixels of tissue");
  }

  /** Of one colour there is one stain, or none at all of several. */
  @Test
  void oneColorHasNoTwoStains() {
    float[] grey = new float[3 * N];
    Arrays.fill(grey, 90);
    assertEquals(Optional.empty(), StainMethod.MACENKO.measure(grey));
    StainLook flat = StainMethod.REINHARD.measure(grey).orElseThrow();
    float[] mapped = grey.clone();
    flat.to(StainMethod.REINHARD.measure(ONE).orElseThrow()).mapAll(mapped);
    for (float v : mapped) assertTrue(v >= 0 && v <= 255, "value " + v);
  }

  @Test
  void referencesOfTheOtherMethodAreRefused() {
    StainLook macenko = StainMethod.MACENKO.measure(ONE).orElseThrow();
    StainLook reinhard = StainMethod.REINHARD.measure(ONE).orElseThrow();
    assertThrows(IllegalArgumentException.class, () -> macenko.to(reinhard));
    assertThrows(IllegalArgumentException.class, () -> reinhard.to(macenko));
  }

  @Test
  void looksThatMakeNoSenseAreRefused() {
    List<Double> three = List.of(1.0, 0.0, 0.0);
    assertThrows(
        IllegalArgumentException.class, () -> new Macenko(three, three, List.of(1.0, 0.0)));
    assertThrows(IllegalArgumentException.class, () -> new Macenko(three, three, List.of(1.0)));
    assertThrows(
        IllegalArgumentException.class, () -> new Reinhard(three, List.of(1.0, -1.0, 1.0)));
  }
}
