package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TileTest {

  @Test
  void theLeftAndTheUpperEdgeBelongToACore() {
    Tile tile = new Tile(2, 3, 4, 5);
    assertTrue(tile.contains(2, 3));
    assertTrue(tile.contains(5.99, 7.99));
    assertFalse(tile.contains(6, 3));
    assertFalse(tile.contains(2, 8));
    assertFalse(tile.contains(1.99, 3));
    assertFalse(tile.contains(2, 2.99));
  }

  @Test
  void aCoreMayBeAllOfItsRegion() {
    assertTrue(new Tile(2, 3, 4, 5).isWhole());
    assertFalse(new Tile(2, 3, 4, 5, 1, 3, 5, 5).isWhole());
    assertFalse(new Tile(2, 3, 4, 5, 2, 3, 4, 6).isWhole());
    assertEquals(7, new Tile(2, 3, 4, 5, 1, 1, 5, 7).regionHeight(), "up to the edges of the core");
  }

  @ParameterizedTest
  @CsvSource({
    "2,3,0,5,1,1,9,9",
    "2,3,4,0,1,1,9,9",
    "2,3,4,5,-1,1,9,9",
    "2,3,4,5,1,-1,9,9",
    "2,3,4,5,3,1,9,9",
    "2,3,4,5,1,4,9,9",
    "2,3,4,5,1,1,4,9",
    "2,3,4,5,1,1,9,6",
    "2147483647,3,4,5,1,1,9,9",
    "2,2147483647,4,5,1,1,9,9"
  })
  void aCoreLiesInItsRegion(int x, int y, int w, int h, int rx, int ry, int rw, int rh) {
    assertThrows(IllegalArgumentException.class, () -> new Tile(x, y, w, h, rx, ry, rw, rh));
  }
}
