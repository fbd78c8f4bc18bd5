package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class MosaicTest {

  /** What a network gives for a rectangle: its value tells channel, row and column. */
  private static List<Tensor> outputs(int x, int y, int width, int height) {
    List<Tensor> outputs = new ArrayList<>();
    for (int channels : new int[] {1, 3}) {
      Tensor t = Tensor.zeros(Axes.NCHW, 1, channels, height, width);
      int at = 0;
      for (int c = 0; c < channels; c++) {
        for (int j = 0; j < height; j++) {
          for (int i = 0; i < width; i++) {
            t.data()[at++] = c * 1_000_000 + (y + j) * 1000 + x + i;
          }
        }
      }
      outputs.add(t);
    }
    return outputs;
  }

  @ParameterizedTest
  @CsvSource({"50,40,16,5", "40,90,16,0", "200,30,64,7", "300,200,64,70", "10,10,64,3"})
  void regionsAreThoseOfThePlane(int width, int height, int size, int overlap) {
    for (long seed = 0; seed < 3; seed++) {
      List<Tile> tiles = Tiles.plan(width, height, size, overlap);
      List<Tile> given = new ArrayList<>();
      Mosaic mosaic =
          new Mosaic(
              tiles,
              (tile, found) -> {
                given.add(tile);
                List<Tensor> expected =
                    outputs(
                        tile.regionX(), tile.regionY(), tile.regionWidth(), tile.regionHeight());
                for (int k = 0; k < 2; k++) {
                  assertArrayEquals(expected.get(k).shape(), found.get(k).shape());
                  assertArrayEquals(expected.get(k).data(), found.get(k).data());
                }
              });
      List<Tile> cores = new ArrayList<>(mosaic.cores());
      if (seed > 0) Collections.shuffle(cores, new Random(seed));
      for (Tile c : cores) mosaic.add(c, outputs(c.x(), c.y(), c.width(), c.height()));
      assertEquals(tiles, given);
    }
  }

  /** A tile is given once the row (or column) after it has come as far. */
  @Test
  void tilesAreGivenAsSoonAsTheirNeighboursAreThere() {
    for (boolean wide : new boolean[] {false, true}) {
      List<Tile> tiles = wide ? Tiles.plan(640, 256, 64, 9) : Tiles.plan(256, 640, 64, 9);
      int[] given = {0};
      Mosaic mosaic = new Mosaic(tiles, (tile, found) -> given[0]++);
      int added = 0;
      for (Tile c : mosaic.cores()) {
        mosaic.add(c, outputs(c.x(), c.y(), c.width(), c.height()));
        added++;
        assertTrue(added - given[0] <= 6, added + " cores, " + given[0] + " tiles");
      }
      assertEquals(40, given[0]);
    }
  }

  /**
   * Four tiles a row, of 64 x 64 pixels in four channels: six cores that wait for their neighbours,
   * the last that was given, and of those before it strips of 9 pixels.
   */
  @Test
  void ofRowsThatWereGivenStripsAreKept() {
    List<Tile> tiles = Tiles.plan(256, 640, 64, 9);
    long[] most = {0};
    Mosaic mosaic = new Mosaic(tiles, (tile, found) -> {});
    for (Tile c : mosaic.cores()) {
      mosaic.add(c, outputs(c.x(), c.y(), c.width(), c.height()));
      most[0] = Math.max(most[0], mosaic.kept());
    }
    assertTrue(most[0] <= 4 * (7 * 64 * 64 + 4 * 9 * 64), most[0] + " values");
    assertEquals(0, mosaic.kept());
  }
}
