package sc.fiji.spyhop.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.position.FunctionRandomAccessible;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class TiledPredictionTest {

  private static final Intensity AS_IS = new Intensity(List.of(0.0), List.of(1.0));

  private static Frame frame(RandomAccessibleInterval<? extends RealType<?>> pixels) {
    return new Frame("cells.tif", pixels, PixelSize.UNCALIBRATED);
  }

  private static Frame noise(int width, int height, int channels) {
    byte[] bytes = new byte[width * height * channels];
    new Random(7).nextBytes(bytes);
    return frame(ArrayImgs.unsignedBytes(bytes, width, height, channels));
  }

  /**
   * A small U-Net in spirit: zero-padded 3 x 3 smoothing, 4 x 4 max pooling, smoothing, nearest
   * upsampling, plus the skip. Sees 1 + 4 + 3 pixels far and takes multiples of 4.
   */
  private static List<Tensor> network(Tensor in) {
    int h = in.size(2);
    int w = in.size(3);
    assertEquals(0, h % 4);
    assertEquals(0, w % 4);
    int channels = in.size(1);
    float[] out = new float[2 * h * w];
    for (int c = 0; c < channels; c++) {
      float[] x = Arrays.copyOfRange(in.data(), c * h * w, (c + 1) * h * w);
      float[] smooth = smooth(x, w, h);
      float[] pooled = new float[w / 4 * (h / 4)];
      Arrays.fill(pooled, Float.NEGATIVE_INFINITY);
      for (int j = 0; j < h; j++) {
        for (int i = 0; i < w; i++) {
          int p = j / 4 * (w / 4) + i / 4;
          pooled[p] = Math.max(pooled[p], smooth[j * w + i]);
        }
      }
      float[] deep = smooth(pooled, w / 4, h / 4);
      for (int j = 0; j < h; j++) {
        for (int i = 0; i < w; i++) {
          out[j * w + i] += x[j * w + i] + deep[j / 4 * (w / 4) + i / 4] * (c + 1);
          out[(h + j) * w + i] += smooth[j * w + i];
        }
      }
    }
    return List.of(new Tensor(Axes.NCHW, new int[] {1, 2, h, w}, out));
  }

  private static float[] smooth(float[] x, int w, int h) {
    float[] y = new float[x.length];
    for (int j = 0; j < h; j++) {
      for (int i = 0; i < w; i++) {
        float sum = 0.1f;
        for (int b = Math.max(0, j - 1); b <= Math.min(h - 1, j + 1); b++) {
          for (int a = Math.max(0, i - 1); a <= Math.min(w - 1, i + 1); a++) sum += x[b * w + a];
        }
        y[j * w + i] = sum / 9;
      }
    }
    return y;
  }

  /** Output of two channels of the whole plane, from the cores of the tiles. */
  private static float[] whole(Frame frame, List<Tile> tiles, int halo, int border) {
    int w = frame.width();
    float[] all = new float[2 * w * frame.height()];
    Arrays.fill(all, Float.NaN);
    Intensity intensity = new Normalization.MinMax().fit(frame);
    TiledPrediction.run(
        frame,
        intensity,
        tiles,
        halo,
        4,
        border,
        TiledPredictionTest::network,
        Progress.NONE,
        (tile, outputs) -> {
          Tensor o = outputs.get(0);
          assertEquals(tile.regionWidth(), o.size('W'));
          assertEquals(tile.regionHeight(), o.size('H'));
          for (int c = 0; c < 2; c++) {
            for (int y = tile.y(); y < tile.y() + tile.height(); y++) {
              for (int x = tile.x(); x < tile.x() + tile.width(); x++) {
                all[(c * frame.height() + y) * w + x] =
                    o.get(0, c, y - tile.regionY(), x - tile.regionX());
              }
            }
          }
        });
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "64,48,1,16,0,0", "67,45,1,10,3,0", "67,45,2,17,5,0", "1,50,1,20,2,0", "50,1,1,13,0,0",
    "3,2,1,1,0,0", "67,45,1,10,3,8", "40,41,2,19,0,3", "1,1,1,1,0,20", "5,60,3,7,2,30",
  })
  void tiledEqualsUntiled(int w, int h, int channels, int size, int overlap, int border) {
    Frame frame = noise(w, h, channels);
    float[] untiled = whole(frame, List.of(new Tile(0, 0, w, h)), 8, border);
    List<Tile> tiles = new ArrayList<>();
    for (int y = 0; y < h; y += size) {
      for (int x = 0; x < w; x += size) {
        int l = Math.max(0, x - overlap);
        int t = Math.max(0, y - overlap);
        int cw = Math.min(size, w - x);
        int ch = Math.min(size, h - y);
        int rw = Math.min(w, x + cw + overlap) - l;
        int rh = Math.min(h, y + ch + overlap) - t;
        tiles.add(new Tile(x, y, cw, ch, l, t, rw, rh));
      }
    }
    assertArrayEquals(untiled, whole(frame, tiles, 8, border));
    assertArrayEquals(untiled, whole(frame, Tiles.plan(w, h, size, overlap), 8, border));
  }

  @Test
  void withoutBorderTheNetworkSeesTheImageAndNoMore() {
    Frame frame = noise(32, 16, 1);
    float[] pixels = new float[32 * 16];
    int i = 0;
    for (RealType<?> v : Views.flatIterable(frame.pixels())) pixels[i++] = v.getRealFloat();
    List<Tensor> seen = new ArrayList<>();
    Function<Tensor, List<Tensor>> network = recording(seen);
    TiledPrediction.run(
        frame, AS_IS, Tiles.plan(32, 16, 64, 0), 20, 16, network, Progress.NONE, (t, o) -> {});
    assertEquals(1, seen.size());
    assertArrayEquals(new int[] {1, 1, 16, 32}, seen.get(0).shape());
    assertArrayEquals(pixels, seen.get(0).data());
  }

  private static Function<Tensor, List<Tensor>> recording(List<Tensor> seen) {
    return in -> {
      seen.add(in);
      return List.of(in);
    };
  }

  @Test
  void smallImagesAreMirroredUpToSize() {
    Frame frame = frame(ArrayImgs.floats(new float[] {1, 2, 3}, 3, 1, 1));
    List<Tensor> seen = new ArrayList<>();
    Function<Tensor, List<Tensor>> network = recording(seen);
    TiledPrediction.run(
        frame, AS_IS, Tiles.plan(3, 1, 64, 0), 5, 8, network, Progress.NONE, (t, o) -> {});
    float[] row = {1, 2, 3, 2, 1, 2, 3, 2};
    float[] expected = new float[64];
    for (int y = 0; y < 8; y++) System.arraycopy(row, 0, expected, 8 * y, 8);
    assertArrayEquals(expected, seen.get(0).data());
  }

  @Test
  void aBorderIsMirroredOnAllSides() {
    Frame frame = frame(ArrayImgs.floats(new float[] {1, 2, 3, 4}, 2, 2, 1));
    List<Tensor> seen = new ArrayList<>();
    Function<Tensor, List<Tensor>> network = recording(seen);
    TiledPrediction.run(
        frame, AS_IS, Tiles.plan(2, 2, 64, 0), 9, 2, 1, network, Progress.NONE, (t, o) -> {});
    float[] expected = {
      1, 2, 1, 2, 1, 2,
      3, 4, 3, 4, 3, 4,
      1, 2, 1, 2, 1, 2,
      3, 4, 3, 4, 3, 4,
      1, 2, 1, 2, 1, 2,
      3, 4, 3, 4, 3, 4,
    };
    assertArrayEquals(new int[] {1, 1, 6, 6}, seen.get(0).shape());
    assertArrayEquals(expected, seen.get(0).data());
  }

  @Test
  void planesBeyondTwoToThe31Pixels() {
    int size = 50_000;
    var pixels =
        Views.interval(
            new FunctionRandomAccessible<>(
                3,
                (p, v) -> v.set((p.getIntPosition(0) * 7 + p.getIntPosition(1) * 13) & 0xFF),
                UnsignedByteType::new),
            new long[3],
            new long[] {size - 1, size - 1, 0});
    Frame frame = frame(pixels);
    List<Tile> plan = Tiles.plan(size, size, 256, 16);
    long area = plan.stream().mapToLong(t -> (long) t.width() * t.height()).sum();
    assertEquals(2_500_000_000L, area);
    List<Tile> sample =
        List.of(plan.get(0), plan.get(plan.size() / 2 + 77), plan.get(plan.size() - 1));
    List<Tile> done = new ArrayList<>();
    TiledPrediction.run(
        frame,
        AS_IS,
        sample,
        24,
        16,
        List::of,
        Progress.NONE,
        (tile, outputs) -> {
          done.add(tile);
          for (int y : new int[] {0, tile.regionHeight() - 1}) {
            for (int x : new int[] {0, tile.regionWidth() - 1}) {
              int expected = ((tile.regionX() + x) * 7 + (tile.regionY() + y) * 13) & 0xFF;
              assertEquals(expected, outputs.get(0).get(0, 0, y, x));
            }
          }
        });
    assertEquals(sample, done);
    assertEquals(size, done.get(2).regionX() + done.get(2).regionWidth());
  }

  @Test
  void reportsProgressAndCanBeCancelled() {
    Frame frame = noise(64, 64, 1);
    List<Long> reports = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {
            assertEquals(16, total);
            reports.add(done);
          }

          @Override
          public boolean isCancelled() {
            return reports.size() == 3;
          }
        };
    List<Tile> tiles = new ArrayList<>();
    for (int i = 0; i < 16; i++) tiles.add(new Tile(i % 4 * 16, i / 4 * 16, 16, 16));
    assertThrows(
        CancellationException.class,
        () ->
            TiledPrediction.run(
                frame, AS_IS, tiles, 8, 4, List::of, progress, (tile, outputs) -> {}));
    assertEquals(List.of(1L, 2L, 3L), reports);
  }

  @Test
  void refusesWrongChannelsAndWrongOutputs() {
    List<Tile> tiles = Tiles.plan(8, 8, 64, 0);
    String channels =
        assertThrows(
                SpyhopException.class,
                () ->
                    TiledPrediction.run(
                        noise(8, 8, 3), AS_IS, tiles, 0, 4, List::of, Progress.NONE, (t, o) -> {}))
            .getMessage();
    assertEquals("cells.tif: expected 1 channels, received 3.", channels);
    Tensor small = Tensor.zeros(Axes.NCHW, 1, 1, 4, 4);
    String output =
        assertThrows(
                SpyhopException.class,
                () ->
                    TiledPrediction.run(
                        noise(8, 8, 1),
                        AS_IS,
                        tiles,
                        0,
                        4,
                        in -> List.of(small),
                        Progress.NONE,
                        (t, o) -> {}))
            .getMessage();
    assertTrue(output.contains("8 x 8"), output);
  }

  @Test
  void errorsOfTheReaderArrive() {
    var pixels =
        Views.interval(
            new FunctionRandomAccessible<>(
                3,
                (p, v) -> {
                  throw new SpyhopException("disk gone");
                },
                UnsignedByteType::new),
            new long[3],
            new long[] {7, 7, 0});
    assertEquals(
        "disk gone",
        assertThrows(
                SpyhopException.class,
                () ->
                    TiledPrediction.run(
                        frame(pixels),
                        AS_IS,
                        Tiles.plan(8, 8, 8, 0),
                        0,
                        4,
                        List::of,
                        Progress.NONE,
                        (t, o) -> {}))
            .getMessage());
  }
}
