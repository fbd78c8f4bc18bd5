package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.Box;

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
}
