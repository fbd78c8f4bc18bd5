package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class ZoomTest {

  @ParameterizedTest
  @CsvSource({
    "300, 200, 0.5, 64, 8",
    "301, 77, 0.37, 40, 5",
    "1000, 900, 0.11, 64, 20",
    "129, 257, 1.9, 64, 10",
    "64, 64, 3, 16, 0",
    "50, 1, 0.25, 16, 4",
    "130, 65, 0.999, 64, 0",
  })
  void coresPartitionBothPlanes(int width, int height, double factor, int tile, int overlap) {
    Zoom zoom = Zoom.of(width, height, factor);
    int shownWidth = (int) Math.max(1, Math.rint(width * factor));
    int shownHeight = (int) Math.max(1, Math.rint(height * factor));
    int[] image = new int[width * height];
    int[] shown = new int[shownWidth * shownHeight];
    for (Zoom.Part part : zoom.plan(tile, overlap)) {
      count(part.image(), image, width);
      count(part.shown(), shown, shownWidth);
    }
    for (int n : image) assertEquals(1, n);
    for (int n : shown) assertEquals(1, n);
  }

  private static void count(Tile t, int[] plane, int width) {
    for (int y = t.y(); y < t.y() + t.height(); y++) {
      for (int x = t.x(); x < t.x() + t.width(); x++) plane[y * width + x]++;
    }
  }

  /** What parts say of a pixel does not depend on the part. */
  @ParameterizedTest
  @CsvSource({
    "300, 200, 0.5, 64, 8",
    "301, 77, 0.37, 40, 5",
    "129, 257, 1.9, 64, 10",
    "90, 91, 0.26, 16, 0",
  })
  void partsAreInterpolatedAsTheWhole(int width, int height, double factor, int tile, int overlap) {
    Zoom zoom = Zoom.of(width, height, factor);
    Tensor map = waves(zoom);
    float[] whole = whole(zoom, map);
    int compared = 0;
    for (Zoom.Part part : zoom.plan(tile, overlap)) {
      Tile region = part.image();
      Tensor found = zoom.toImage(part, List.of(cut(map, part.shown()))).get(0);
      for (int y = 0; y < region.regionHeight(); y++) {
        for (int x = 0; x < region.regionWidth(); x++) {
          float expected = whole[(region.regionY() + y) * width + region.regionX() + x];
          assertEquals(expected, found.get(0, 0, y, x), 1e-5f);
          compared++;
        }
      }
    }
    assertTrue(compared >= width * height);
  }

  private static Tensor waves(Zoom zoom) {
    int w = zoom.fit().view(zoom.width(), zoom.height()).width();
    int h = zoom.fit().view(zoom.width(), zoom.height()).height();
    float[] values = new float[w * h];
    for (int i = 0; i < values.length; i++) values[i] = (i * 37 % 101) / 10f;
    return new Tensor(Axes.NCHW, new int[] {1, 1, h, w}, values);
  }

  private static float[] whole(Zoom zoom, Tensor map) {
    Tile shown = new Tile(0, 0, map.size('W'), map.size('H'));
    Tile image = new Tile(0, 0, zoom.width(), zoom.height());
    return zoom.toImage(new Zoom.Part(image, shown), List.of(map)).get(0).data();
  }

  private static Tensor cut(Tensor map, Tile tile) {
    Tensor cut = Tensor.zeros(Axes.NCHW, 1, 1, tile.regionHeight(), tile.regionWidth());
    for (int y = 0; y < tile.regionHeight(); y++) {
      for (int x = 0; x < tile.regionWidth(); x++) {
        cut.data()[y * tile.regionWidth() + x] =
            map.get(0, 0, tile.regionY() + y, tile.regionX() + x);
      }
    }
    return cut;
  }

  /** As scipy.ndimage.zoom(order=1, grid_mode=True, mode="nearest") does. */
  @Test
  void enlargesAsOthersDo() {
    Zoom zoom = Zoom.of(6, 1, 0.5);
    Tensor map = new Tensor(Axes.NCHW, new int[] {1, 1, 1, 3}, new float[] {0, 8, 4});
    assertArrayEquals(new float[] {0, 2, 6, 7, 5, 4}, whole(zoom, map), 1e-6f);
  }

  /** What is shown of a region is all that its maps are interpolated from, wherever it lies. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.45, 1, 1.7})
  void mapsOfARegionAreThoseOfTheWholeCutOut(double factor) {
    Zoom zoom = Zoom.of(90, 70, factor);
    Zoom.Part whole = zoom.part(new Tile(0, 0, 90, 70));
    int w = whole.shown().regionWidth();
    int h = whole.shown().regionHeight();
    Tensor shown = Tensor.zeros(Axes.NCHW, 1, 1, h, w);
    for (int i = 0; i < w * h; i++) shown.data()[i] = i * 7919 % 1009;
    float[] expected = zoom.toImage(whole, List.of(shown)).get(0).data();
    for (int x = 0; x < 60; x += 7) {
      for (int y = 0; y < 50; y += 9) {
        Zoom.Part part = zoom.part(new Tile(x, y, 31, 21));
        Tile from = part.shown();
        Tensor cut = Tensor.zeros(Axes.NCHW, 1, 1, from.regionHeight(), from.regionWidth());
        for (int j = 0; j < from.regionHeight(); j++) {
          System.arraycopy(
              shown.data(),
              (from.regionY() + j) * w + from.regionX(),
              cut.data(),
              j * from.regionWidth(),
              from.regionWidth());
        }
        float[] maps = zoom.toImage(part, List.of(cut)).get(0).data();
        for (int j = 0, i = 0; j < 21; j++) {
          for (int k = 0; k < 31 && y + j < 70; k++, i++) {
            assertEquals(expected[(y + j) * 90 + x + k], maps[i], x + ", " + y + ": " + i);
          }
        }
      }
    }
  }
}
