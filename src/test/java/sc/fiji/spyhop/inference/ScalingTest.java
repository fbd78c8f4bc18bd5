package sc.fiji.spyhop.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.PixelSize;

class ScalingTest {

  @Test
  void isAutomaticUnlessSomethingIsGiven() {
    assertEquals(Scaling.AUTO, Scaling.parse("auto", " Auto "));
    assertEquals(Scaling.AUTO, Scaling.parse("", ""));
    assertEquals(new Scaling.Factor(0.5), Scaling.parse("auto", "0.5"));
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
    assertEquals(new Scaling.Diameter(value, unit), Scaling.parse(text, "auto"));
  }

  @ParameterizedTest
  @CsvSource({
    "'12,5', auto, Diameter",
    "-3, auto, Diameter",
    "0, auto, Diameter",
    "12 furlongs, auto, Diameter",
    "NaN, auto, Diameter",
    "auto, 0, Scale",
    "auto, half, Scale",
    "auto, NaN, Scale",
    "auto, 17, Scale",
    "30, 0.5, exclude",
  })
  void refusesWhatMakesNoSense(String diameter, String scale, String named) {
    SpyhopException e = assertThrows(SpyhopException.class, () -> Scaling.parse(diameter, scale));
    assertTrue(e.getMessage().contains(named), e.getMessage());
  }

  @Test
  void unitsAreTurnedIntoPixels() {
    PixelSize size = new PixelSize(0.5, 0.5, "micron");
    assertEquals(24, new Scaling.Diameter(12, "um").pixels("a.tif", size), 1e-12);
    assertEquals(2, new Scaling.Diameter(1000, "nm").pixels("a.tif", size), 1e-12);
    assertEquals(12, new Scaling.Diameter(12, "").pixels("a.tif", size));
    SpyhopException e =
        assertThrows(
            SpyhopException.class,
            () -> new Scaling.Diameter(12, "um").pixels("a.tif", PixelSize.UNCALIBRATED));
    assertTrue(e.getMessage().startsWith("a.tif: the diameter is given in um"), e.getMessage());
  }
}
