package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PixelSizesTest {

  private static PixelSize size(double width, String unit) {
    return new PixelSize(width, width, unit);
  }

  @Test
  void unitsOfTheMetreAreCompared() {
    assertEquals(OptionalDouble.of(4), size(0.5, "\u00B5m").unlike(size(125, "nm")));
    assertEquals(OptionalDouble.empty(), size(0.5, "micron").unlike(size(0.0005, "mm")));
    assertEquals(OptionalDouble.empty(), size(0.5, "um").unlike(size(0.52, "\u03BCm")));
    assertEquals(OptionalDouble.empty(), size(0.5, "um").unlike(PixelSize.UNCALIBRATED));
    assertEquals(OptionalDouble.empty(), size(0.5, "inch").unlike(size(9, "um")));
  }

  @Test
  void anImageThatIsTooFineForAModel() {
    String said = size(0.125, "um").shownTo(size(0.5, "um")).orElseThrow();
    assertTrue(said.contains("0.125 um") && said.contains("4 times too fine"), said);
    assertTrue(said.contains("Scale it by 0.25"), said);
    assertTrue(size(2, "um").shownTo(size(0.5, "um")).orElseThrow().contains("4 times too coarse"));
    assertEquals(Optional.empty(), size(0.5, "um").shownTo(size(0.5, "um")));
  }

  @Test
  void mixedSizesOfASet() {
    PixelSizes sizes = new PixelSizes();
    sizes.add("none", PixelSize.UNCALIBRATED);
    sizes.add("printed", size(0.1, "inch"));
    sizes.add("a", size(0.5, "um"));
    sizes.add("b", size(0.5, "um"));
    assertEquals(Optional.empty(), sizes.mixed());
    assertEquals(size(0.5, "um"), sizes.common());
    sizes.add("c", size(0.25, "um"));
    String said = sizes.mixed().orElseThrow();
    assertTrue(said.contains("0.5 um in a, 0.25 um in c"), said);
    assertEquals(PixelSize.UNCALIBRATED, sizes.common());
  }
}
