package sc.fiji.spyhop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.PixelSize;

/** Rows as networks are given them; values by hand. */
class GeneratorSourceTest {

  private static final GeneratorSource.Columns TABLE = TestGenerators.TABLE;

  private static Map<String, String> row(Object height, Object azimuth, String style) {
    return Map.of("height", "" + height, "azimuth", "" + azimuth, "style", style, "note", "any");
  }

  private static String problem(org.junit.jupiter.api.function.Executable action) {
    return assertThrows(SpyhopException.class, action).getMessage();
  }

  @Test
  void aRowIsEncodedColumnByColumn() {
    assertEquals(6, TABLE.size());
    assertArrayEquals(
        new float[] {-0.5f, 0.5f, 0.8660254f, 0, 1, 0}, TABLE.encode(row(3, 30, "arms")), 1e-6f);
    assertArrayEquals(
        new float[] {2, 0, -1, 1, 0, 0}, TABLE.encode(row("8.0", "-180", " plain ")), 1e-6f);
    assertArrayEquals(
        TABLE.encode(row(3, 350, "stool")), TABLE.encode(row(3, -10, "stool")), 1e-6f);
  }

  @Test
  void whatWasEncodedIsDecoded() {
    assertEquals(
        Map.of("height", "3", "azimuth", "330", "style", "stool"),
        TABLE.decode(TABLE.encode(row(3, -30, "stool"))));
    assertEquals("0", TABLE.decode(TABLE.encode(row(3, 360, "stool"))).get("azimuth"));
  }

  @Test
  void whatLiesOutsideOfWhatWasLearnedIsTold() {
    assertEquals(List.of(), TABLE.outside(row(6, 720, "arms")));
    assertEquals(
        List.of("height is 6.5: the model learned from 2 to 6 µm, and guesses beyond."),
        TABLE.outside(row(6.5, 0, "arms")));
  }

  @Test
  void rowsThatCannotBeUnderstoodAreRefused() {
    assertEquals(
        "Column style is missing: expected height, azimuth, style, received azimuth, height.",
        problem(
            () -> TABLE.encode(new java.util.TreeMap<>(Map.of("height", "1", "azimuth", "2")))));
    assertEquals(
        "style is \"bench\": expected one of plain, arms, stool.",
        problem(() -> TABLE.encode(row(3, 0, "bench"))));
    for (String text : List.of("", "1,5", "NaN", "1e999", "x")) {
      assertEquals(
          "height is \"" + text + "\": expected a number with a decimal point.",
          problem(() -> TABLE.encode(row(text, 0, "arms"))));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "350, 10, 0.5, 0",
    "10, 350, 0.25, 5",
    "0, 180, 0.5, 90",
    "180, 0, 0.5, 270",
    "90, 0, 0.3333333333, 60",
    "45, 45, 0.7, 45",
    "-170, 170, 0.5, 180"
  })
  void anglesGoTheShortWayRound(double from, double to, double share, double expected) {
    RowColumn angle = new RowColumn.Angle("a");
    float[] way = angle.between(angle.encode("" + from), angle.encode("" + to), share);
    double radians = Math.toRadians(expected);
    assertArrayEquals(
        new float[] {(float) Math.sin(radians), (float) Math.cos(radians)}, way, 1e-5f);
  }

  @Test
  void numbersGoInProportionAndWordsAreBlended() {
    float[] way =
        TABLE.between(TABLE.encode(row(2, 0, "plain")), TABLE.encode(row(6, 90, "stool")), 1 / 3.0);
    assertArrayEquals(new float[] {-1 / 3f, 0.5f, 0.8660254f, 2 / 3f, 0, 1 / 3f}, way, 1e-6f);
  }

  /** Between (2, 0) and (0, 2) lies (sqrt 2, sqrt 2); a third of the way are 30 degrees. */
  @Test
  void noiseKeepsItsSizeOnTheWay() {
    GeneratorSource.Noise noise = new GeneratorSource.Noise(2);
    float[] x = {2, 0};
    float[] y = {0, 2};
    float root = (float) Math.sqrt(2);
    assertArrayEquals(new float[] {root, root}, noise.between(x, y, 0.5), 1e-6f);
    assertArrayEquals(new float[] {(float) Math.sqrt(3), 1}, noise.between(x, y, 1 / 3.0), 1e-6f);
    assertArrayEquals(x, noise.between(x, y, 0), 1e-6f);
    assertArrayEquals(y, noise.between(x, y, 1), 1e-6f);
    assertArrayEquals(new float[] {3, 0}, noise.between(x, new float[] {4, 0}, 0.5), 1e-6f);
    assertArrayEquals(new float[] {1, 0}, noise.between(x, new float[2], 0.5), 1e-6f);
    assertArrayEquals(new float[] {0, 0}, noise.between(x, new float[] {-2, 0}, 0.5), 1e-6f);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 10_001})
  void sizesAreBounded(int size) {
    assertTrue(problem(() -> new GeneratorSource.Noise(size)).contains("received " + size));
  }

  @Test
  void columnsThatCannotBeAreRefused() {
    assertTrue(problem(() -> new GeneratorSource.Columns(List.of())).contains("received 0"));
    RowColumn angle = new RowColumn.Angle("a");
    assertTrue(
        problem(() -> new GeneratorSource.Columns(List.of(angle, angle))).contains("a is there"));
    assertTrue(problem(() -> new RowColumn.Angle(" ")).contains("expected a name"));
    assertTrue(problem(() -> new RowColumn.Angle("a\nb")).contains("a?b"));
    assertTrue(problem(() -> new RowColumn.Number("n", "", 1, 1)).contains("1.0 and 1.0"));
    assertTrue(problem(() -> new RowColumn.Number("n", "", -1e308, 1e308)).contains("higher one"));
    assertTrue(problem(() -> new RowColumn.Number("n", "", Double.NaN, 1)).contains("NaN"));
    assertTrue(problem(() -> new RowColumn.Choice("c", List.of())).contains("received 0"));
    assertTrue(
        problem(() -> new RowColumn.Choice("c", List.of("x", "x"))).contains("none comes twice"));
  }

  @Test
  void pixelsStandForValues() {
    GeneratorSpec.Output output = TestGenerators.noise("n").spec().output();
    assertEquals(2, output.mapChannels());
    assertEquals(100, output.pixel(-1));
    assertEquals(1100, output.pixel(7));
    assertEquals(725, output.pixel(0.25));
    assertEquals(0.25, output.value(725), 1e-12);
    assertEquals(-1.2, output.value(0), 1e-12);
    GeneratorSpec.Output floats =
        new GeneratorSpec.Output(2, Colors.NONE, -1, 0, 32, PixelSize.UNCALIBRATED);
    assertEquals(-0.375, floats.pixel(0.25));
    assertEquals(2, floats.mapChannels());
  }

  @Test
  void imagesThatCannotBeAreRefused() {
    PixelSize size = PixelSize.UNCALIBRATED;
    Map.<String, org.junit.jupiter.api.function.Executable>of(
            "received 0",
            () -> new GeneratorSpec.Output(0, Colors.NONE, 0, 1, 8, size),
            "received 12",
            () -> new GeneratorSpec.Output(1, Colors.NONE, 0, 1, 12, size),
            "RGB with 3 channels in 16",
            () -> new GeneratorSpec.Output(3, Colors.RGB, 0, 1, 16, size),
            "BGR with 3",
            () -> new GeneratorSpec.Output(3, Colors.BGR, 0, 1, 8, size),
            "0.0 to 256.0",
            () -> new GeneratorSpec.Output(1, Colors.NONE, 0, 256, 8, size),
            "5.0 and 5.0",
            () -> new GeneratorSpec.Output(1, Colors.NONE, 5, 5, 8, size),
            "pixels of a size",
            () -> new GeneratorSpec.Output(1, Colors.NONE, 0, 1, 8, new PixelSize(0, 1, "µm")))
        .forEach((words, made) -> assertTrue(problem(made).contains(words), problem(made)));
  }
}
