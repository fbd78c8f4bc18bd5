package sc.fiji.spyhop.explain.learned;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Function;
import sc.fiji.spyhop.tensor.Tensor;

/** The activations of a layer over many images: extremes, where they are, and what is alike. */
final class Activations {

  /** Places of a view at which maps are compared. */
  private static final int SAMPLES = 64;

  private static final double ALIKE = 0.98;

  /**
   * The highest activation of a map in an image.
   *
   * @param map from 0
   * @param image from 0
   * @param view of the image, from 0
   * @param x column of the map
   * @param y row of the map
   */
  record Peak(int map, int image, int view, int x, int y, float activation) {}

  private final int patches;
  private final int shown;
  private final Random random;
  private final List<PriorityQueue<Peak>> highest = new ArrayList<>();
  private final float[] min;
  private final float[] max;
  private final int[] active;
  private final double[] sums;
  private final double[][] products;
  private long samples;

  /**
   * @param patches peaks of a map that are kept
   * @param shown maps of which peaks are kept; 0 for all
   */
  Activations(int maps, int patches, int shown, long seed) {
    this.patches = patches;
    this.shown = shown == 0 ? maps : Math.min(shown, maps);
    random = new Random(seed);
    for (int m = 0; m < maps; m++) {
      highest.add(new PriorityQueue<>(Comparator.comparingDouble(Peak::activation)));
    }
    min = new float[maps];
    max = new float[maps];
    Arrays.fill(min, Float.POSITIVE_INFINITY);
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    active = new int[maps];
    sums = new double[maps];
    products = new double[maps][maps];
  }

  /**
   * Takes an image.
   *
   * @param activations of a view, [1, maps, height, width]
   */
  void add(int image, List<Inspection.View> views, Function<Inspection.View, Tensor> activations) {
    Peak[] best = new Peak[min.length];
    for (int v = 0; v < views.size(); v++) {
      Tensor all = activations.apply(views.get(v));
      int[] peaks = new int[best.length];
      for (int m = 0; m < best.length; m++) {
        Peak p = peak(all, m, image, v);
        peaks[m] = p.y * all.size('W') + p.x;
        if (best[m] == null || p.activation > best[m].activation) best[m] = p;
      }
      compare(all, peaks);
    }
    for (int m = 0; m < best.length; m++) {
      max[m] = Math.max(max[m], best[m].activation);
      if (best[m].activation <= 0) continue;
      active[m]++;
      if (m >= shown) continue;
      highest.get(m).add(best[m]);
      if (highest.get(m).size() > patches) highest.get(m).poll();
    }
  }

  private Peak peak(Tensor all, int map, int image, int view) {
    int width = all.size('W');
    int places = width * all.size('H');
    int best = 0;
    float[] values = all.data();
    for (int i = 0; i < places; i++) {
      float value = values[map * places + i];
      min[map] = Math.min(min[map], value);
      if (value > values[map * places + best]) best = i;
    }
    return new Peak(map, image, view, best % width, best / width, values[map * places + best]);
  }

  /** At places drawn at random, and at peaks, where maps that are only alike tell more. */
  private void compare(Tensor all, int... peaks) {
    int places = all.size('W') * all.size('H');
    for (int s = 0; s < SAMPLES; s++) {
      compare(all.data(), places, random.nextInt(places));
      compare(all.data(), places, peaks[random.nextInt(peaks.length)]);
    }
  }

  private void compare(float[] values, int places, int at) {
    samples++;
    for (int a = 0; a < sums.length; a++) {
      double value = values[a * places + at];
      sums[a] += value;
      if (value == 0) continue;
      for (int b = 0; b <= a; b++) products[a][b] += value * values[b * places + at];
    }
  }

  /** What is kept of an image. */
  List<Peak> peaks(int image) {
    return highest.stream().flatMap(q -> q.stream()).filter(p -> p.image == image).toList();
  }

  FeatureMap map(int m, List<Patch> found) {
    return new FeatureMap(m + 1, min[m], max[m], active[m], twin(m), found);
  }

  private OptionalInt twin(int m) {
    for (int i = 0; i < m; i++) {
      double both = covariance(m, i);
      double norm = Math.sqrt(Math.max(0, covariance(m, m)) * Math.max(0, covariance(i, i)));
      if (norm > 1e-12 && Math.abs(both) >= ALIKE * norm) return OptionalInt.of(i + 1);
    }
    return OptionalInt.empty();
  }

  private double covariance(int a, int b) {
    return Math.max(
        a == b ? 0 : Double.NEGATIVE_INFINITY,
        products[a][b] / samples - sums[a] / samples * (sums[b] / samples));
  }
}
