package sc.fiji.spyhop.task.decode;

import java.util.Arrays;

/**
 * Seeded watershed by priority flood (Meyer 1991; Beucher and Meyer 1993), without watershed lines,
 * over 4 neighbours.
 *
 * <p>Pixels are flooded in order of their height; of equal ones, that which was reached first,
 * seeds in row-major order. This order within a part of an image does not depend on the rest of it
 * as long as no flood comes in from there, so a tile is divided like the same place in the whole
 * image.
 */
public final class Watershed {

  private long[] keys = new long[1024];
  private int[] pixels = new int[1024];
  private int size;
  private int age;

  private Watershed() {}

  /**
   * Extends seeds over a mask. Parts of it are flooded one after the other, so that the queue is
   * never longer than the front of one, however large the plane.
   *
   * @param labels seeds, 0 elsewhere; changed in place; seeds outside the mask spread too
   * @param landscape height of every pixel, lowest flooded first
   * @param mask where labels may spread
   */
  public static void flood(int[] labels, float[] landscape, boolean[] mask, int w, int h) {
    int[] parts = new int[labels.length];
    int n = Components.pieces(i -> mask[i] || labels[i] != 0 ? 1 : 0, w, h, 4, parts);
    int[] ends = new int[n + 2];
    for (int i = 0; i < labels.length; i++) {
      if (spreads(labels, mask, i, w)) ends[parts[i] + 1]++;
    }
    for (int part = 1; part <= n; part++) ends[part + 1] += ends[part];
    int[] seeds = new int[ends[n + 1]];
    for (int i = 0; i < labels.length; i++) {
      if (spreads(labels, mask, i, w)) seeds[ends[parts[i]]++] = i;
    }
    Watershed queue = new Watershed();
    for (int part = 1; part <= n; part++) {
      queue.age = 0;
      for (int k = ends[part - 1]; k < ends[part]; k++) queue.push(landscape[seeds[k]], seeds[k]);
      queue.run(labels, landscape, mask, w);
    }
  }

  /** Whether a pixel is a seed with somewhere to go. */
  private static boolean spreads(int[] labels, boolean[] mask, int i, int w) {
    if (labels[i] == 0) return false;
    int x = i % w;
    return x > 0 && open(labels, mask, i - 1)
        || x < w - 1 && open(labels, mask, i + 1)
        || i >= w && open(labels, mask, i - w)
        || i < labels.length - w && open(labels, mask, i + w);
  }

  private void run(int[] labels, float[] landscape, boolean[] mask, int w) {
    while (size > 0) {
      int i = pop();
      int x = i % w;
      int label = labels[i];
      if (i >= w) visit(labels, landscape, mask, i - w, label);
      if (x > 0) visit(labels, landscape, mask, i - 1, label);
      if (x < w - 1) visit(labels, landscape, mask, i + 1, label);
      if (i < labels.length - w) visit(labels, landscape, mask, i + w, label);
    }
  }

  private static boolean open(int[] labels, boolean[] mask, int i) {
    return labels[i] == 0 && mask[i];
  }

  private void visit(int[] labels, float[] landscape, boolean[] mask, int i, int label) {
    if (!open(labels, mask, i)) return;
    labels[i] = label;
    push(landscape[i], i);
  }

  /** Binary heap ordered by height, then age, in one number. */
  private void push(float height, int pixel) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      pixels = Arrays.copyOf(pixels, 2 * size);
    }
    int bits = Float.floatToIntBits(height + 0f);
    bits ^= bits >> 31 & 0x7fffffff;
    long key = (long) bits << 32 | age++;
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >> 1;
      if (keys[parent] <= key) break;
      keys[at] = keys[parent];
      pixels[at] = pixels[parent];
      at = parent;
    }
    keys[at] = key;
    pixels[at] = pixel;
  }

  private int pop() {
    int first = pixels[0];
    long key = keys[--size];
    int pixel = pixels[size];
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && keys[child + 1] < keys[child]) child++;
      if (keys[child] >= key) break;
      keys[at] = keys[child];
      pixels[at] = pixels[child];
      at = child;
    }
    keys[at] = key;
    pixels[at] = pixel;
    return first;
  }
}
