package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.image.Tiles;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Objects across tiles are those of the undivided plane. */
class StitchingTest {

  private static final int W = 391;
  private static final int H = 302;

  /** Outputs of a network for ellipses, many of them touching, with noise. */
  private static List<Tensor> outputs(long seed, int count, double smallest, double largest) {
    Random random = new Random(seed);
    float[] depth = new float[W * H];
    float[] object = new float[W * H];
    for (int k = 0; k < count; k++) {
      double cx = random.nextDouble() * W;
      double cy = random.nextDouble() * H;
      double a = smallest + random.nextDouble() * (largest - smallest);
      double b = smallest + random.nextDouble() * (largest - smallest);
      for (int y = Math.max(0, (int) (cy - b)); y < Math.min(H, cy + b); y++) {
        for (int x = Math.max(0, (int) (cx - a)); x < Math.min(W, cx + a); x++) {
          double d = 1 - Math.hypot((x - cx) / a, (y - cy) / b);
          if (d > depth[y * W + x]) depth[y * W + x] = (float) d;
        }
      }
    }
    for (int i = 0; i < depth.length; i++) {
      object[i] =
          (float) Math.min(1, Math.max(0, 0.3 + 3 * depth[i] + 0.2 * random.nextGaussian()));
      depth[i] += (float) (0.05 * random.nextGaussian());
    }
    int[] shape = {1, 1, H, W};
    return List.of(new Tensor(Axes.NCHW, shape, object), new Tensor(Axes.NCHW, shape, depth));
  }

  private static Tensor cut(Tensor plane, Tile tile) {
    float[] values = new float[tile.regionWidth() * tile.regionHeight()];
    for (int y = 0; y < tile.regionHeight(); y++) {
      System.arraycopy(
          plane.data(),
          (tile.regionY() + y) * W + tile.regionX(),
          values,
          y * tile.regionWidth(),
          tile.regionWidth());
    }
    return new Tensor(Axes.NCHW, new int[] {1, 1, tile.regionHeight(), tile.regionWidth()}, values);
  }

  private static Segmentation tiled(SegmentationTask task, List<Tensor> outputs, List<Tile> tiles) {
    Assembler<Segmentation> assembler = task.assembler(new ImageSize(W, H));
    for (Tile tile : tiles) {
      assembler.add(tile, outputs.stream().map(o -> cut(o, tile)).toList());
    }
    return assembler.finish();
  }

  private static void assertSame(Segmentation expected, Segmentation actual) {
    assertEquals(expected.labels(), actual.labels());
    assertEquals(expected.segments().size(), actual.segments().size());
    for (int i = 0; i < expected.segments().size(); i++) {
      Segment a = expected.segments().get(i);
      Segment b = actual.segments().get(i);
      assertEquals(a.probability(), b.probability(), 1e-9);
      assertEquals(
          new Segment(
              a.label(), a.area(), a.x(), a.y(), 0, a.left(), a.top(), a.width(), a.height()),
          new Segment(
              b.label(), b.area(), b.x(), b.y(), 0, b.left(), b.top(), b.width(), b.height()));
    }
  }

  @ParameterizedTest
  @CsvSource({"64, 1", "96, 2", "100, 3", "128, 4", "171, 5", "400, 6"})
  void objectsSmallerThanTheOverlapAreTheSameInTiles(int tileSize, long seed) {
    InstanceSegmentation task = InstanceSegmentation.of("nucleus");
    List<Tensor> outputs = outputs(seed, 320, 5, 11);
    Segmentation whole = task.decode(outputs);
    assertTrue(whole.segments().size() > 150, whole.segments().size() + " objects");
    List<Tile> tiles = new ArrayList<>(Tiles.plan(W, H, tileSize, task.overlap()));
    assertSame(whole, tiled(task, outputs, tiles));
    Collections.shuffle(tiles, new Random(seed));
    assertSame(whole, tiled(task, outputs, tiles));
  }

  /** Three times the overlap: no tile sees all of it. */
  @Test
  void objectsLargerThanTheOverlapStayWhole() {
    InstanceSegmentation task =
        new InstanceSegmentation(List.of("cell"), 0.55, 1, 0.1, 0.3, 15, 0, 3, 32, false);
    float[] object = new float[W * H];
    float[] depth = new float[W * H];
    for (int y = 0; y < H; y++) {
      for (int x = 0; x < W; x++) {
        double d =
            Math.max(
                1 - Math.hypot((x - 120) / 70.0, (y - 150) / 90.0),
                1 - Math.hypot((x - 262) / 75.0, (y - 140) / 60.0));
        object[y * W + x] = d > 0 ? 1 : 0;
        depth[y * W + x] = (float) Math.max(0, d);
      }
    }
    int[] shape = {1, 1, H, W};
    List<Tensor> outputs =
        List.of(new Tensor(Axes.NCHW, shape, object), new Tensor(Axes.NCHW, shape, depth));
    Segmentation whole = task.decode(outputs);
    assertEquals(2, whole.segments().size());
    Segmentation tiled = tiled(task, outputs, Tiles.plan(W, H, 128, task.overlap()));
    assertEquals(2, tiled.segments().size());
    InstanceMetrics metrics = new InstanceMetrics();
    metrics.add(tiled.labels(), whole.labels());
    assertEquals(2, metrics.at(95).tp(), metrics::table);
  }
}
