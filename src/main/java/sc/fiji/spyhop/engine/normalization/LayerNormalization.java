package sc.fiji.spyhop.engine.normalization;

import java.nio.FloatBuffer;
import java.util.Arrays;
import sc.fiji.spyhop.util.Parallel;

/**
 * Normalization of all channels of each place.
 *
 * @param epsilon added to the variance
 */
public record LayerNormalization(double epsilon) implements MapNormalization {

  /** Values of all channels of the places that are worked on at a time. */
  private static final int ROOM = 1 << 15;

  /** Blocks of channels that are added up in 32 bits before they go on in 64. */
  private static final int ADDED = 16;

  @Override
  public void forward(
      ValueOrder given, FloatBuffer x, float[] weight, float[] bias, FloatBuffer y) {
    ValueOrder order = given.samplesAsPlaces();
    int parts = parts(order);
    Shares.run(
        order.samples() * parts,
        order.length(),
        (from, to) -> {
          Part part = new Part(order, weight, bias);
          for (int i = from; i < to; i++) part.forward(i / parts, i % parts, x, y);
        });
  }

  @Override
  public ParameterGradients backward(
      ValueOrder given, FloatBuffer x, FloatBuffer gradient, float[] weight, FloatBuffer back) {
    ValueOrder order = given.samplesAsPlaces();
    int parts = parts(order);
    int all = order.samples() * parts;
    Part[] shares = new Part[Shares.count(all)];
    Parallel.each(
        shares.length,
        order.length(),
        s -> {
          shares[s] = new Part(order, weight, weight);
          for (int i = Shares.bound(all, s); i < Shares.bound(all, s + 1); i++) {
            shares[s].backward(i / parts, i % parts, x, gradient, back);
          }
        });
    double[] ofWeight = new double[order.channels()];
    double[] ofBias = new double[order.channels()];
    for (Part part : shares) {
      for (int c = 0; c < ofWeight.length; c++) {
        ofWeight[c] += part.ofWeight[c];
        ofBias[c] += part.ofBias[c];
      }
    }
    return ParameterGradients.of(ofWeight, ofBias);
  }

  private static int placesOfPart(ValueOrder order) {
    return Math.max(1, Math.min(order.places(), ROOM / order.blocks() / order.block()));
  }

  private static int parts(ValueOrder order) {
    return (order.places() + placesOfPart(order) - 1) / placesOfPart(order);
  }

  /** All channels of some places. */
  private final class Part {
    private final ValueOrder order;
    private final int lanes;
    private final float[] weight;
    private final float[] bias;
    private final float[][] values;
    private final float[][] gradients;
    private final float[] a;
    private final float[] b;
    private final float[] spread;
    private final float[] room;
    private final double[] sumA;
    private final double[] sumB;
    final double[] ofWeight;
    final double[] ofBias;

    Part(ValueOrder order, float[] weight, float[] bias) {
      this.order = order;
      lanes = order.block();
      int all = order.blocks() * lanes;
      this.weight = Arrays.copyOf(weight, all);
      this.bias = Arrays.copyOf(bias, all);
      int places = placesOfPart(order);
      values = new float[order.blocks()][places * lanes];
      gradients = new float[order.blocks()][];
      a = new float[places * lanes];
      b = new float[places * lanes];
      spread = new float[places * lanes];
      room = new float[places * lanes];
      sumA = new double[places];
      sumB = new double[places];
      ofWeight = new double[all];
      ofBias = new double[all];
    }

    private int first(int part) {
      return part * placesOfPart(order);
    }

    private int places(int part) {
      return Math.min(placesOfPart(order), order.places() - first(part));
    }

    void forward(int sample, int part, FloatBuffer x, FloatBuffer y) {
      int places = places(part);
      int n = places * lanes;
      normalize(sample, part, x);
      for (int k = 0; k < values.length; k++) {
        spread(weight, k, a, n);
        spread(bias, k, b, n);
        multiplyAndAdd(values[k], a, b, n);
        y.put(order.at(sample, k, first(part)), values[k], 0, n);
      }
    }

    /** Leaves normalized values, and for each place the inverse of its deviation in the sums. */
    private void normalize(int sample, int part, FloatBuffer x) {
      int places = places(part);
      int n = places * lanes;
      clear(places);
      for (int k = 0; k < values.length; k++) {
        x.get(order.at(sample, k, first(part)), values[k], 0, n);
        Lanes.add(a, values[k], n);
        if (isEnough(k)) empty(a, sumA, places);
      }
      for (int p = 0; p < places; p++) spread(p, (float) (sumA[p] / order.channels()), spread);
      clear(places);
      for (int k = 0; k < values.length; k++) {
        Lanes.subtract(values[k], spread, values[k], n);
        clearMissing(k, values[k], places);
        Lanes.add(a, values[k], n);
        addSquares(b, values[k], n);
        if (isEnough(k)) {
          empty(a, sumA, places);
          empty(b, sumB, places);
        }
      }
      for (int p = 0; p < places; p++) {
        double rest = sumA[p] / order.channels();
        double inverse = 1 / Math.sqrt(sumB[p] / order.channels() - rest * rest + epsilon);
        spread(p, (float) inverse, a);
        spread(p, (float) (-rest * inverse), b);
      }
      System.arraycopy(a, 0, spread, 0, n);
      for (float[] v : values) multiplyAndAdd(v, a, b, n);
    }

    void backward(int sample, int part, FloatBuffer x, FloatBuffer gradient, FloatBuffer back) {
      int places = places(part);
      int n = places * lanes;
      normalize(sample, part, x);
      for (int k = 0; k < values.length; k++) {
        if (gradients[k] == null) gradients[k] = new float[values[k].length];
        clearMissing(k, values[k], places);
        gradient.get(order.at(sample, k, first(part)), gradients[k], 0, n);
        System.arraycopy(gradients[k], 0, a, 0, n);
        Lanes.multiply(gradients[k], values[k], b, n);
        Lanes.sum(a, room, places, lanes);
        Lanes.sum(b, room, places, lanes);
        for (int c = 0; c < lanes; c++) {
          ofBias[k * lanes + c] += a[c];
          ofWeight[k * lanes + c] += b[c];
        }
        spread(weight, k, a, n);
        Lanes.multiply(gradients[k], a, gradients[k], n);
      }
      clear(places);
      for (int k = 0; k < values.length; k++) {
        Lanes.add(a, gradients[k], n);
        addProducts(b, gradients[k], values[k], n);
        if (isEnough(k)) {
          empty(a, sumA, places);
          empty(b, sumB, places);
        }
      }
      for (int p = 0; p < places; p++) {
        spread(p, (float) (sumA[p] / order.channels()), a);
        spread(p, (float) (sumB[p] / order.channels()), b);
      }
      for (int k = 0; k < values.length; k++) {
        goBack(gradients[k], values[k], n);
        clearMissing(k, gradients[k], places);
        back.put(order.at(sample, k, first(part)), gradients[k], 0, n);
      }
    }

    /** (g - mean - value * mean of products) / deviation. */
    private void goBack(float[] g, float[] v, int n) {
      for (int i = 0; i < n; i++) g[i] = (g[i] - a[i] - v[i] * b[i]) * spread[i];
    }

    private void clear(int places) {
      Arrays.fill(a, 0);
      Arrays.fill(b, 0);
      Arrays.fill(sumA, 0, places, 0);
      Arrays.fill(sumB, 0, places, 0);
    }

    private boolean isEnough(int block) {
      return block % ADDED == ADDED - 1 || block == values.length - 1;
    }

    /** Adds what is in the lanes of each place to its sum. */
    private void empty(float[] from, double[] sums, int places) {
      if (lanes == 1) {
        for (int p = 0; p < places; p++) sums[p] += from[p];
      } else {
        for (int p = 0; p < places; p++) sums[p] += sum(from, p * lanes, lanes);
      }
      Arrays.fill(from, 0, places * lanes, 0);
    }

    /** With two sums at a time, so that one need not wait for the other. */
    private static double sum(float[] values, int from, int n) {
      double even = 0;
      double odd = 0;
      int i = 0;
      for (; i + 3 < n; i += 4) {
        even += (double) values[from + i] + values[from + i + 1];
        odd += (double) values[from + i + 2] + values[from + i + 3];
      }
      for (; i < n; i++) even += values[from + i];
      return even + odd;
    }

    private void spread(int place, float value, float[] into) {
      int at = place * lanes;
      int end = at + lanes;
      for (; at + 3 < end; at += 4) {
        into[at] = value;
        into[at + 1] = value;
        into[at + 2] = value;
        into[at + 3] = value;
      }
      for (; at < end; at++) into[at] = value;
    }

    private void spread(float[] ofChannels, int block, float[] into, int n) {
      System.arraycopy(ofChannels, block * lanes, into, 0, lanes);
      Lanes.spread(into, lanes, into, n);
    }

    /** Channels that fill up the last block stay 0. */
    private void clearMissing(int block, float[] v, int places) {
      int there = order.channels() - block * lanes;
      if (there >= lanes) return;
      for (int p = 0; p < places; p++) {
        Arrays.fill(v, p * lanes + there, (p + 1) * lanes, 0);
      }
    }

    private static void addSquares(float[] sums, float[] v, int n) {
      for (int i = 0; i < n; i++) sums[i] += v[i] * v[i];
    }

    private static void addProducts(float[] sums, float[] v, float[] w, int n) {
      for (int i = 0; i < n; i++) sums[i] += v[i] * w[i];
    }

    private static void multiplyAndAdd(float[] v, float[] by, float[] plus, int n) {
      for (int i = 0; i < n; i++) v[i] = v[i] * by[i] + plus[i];
    }
  }
}
