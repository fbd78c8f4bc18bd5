package sc.fiji.spyhop.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.PixelSize;

class ScalingTest {

  @Test
  void isAutomaticUnlessSomethingIsGiven() {
    assertEquals(Scaling.AUTO, Scaling.ofDiameter(" Auto "));
    assertEquals(Scaling.AUTO, Scaling.ofFactor(""));
    assertEquals(new Scaling.Factor(0.5), Scaling.ofFactor("0.5"));
  }

  @ParameterizedTest
  @CsvSource({
    "30, 30, ''",
    "30 px, 30, ''",
    "12.5 pixels, 12.5, ''",
    "12 um, 12, um",
    "12µm, 12, µm",
    ".5 mm, 0.5, mm",
    "1e3 nm, 1000, nm",
  })
  void diametersHaveUnitsOrPixels(String text, double value, String unit) {
    assertEquals(new Scaling.Diameter(value, unit), Scaling.ofDiameter(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"12,5", "-3", "0", "12 furlongs", "NaN", "1e9"})
  void refusesWhatIsNoDiameter(String text) {
    SpyhopException e = assertThrows(SpyhopException.class, () -> Scaling.ofDiameter(text));
    assertTrue(e.getMessage().endsWith("received \"" + text + "\"."), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "half", "NaN", "17", "-1", "0x1p-1", "0.5f"})
  void refusesWhatIsNoScale(String text) {
    SpyhopException e = assertThrows(SpyhopException.class, () -> Scaling.ofFactor(text));
    assertTrue(e.getMessage().startsWith("expected auto or a number from"), e.getMessage());
  }

  @Test
  void unitsAreTurnedIntoPixels() {
    PixelSize size = new PixelSize(0.5, 0.5, "micron");
    assertEquals(24, new Scaling.Diameter(12, "um").pixels("a.tif", size), 1e-12);
    // pi / 4 * 12^2 square micrometres are as many pixels of 0.5 x 2 as of 1 x 1
    PixelSize oblong = new PixelSize(0.5, 2, "um");
    assertEquals(12, new Scaling.Diameter(12, "um").pixels("a.tif", oblong), 1e-12);
    assertEquals(OptionalDouble.of(2), oblong.unlike(size));
    assertEquals(2, new Scaling.Diameter(1000, "nm").pixels("a.tif", size), 1e-12);
    assertEquals(12, new Scaling.Diameter(12, "").pixels("a.tif", size));
    SpyhopException e =
        assertThrows(
            SpyhopException.class,
            () -> new Scaling.Diameter(12, "um").pixels("a.tif", PixelSize.UNCALIBRATED));
    assertTrue(e.getMessage().startsWith("a.tif: the diameter is given in um"), e.getMessage());
  }

  @Test
  void whatIsShownInOneSizeTakesNoScale() {
    Scaling.AUTO.requireNone("lenet");
    Scaling.NONE.requireNone("lenet");
    for (Scaling asked : List.of(new Scaling.Factor(2), new Scaling.Diameter(20, ""))) {
      SpyhopException e = assertThrows(SpyhopException.class, () -> asked.requireNone("lenet"));
      assertTrue(e.getMessage().startsWith("Model lenet is shown"), e.getMessage());
    }
  }
}
