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
    assertEquals(List.of(), KNOWN.differences(image(-3, 1, 1.4), false));
    assertEquals(1, KNOWN.differences(image(-3, 1, 1.5), false).size());
    assertTrue(KNOWN.differences(image(-3, 1, 1.5), false).get(0).contains("coarser"));
    assertTrue(KNOWN.differences(image(-3, 1, -0.5), false).get(0).contains("finer"));
  }

  /** Where no scale can be given, none is asked for. */
  @Test
  void ofImagesShownInOneSizeSomethingElseIsToBeTried() {
    String finer = KNOWN.differences(image(-3, 1, -0.5), true).get(0);
    assertTrue(finer.contains("finer") && finer.contains("Select"), finer);
    assertFalse(finer.contains("diameter"), finer);
    String coarser = KNOWN.differences(image(-3, 1, 1.5), true).get(0);
    assertTrue(coarser.contains("coarser") && coarser.contains("sharp"), coarser);
  }

  /** Images that are all alike leave room for others that differ a little. */
  @Test
  void rangesAreNeverNarrow() {
    assertEquals(List.of(), KNOWN.differences(image(-3, 1.25, 0.5), false));
    assertTrue(KNOWN.differences(image(-3, 0.5, 0.5), false).get(0).contains("invert"));
  }

  /**
   * Of a model for dark objects, and of one for light ones: nothing is said of one of them alone.
   */
  @Test
  void adviceIsRightForDarkAndForLightObjects() {
    for (double skewness : List.of(-1.0, 1.0)) {
      KnownImages known =
          KnownImages.of(
              IntStream.range(0, 20).mapToObj(i -> image(-3, skewness, 1)).toList(), List.of());
      String darker = known.differences(image(-3, skewness - 1, 1), false).get(0);
      assertTrue(darker.contains("both are alike, look whether its dark spots"), darker);
      String lighter = known.differences(image(-3, skewness + 1, 1), false).get(0);
      assertTrue(lighter.contains("both are alike, look whether its light spots"), lighter);
      ImageTraits dim = new ImageTraits(-3, skewness, 1, -1, -1.5, 0);
      ImageTraits bright = new ImageTraits(-3, skewness, 1, 1, -1.5, 0);
      for (ImageTraits t : List.of(dim, bright)) {
        String said = known.differences(t, false).toString();
        assertTrue(said.contains("objects and their ground"), said);
      }
    }
  }

  /** A grey image looks otherwise in much; that it is grey explains it. */
  @Test
  void thatAnImageHasNoColourIsSaidFirst() {
    KnownImages stained =
        KnownImages.of(
            IntStream.range(0, 20)
                .mapToObj(i -> new ImageTraits(-3, -1, 1, 0.6, -1.5, 0.5))
                .toList(),
            List.of());
    List<String> said = stained.differences(new ImageTraits(-3, 1, 1, 0.2, -1.5, 0), false);
    assertEquals(3, said.size(), said.toString());
    assertTrue(said.get(0).contains("less colour"), said.toString());
  }

  @Test
  void whereThereIsOnlyNoiseNothingElseIsSaid() {
    List<String> said = KNOWN.differences(image(0, 0, -5), false);
    assertEquals(1, said.size(), said.toString());
    assertTrue(said.get(0).contains("noise"));
    assertEquals(List.of(), KNOWN.differences(image(-9, 1, 0.5), false), "none is too clean");
  }

  @Test
  void imagesThatAreKnownToBeOfTheKindWidenRanges() {
    assertEquals(
        List.of(), KNOWN.with(List.of(image(-3, 1, 3))).differences(image(-3, 1, 2.9), false));
  }

  @Test
  void fewImagesTellNothing() {
    List<ImageTraits> seven = IntStream.range(0, 7).mapToObj(i -> image(-3, 1, i)).toList();
    KnownImages few = KnownImages.of(seven, List.of());
    assertFalse(few.isKnown());
    assertEquals(List.of(), few.differences(image(0, -9, 99), false));
  }

  /**
   * e to the power of 0.5 and 2, a hundred times 10 to the power of -1.3, e to that of 1, less 1.
   */
  @Test
  void rangesAreToldInWords() {
    KnownImages known =
        new KnownImages(
            Map.of(
                "texture", new KnownImages.Range(0.5, 2),
                "noise", new KnownImages.Range(-4, -1.3),
                "skewness", new KnownImages.Range(-1, 1),
                "color", new KnownImages.Range(-0.1, 0.25)));
    assertEquals(
        "noise up to 5 % of the variance; saturation 0 to 0.25; skewness -1.7 to 1.7;"
            + " structures of 1.6 to 7.4 pixels",
        known.description());
    assertTrue(KnownImages.UNKNOWN.description().contains("not known"));
  }

  @Test
  void filesAreChecked() {
    assertThrows(SpyhopException.class, () -> new KnownImages.Range(1, 0));
    assertThrows(SpyhopException.class, () -> new KnownImages.Range(Double.NaN, 0));
    KnownImages.Range range = new KnownImages.Range(0, 1);
    assertThrows(SpyhopException.class, () -> new KnownImages(Map.of("charm", range)));
  }
}
