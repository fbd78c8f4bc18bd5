package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.decode.Components;
import sc.fiji.spyhop.task.decode.Distances;
import sc.fiji.spyhop.task.decode.Labels;
import sc.fiji.spyhop.task.decode.Landscapes;
import sc.fiji.spyhop.task.decode.Watershed;

/** Image operations against slow ones that follow their definition, and cases made by hand. */
class KernelsTest {

  private static final int[][] FOUR = {{0, -1}, {-1, 0}, {1, 0}, {0, 1}};

  private static int[] blocks(Random random, int w, int h, int kinds, int size) {
    int[] labels = new int[w * h];
    for (int k = 0; k < kinds; k++) {
      int cx = random.nextInt(w);
      int cy = random.nextInt(h);
      for (int y = Math.max(0, cy - size); y < Math.min(h, cy + size); y++) {
        for (int x = Math.max(0, cx - size); x < Math.min(w, cx + size); x++) {
          if (random.nextInt(8) > 0) labels[y * w + x] = 1 + k;
        }
      }
    }
    return labels;
  }

  // --- watershed

  /** Takes the lowest, then oldest, entry of a list again and again. */
  private static int[] slowWatershed(int[] seeds, float[] height, boolean[] mask, int w, int h) {
    record Entry(float height, int age, int pixel) {}
    int[] labels = seeds.clone();
    List<Entry> queue = new ArrayList<>();
    int age = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != 0) queue.add(new Entry(height[i], age++, i));
    }
    while (!queue.isEmpty()) {
      Entry first = queue.get(0);
      for (Entry e : queue) {
        if (e.height < first.height || e.height == first.height && e.age < first.age) first = e;
      }
      queue.remove(first);
      for (int[] step : FOUR) {
        int x = first.pixel % w + step[0];
        int y = first.pixel / w + step[1];
        if (x < 0 || y < 0 || x >= w || y >= h || !mask[y * w + x] || labels[y * w + x] != 0) {
          continue;
        }
        labels[y * w + x] = labels[first.pixel];
        queue.add(new Entry(height[y * w + x], age++, y * w + x));
      }
    }
    return labels;
  }

  @Test
  void watershedFloodsInOrderOfHeightThenAge() {
    Random random = new Random(1);
    for (int round = 0; round < 60; round++) {
      int w = 1 + random.nextInt(24);
      int h = 1 + random.nextInt(24);
      float[] height = new float[w * h];
      boolean[] mask = new boolean[w * h];
      int[] seeds = new int[w * h];
      int levels = round % 2 == 0 ? 3 : 1000;
      for (int i = 0; i < height.length; i++) {
        height[i] = (random.nextInt(levels) - levels / 2) / 7f * (random.nextBoolean() ? 1 : -0f);
        mask[i] = random.nextInt(5) > 0;
        if (random.nextInt(20) == 0) seeds[i] = 1 + random.nextInt(9);
      }
      int[] expected = slowWatershed(seeds, height, mask, w, h);
      Watershed.flood(seeds, height, mask, w, h);
      assertArrayEquals(expected, seeds);
    }
  }

  @Test
  void watershedMeetsOnTheRidge() {
    int[] labels = {1, 0, 0, 0, 0, 0, 2};
    float[] height = {0, 1, 2, 3, 5, 1, 0};
    boolean[] mask = {true, true, true, true, true, true, true};
    Watershed.flood(labels, height, mask, 7, 1);
    assertArrayEquals(new int[] {1, 1, 1, 1, 2, 2, 2}, labels);
  }

  // --- components

  private static int[] slowComponents(boolean[] mask, int w, int h, int connectivity) {
    int[] labels = new int[w * h];
    for (int i = 0; i < labels.length; i++) labels[i] = mask[i] ? i + 1 : 0;
    for (boolean changed = true; changed; ) {
      changed = false;
      for (int i = 0; i < labels.length; i++) {
        for (int j = 0; j < labels.length; j++) {
          int dx = Math.abs(i % w - j % w);
          int dy = Math.abs(i / w - j / w);
          boolean near = connectivity == 4 ? dx + dy == 1 : Math.max(dx, dy) == 1;
          if (near && mask[i] && mask[j] && labels[j] < labels[i]) {
            labels[i] = labels[j];
            changed = true;
          }
        }
      }
    }
    List<Integer> firsts = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == 0) continue;
      if (!firsts.contains(labels[i])) firsts.add(labels[i]);
      labels[i] = firsts.indexOf(labels[i]) + 1;
    }
    return labels;
  }

  @Test
  void componentsAreNumberedByFirstPixel() {
    Random random = new Random(2);
    for (int round = 0; round < 40; round++) {
      int w = 1 + random.nextInt(12);
      int h = 1 + random.nextInt(12);
      boolean[] mask = new boolean[w * h];
      for (int i = 0; i < mask.length; i++) mask[i] = random.nextInt(5) < 3;
      for (int connectivity : new int[] {4, 8}) {
        int[] labels = new int[w * h];
        int n = Components.label(mask, w, h, connectivity, labels);
        int[] expected = slowComponents(mask, w, h, connectivity);
        assertArrayEquals(expected, labels);
        int max = 0;
        for (int label : expected) max = Math.max(max, label);
        assertEquals(max, n);
      }
    }
  }

  @Test
  void partsWithoutALabelGetOne() {
    boolean[] mask = {true, true, false, true, true, false, true};
    int[] labels = {0, 2, 0, 0, 0, 0, 0};
    assertEquals(4, Components.addUnseeded(labels, 2, mask, 7, 1));
    assertArrayEquals(new int[] {0, 2, 0, 3, 3, 0, 4}, labels);
  }

  @Test
  void piecesOfALabelAreToldApart() {
    LabelMap map = LabelMap.of(4, 3, 7, 0, 7, 7, 0, 7, 5, 0, 9, 0, 0, 5);
    int[] pieces = new int[12];
    assertEquals(3, Components.pieces(map::get, map.width(), map.height(), 8, pieces));
    assertArrayEquals(new int[] {1, 0, 1, 1, 0, 1, 2, 0, 3, 0, 0, 2}, pieces);
  }

  // --- distances

  @Test
  void distancesAreThoseToTheNearestPixelOutside() {
    Random random = new Random(3);
    for (int round = 0; round < 20; round++) {
      int w = 1 + random.nextInt(30);
      int h = 1 + random.nextInt(30);
      int[] labels = blocks(random, w, h, 4, 8);
      float[] distances = Distances.toOutside(labels, 4, w, h);
      for (int i = 0; i < labels.length; i++) {
        double nearest = labels[i] == 0 ? 0 : Double.POSITIVE_INFINITY;
        for (int y = -1; y <= h && labels[i] != 0; y++) {
          for (int x = -1; x <= w; x++) {
            boolean inPlane = x >= 0 && y >= 0 && x < w && y < h;
            if (inPlane && labels[y * w + x] == labels[i]) continue;
            nearest = Math.min(nearest, Math.hypot(x - i % w, y - i / w));
          }
        }
        assertEquals(nearest, distances[i], 1e-5);
      }
    }
  }

  @Test
  void touchingPixelsHaveTwoObjectsInTheirWindow() {
    Random random = new Random(4);
    for (int round = 0; round < 20; round++) {
      int w = 1 + random.nextInt(20);
      int h = 1 + random.nextInt(20);
      int[] labels = blocks(random, w, h, 5, 4);
      boolean[] touching = Labels.touching(labels, w, h, 2);
      for (int i = 0; i < labels.length; i++) {
        List<Integer> seen = new ArrayList<>();
        for (int y = Math.max(0, i / w - 2); y <= Math.min(h - 1, i / w + 2); y++) {
          for (int x = Math.max(0, i % w - 2); x <= Math.min(w - 1, i % w + 2); x++) {
            int label = labels[y * w + x];
            if (label != 0 && !seen.contains(label)) seen.add(label);
          }
        }
        assertEquals(seen.size() > 1, touching[i]);
      }
    }
  }

  // --- landscapes

  /** Dilates under the mask until nothing changes. */
  private static float[] slowReconstruction(float[] marker, float[] mask, int w, int h) {
    float[] now = marker.clone();
    for (boolean changed = true; changed; ) {
      changed = false;
      for (int i = 0; i < now.length; i++) {
        float best = now[i];
        for (int y = Math.max(0, i / w - 1); y <= Math.min(h - 1, i / w + 1); y++) {
          for (int x = Math.max(0, i % w - 1); x <= Math.min(w - 1, i % w + 1); x++) {
            best = Math.max(best, now[y * w + x]);
          }
        }
        best = Math.min(best, mask[i]);
        if (best > now[i]) {
          now[i] = best;
          changed = true;
        }
      }
    }
    return now;
  }

  @Test
  void reconstructionSpreadsUnderTheMask() {
    Random random = new Random(6);
    for (int round = 0; round < 60; round++) {
      int w = 1 + random.nextInt(20);
      int h = 1 + random.nextInt(20);
      float[] mask = new float[w * h];
      float[] marker = new float[w * h];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = random.nextInt(10) / 10f;
        marker[i] = random.nextInt(6) == 0 ? mask[i] * random.nextFloat() : 0;
      }
      float[] expected = slowReconstruction(marker, mask, w, h);
      Landscapes.reconstruct(marker, mask, w, h);
      assertArrayEquals(expected, marker);
    }
  }

  @Test
  void peaksStandOutByTheHeightAskedFor() {
    float[] plane = {0, 0.5f, 0.45f, 0.55f, 0.2f, 0.35f, 0};
    boolean[] peaks = Landscapes.peaks(plane, 7, 1, 0.1);
    assertArrayEquals(new boolean[] {false, false, false, true, false, true, false}, peaks);
  }
}
