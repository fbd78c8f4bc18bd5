package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Mask;

class CocoMaskTest {

  private static Optional<Box> box(String json) throws IOException {
    return CocoMask.box(new ObjectMapper().readTree(json));
  }

  @Test
  void packedRuns() throws IOException {
    // 42, 3, 17, 3, 735 packed by rleToString of cocoapi's maskApi.c; the second has a negative
    // difference: 5, 40, 3, 2, 750
    assertEquals(
        Optional.of(new Box(2, 2, 2, 3)), box("{\"size\": [20, 40], \"counts\": \"Z13a00^f0\"}"));
    assertEquals(
        Optional.of(new Box(0, 0, 3, 20)), box("{\"size\": [20, 40], \"counts\": \"5X13jN[g0\"}"));
  }

  @Test
  void aRunOverSeveralColumnsFillsTheirHeight() throws IOException {
    assertEquals(
        Optional.of(new Box(1, 0, 2, 10)), box("{\"size\": [10, 5], \"counts\": [15, 10, 25]}"));
  }

  @Test
  void whatMakesNoSenseIsNoBox() throws IOException {
    assertEquals(Optional.empty(), box("{\"size\": [10, 5], \"counts\": [15, 10, 24]}"));
    assertEquals(Optional.empty(), box("{\"size\": [10, 5], \"counts\": [15, -10, 45]}"));
    assertEquals(Optional.empty(), box("{\"size\": [10, 5], \"counts\": [50]}"));
    assertEquals(Optional.empty(), box("{\"size\": [10, 5], \"counts\": \"~~~\"}"));
    assertEquals(Optional.empty(), box("{\"size\": [-10, 5], \"counts\": []}"));
    assertEquals(Optional.empty(), box("[[1, 2, 3]]"));
    assertEquals(Optional.empty(), box("[]"));
  }

  private static Optional<Mask> mask(String json, int width, int height) throws IOException {
    return CocoMask.mask(
        new ObjectMapper().readTree(json), Placement.same(new ImageSize(width, height)));
  }

  private static String drawn(Optional<Mask> mask) {
    LabelMap labels = new LabelMap(mask.get().size().width(), mask.get().size().height());
    mask.get().paint(labels, 1);
    StringBuilder text = new StringBuilder();
    for (int y = 0; y < labels.height(); y++) {
      for (int x = 0; x < labels.width(); x++) text.append(labels.get(x, y) == 0 ? '.' : '#');
      text.append('\n');
    }
    return text.toString();
  }

  @Test
  void pixelsOfRuns() throws IOException {
    assertEquals(
        """
        ..#
        .##
        .##
        .#.
        """,
        drawn(mask("{\"size\": [4, 3], \"counts\": [5, 6, 1]}", 3, 4)));
    assertEquals(
        mask("{\"size\": [20, 40], \"counts\": [42, 3, 17, 3, 735]}", 40, 20),
        mask("{\"size\": [20, 40], \"counts\": \"Z13a00^f0\"}", 40, 20));
  }

  @Test
  void pixelsWhoseCentresLieInAnyPolygon() throws IOException {
    // a rectangle from 0.5 takes the pixel whose centre is at 0.5, one up to 2.5 not that at 2.5
    assertEquals(
        """
        ##...
        ##...
        ....#
        """,
        drawn(mask("[[0.5, 0, 2.5, 0, 2.5, 2, 0.5, 2], [4, 2, 9, 2, 9, 9, 4, 9]]", 5, 3)));
    // a triangle below the diagonal: centres (x + 0.5, y + 0.5) with y > x; by hand
    assertEquals(
        """
        ....
        #...
        ##..
        ###.
        """,
        drawn(mask("[[0, 0.01, 3.99, 4, 0, 4]]", 4, 4)));
  }

  @Test
  void runsArePackedAsCocoPacksThem() {
    assertEquals("Z13a00^f0", CocoMask.pack(new int[] {42, 3, 17, 3, 735}));
    assertEquals("5X13jN[g0", CocoMask.pack(new int[] {5, 40, 3, 2, 750}));
  }

  @Test
  void whatMakesNoSenseIsNoMask() throws IOException {
    assertEquals(Optional.empty(), mask("{\"size\": [10, 5], \"counts\": [15, 10, 25]}", 10, 5));
    assertEquals(Optional.empty(), mask("{\"size\": [10, 5], \"counts\": [15, 10, 24]}", 5, 10));
    assertEquals(Optional.empty(), mask("{\"size\": [10, 5], \"counts\": [0, 51]}", 5, 10));
    assertEquals(Optional.empty(), mask("{\"size\": [10, 5], \"counts\": [50]}", 5, 10));
    assertEquals(
        Optional.empty(),
        mask("{\"size\": [10, 5], \"counts\": [9223372036854775807, 9223372036854775807]}", 5, 10));
    assertEquals(
        Optional.empty(),
        mask("{\"size\": [16777216, 16777216], \"counts\": [0, 281474976710656]}", 5, 10));
    assertEquals(Optional.empty(), mask("[[1, 1, 1e999, 1, 3, 3]]", 5, 10));
    assertEquals(Optional.empty(), mask("[[20, 20, 30, 20, 30, 30]]", 5, 10));
    assertEquals(
        50,
        mask("[[-1e300, -1e300, 1e300, -1e300, 1e300, 1e300, -1e300, 1e300]]", 5, 10).get().area());
  }

  @Test
  void anOutlineThatCrossesEveryColumnAThousandTimesIsRefused() {
    double[] zigzag = new double[80_000];
    for (int i = 0; i < zigzag.length; i += 2) {
      zigzag[i] = i % 4 == 0 ? 0 : 1000;
      zigzag[i + 1] = i;
    }
    assertEquals(Optional.empty(), PolygonMask.of(List.of(zigzag), new ImageSize(1000, 1000)));
  }
}
