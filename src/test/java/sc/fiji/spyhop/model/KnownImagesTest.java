package sc.fiji.spyhop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.ImageTraits;

class KnownImagesTest {

  private static ImageTraits image(double noise, double skewness, double texture) {
    return new ImageTraits(noise, skewness, texture, 0.2, -1.5, 0);
  }

  /** 101 images whose textures are 0, 0.01 ... 1: percentiles 0.01 and 0.99, a margin of 0.49. */
  private static final KnownImages KNOWN =
      KnownImages.of(
          IntStream.rangeClosed(0, 100).mapToObj(i -> image(-3, 1, i / 100.0)).toList(), List.of());

  @Test
  void rangesReachBeyondTheImagesByHalfOfTheirWidth() {
    KnownImages.Range range = KNOWN.ranges().get("texture");
    assertEquals(-0.48, range.low(), 1e-9);
    assertEquals(1.48, range.high(), 1e-9);
    assertEquals(List.of(), KNOWN.differences(image(-3, 1, 1.4)));
    assertEquals(1, KNOWN.differences(image(-3, 1, 1.5)).size());
    assertTrue(KNOWN.differences(image(-3, 1, 1.5)).get(0).contains("coarser"));
    assertTrue(KNOWN.differences(image(-3, 1, -0.5)).get(0).contains("finer"));
  }

  /** Images that are all alike leave room for others that differ a little. */
  @Test
  void rangesAreNeverNarrow() {
    assertEquals(List.of(), KNOWN.differences(image(-3, 1.25, 0.5)));
    assertTrue(KNOWN.differences(image(-3, 0.5, 0.5)).get(0).contains("invert"));
  }

  @Test
  void whereThereIsOnlyNoiseNothingElseIsSaid() {
    List<String> said = KNOWN.differences(image(0, 0, -5));
    assertEquals(1, said.size(), said.toString());
    assertTrue(said.get(0).contains("noise"));
    assertEquals(List.of(), KNOWN.differences(image(-9, 1, 0.5)), "none is too clean");
  }

  @Test
  void imagesThatAreKnownToBeOfTheKindWidenRanges() {
    assertEquals(List.of(), KNOWN.with(List.of(image(-3, 1, 3))).differences(image(-3, 1, 2.9)));
  }

  @Test
  void fewImagesTellNothing() {
    List<ImageTraits> seven = IntStream.range(0, 7).mapToObj(i -> image(-3, 1, i)).toList();
    KnownImages few = KnownImages.of(seven, List.of());
    assertFalse(few.isKnown());
    assertEquals(List.of(), few.differences(image(0, -9, 99)));
  }

  @Test
  void filesAreChecked() {
    assertThrows(SpyhopException.class, () -> new KnownImages.Range(1, 0));
    assertThrows(SpyhopException.class, () -> new KnownImages.Range(Double.NaN, 0));
    KnownImages.Range range = new KnownImages.Range(0, 1);
    assertThrows(SpyhopException.class, () -> new KnownImages(Map.of("charm", range)));
  }
}
