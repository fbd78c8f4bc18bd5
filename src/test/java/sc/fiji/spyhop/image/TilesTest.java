package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.SpyhopException;

class TilesTest {

  @ParameterizedTest
  @CsvSource({"1,1,512,0", "100,37,16,5", "513,512,512,32", "200,1,64,100", "130,260,100,7"})
  void coresPartitionThePlane(int width, int height, int size, int overlap) {
    int[][] hits = new int[height][width];
    for (Tile t : Tiles.plan(width, height, size, overlap)) {
      assertTrue(t.width() <= size && t.height() <= size, t.toString());
      for (int y = t.y(); y < t.y() + t.height(); y++) {
        for (int x = t.x(); x < t.x() + t.width(); x++) hits[y][x]++;
      }
      assertEquals(Math.max(0, t.x() - overlap), t.regionX());
      assertEquals(Math.max(0, t.y() - overlap), t.regionY());
      assertEquals(Math.min(width, t.x() + t.width() + overlap), t.regionX() + t.regionWidth());
      assertEquals(Math.min(height, t.y() + t.height() + overlap), t.regionY() + t.regionHeight());
    }
    for (int[] row : hits) for (int n : row) assertEquals(1, n);
  }

  /** By hand: tiles of 64 pixels from column 70 and row 10 on, which see 5 pixels beyond. */
  @Test
  void coresPartitionAPart() {
    assertEquals(
        List.of(new Tile(70, 10, 64, 40, 65, 5, 74, 50), new Tile(134, 10, 26, 40, 129, 5, 31, 50)),
        Tiles.plan(new Tile(70, 10, 90, 40), 64, 5, 160, 55));
  }

  @Test
  void smallPlanesAreOneTile() {
    assertEquals(List.of(new Tile(0, 0, 300, 200)), Tiles.plan(300, 200, 512, 32));
    assertTrue(Tiles.plan(300, 200, 512, 32).get(0).isWhole());
  }

  @Test
  void doesNotOverflow() {
    List<Tile> tiles = Tiles.plan(Integer.MAX_VALUE, 2, 1 << 30, 100);
    Tile last = tiles.get(tiles.size() - 1);
    assertEquals(Integer.MAX_VALUE, last.x() + last.width());
    assertEquals(Integer.MAX_VALUE, last.regionX() + last.regionWidth());
  }

  @Test
  void refusesAnEmptyPlane() {
    assertThrows(SpyhopException.class, () -> Tiles.plan(0, 5, 512, 0));
  }
}
