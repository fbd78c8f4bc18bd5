package sc.fiji.spyhop.engine.normalization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.engine.normalization.MapNormalization.ParameterGradients;

/** Held against the definition in double precision, and against finite differences of that. */
class MapNormalizationTest {

  private static final double EPSILON = 1e-3;

  /** The map of a network: [samples, channels, places], in double precision. */
  private static final class Plain {
    final int channels;
    final int places;
    final int groups;
    final double[] x;
    final double[] weight;
    final double[] bias;

    /**
     * @param groups 0 for layer normalization
     */
    Plain(int channels, int places, int groups, double[] x, double[] weight, double[] bias) {
      this.channels = channels;
      this.places = places;
      this.groups = groups;
      this.x = x;
      this.weight = weight;
      this.bias = bias;
    }

    /** From the definition: statistics of all values that are normalized with one. */
    double[] output() {
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        int n = i / places / channels;
        int c = i / places % channels;
        int size = groups == 0 ? channels : channels / groups;
        int first = c / size * size;
        int from = groups == 0 ? i % places : 0;
        int to = groups == 0 ? from + 1 : places;
        double count = (double) size * (to - from);
        double mean = 0;
        double variance = 0;
        for (int k = first; k < first + size; k++) {
          for (int p = from; p < to; p++) mean += x[(n * channels + k) * places + p] / count;
        }
        for (int k = first; k < first + size; k++) {
          for (int p = from; p < to; p++) {
            variance += Math.pow(x[(n * channels + k) * places + p] - mean, 2) / count;
          }
        }
        y[i] = (x[i] - mean) / Math.sqrt(variance + EPSILON) * weight[c] + bias[c];
      }
      return y;
    }

    double along(double[] direction) {
      double[] y = output();
      double sum = 0;
      for (int i = 0; i < y.length; i++) sum += y[i] * direction[i];
      return sum;
    }

    double slope(double[] at, int i, double[] direction) {
      double h = 1e-5;
      double was = at[i];
      at[i] = was + h;
      double above = along(direction);
      at[i] = was - h;
      double below = along(direction);
      at[i] = was;
      return (above - below) / (2 * h);
    }
  }

  private static double[] random(Random random, int n, double mean) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) values[i] = (float) (mean + random.nextGaussian());
    return values;
  }

  private static float[] floats(double[] values) {
    float[] all = new float[values.length];
    for (int i = 0; i < all.length; i++) all[i] = (float) values[i];
    return all;
  }

  private static MapNormalization normalization(int groups) {
    return groups == 0 ? new LayerNormalization(EPSILON) : new GroupNormalization(groups, EPSILON);
  }

  /** Rearranges rows into blocks of channels, what fills up the last one being 0. */
  private static FloatBuffer blocks(double[] rows, ValueOrder order) {
    float[] all = new float[(int) order.length()];
    for (int i = 0; i < rows.length; i++) all[place(i, order)] = (float) rows[i];
    return FloatBuffer.wrap(all);
  }

  private static int place(int i, ValueOrder order) {
    int p = i % order.places();
    int c = i / order.places() % order.channels();
    int n = i / order.places() / order.channels();
    return order.at(n, c / order.block(), p) + c % order.block();
  }

  @ParameterizedTest
  @CsvSource({
    // groups (0: layer norm), samples, channels, places, channels side by side
    "1, 2, 6, 7, 1",
    "2, 2, 6, 7, 1",
    "6, 2, 6, 7, 1",
    "3, 1, 6, 2500, 1",
    "2, 2, 20, 37, 8",
    "20, 1, 20, 300, 8",
    "5, 1, 20, 33, 20",
    "4, 2, 16, 200, 16",
    "10, 1, 300, 130, 300",
    "3, 5, 6, 1, 1",
    "0, 2, 6, 7, 1",
    "0, 1, 20, 2500, 1",
    "0, 1, 300, 130, 1",
    "0, 2, 20, 37, 8",
    "0, 1, 16, 2500, 16",
    "0, 2, 20, 33, 20",
    "0, 5, 6, 1, 1"
  })
  void doesWhatTheDefinitionSays(int groups, int samples, int channels, int places, int block) {
    Random random = new Random(1);
    int n = samples * channels * places;
    // far from 0, where squares less the square of the mean would leave no digits
    Plain plain =
        new Plain(
            channels,
            places,
            groups,
            random(random, n, 300),
            random(random, channels, 0),
            random(random, channels, 0));
    ValueOrder order = ValueOrder.blocks(block, samples, channels, places);
    FloatBuffer x = blocks(plain.x, order);
    FloatBuffer y = FloatBuffer.allocate((int) order.length());
    normalization(groups).forward(order, x, floats(plain.weight), floats(plain.bias), y);
    double[] expected = plain.output();
    for (int i = 0; i < n; i++) {
      assertEquals(expected[i], y.get(place(i, order)), 5e-5, "value " + i);
    }
    assertEquals(sum(expected), sum(y), 2e-5 * n, "what fills up blocks stays 0");
    double[] direction = random(random, n, 0);
    FloatBuffer back = FloatBuffer.allocate((int) order.length());
    ParameterGradients found =
        normalization(groups)
            .backward(order, x, blocks(direction, order), floats(plain.weight), back);
    for (int k = 0; k < 5; k++) {
      int i = random.nextInt(n);
      assertEquals(plain.slope(plain.x, i, direction), back.get(place(i, order)), 2e-4, "of " + i);
      int c = random.nextInt(channels);
      double scale = Math.sqrt(places);
      assertEquals(plain.slope(plain.weight, c, direction), found.weight()[c], 2e-5 * scale * 10);
      assertEquals(plain.slope(plain.bias, c, direction), found.bias()[c], 2e-5 * scale * 10);
    }
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double v : values) sum += v;
    return sum;
  }

  private static double sum(FloatBuffer values) {
    double sum = 0;
    for (int i = 0; i < values.capacity(); i++) sum += values.get(i);
    return sum;
  }

  /** All values are alike but for the last digits: what comes out is the bias, and is finite. */
  @Test
  void constantMapsBecomeTheBias() {
    for (int groups : new int[] {0, 2}) {
      ValueOrder order = ValueOrder.rows(1, 4, 3000);
      float[] alike = new float[12_000];
      Arrays.fill(alike, 1e6f);
      FloatBuffer y = FloatBuffer.allocate(alike.length);
      float[] weight = {1, 2, 3, 4};
      float[] bias = {5, 6, 7, 8};
      normalization(groups).forward(order, FloatBuffer.wrap(alike), weight, bias, y);
      for (int c = 0; c < 4; c++) assertEquals(bias[c], y.get(c * 3000 + 17), 1e-6);
    }
  }

  @Test
  void resultsMayTakeThePlaceOfWhatTheyAreMadeOf() {
    Random random = new Random(3);
    float[] x = floats(random(random, 2 * 4 * 3000, 1));
    float[] g = floats(random(random, x.length, 0));
    float[] weight = {1, 2, 3, 4};
    for (int groups : new int[] {0, 2}) {
      ValueOrder order = ValueOrder.rows(2, 4, 3000);
      FloatBuffer apart = FloatBuffer.allocate(x.length);
      normalization(groups).forward(order, FloatBuffer.wrap(x), weight, weight, apart);
      float[] own = x.clone();
      normalization(groups)
          .forward(order, FloatBuffer.wrap(own), weight, weight, FloatBuffer.wrap(own));
      assertArrayEquals(apart.array(), own);
      normalization(groups)
          .backward(order, FloatBuffer.wrap(x), FloatBuffer.wrap(g), weight, apart);
      float[] back = g.clone();
      FloatBuffer both = FloatBuffer.wrap(back);
      normalization(groups).backward(order, FloatBuffer.wrap(x), both, weight, both);
      assertArrayEquals(apart.array(), back);
    }
  }
}
