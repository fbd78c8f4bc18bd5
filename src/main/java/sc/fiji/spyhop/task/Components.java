package sc.fiji.spyhop.task;

import java.util.Arrays;

/** Connected parts of a plane. */
final class Components {

  private Components() {}

  /**
   * Numbers connected parts by their first pixel in row-major order.
   *
   * @param labels receives 1, 2 ... inside, 0 outside
   * @param connectivity 4 or 8
   * @return how many
   */
  static int label(boolean[] mask, int w, int h, int connectivity, int[] labels) {
    boolean diagonal = connectivity == 8;
    Arrays.fill(labels, 0);
    int[] stack = new int[256];
    int n = 0;
    for (int start = 0; start < mask.length; start++) {
      if (!mask[start] || labels[start] != 0) continue;
      labels[start] = ++n;
      int size = 0;
      stack[size++] = start;
      while (size > 0) {
        int i = stack[--size];
        int y = i / w;
        int x = i - y * w;
        if (size + 8 > stack.length) stack = Arrays.copyOf(stack, 2 * stack.length);
        for (int dy = y > 0 ? -1 : 0; dy <= (y < h - 1 ? 1 : 0); dy++) {
          for (int dx = x > 0 ? -1 : 0; dx <= (x < w - 1 ? 1 : 0); dx++) {
            int j = i + dy * w + dx;
            if ((diagonal || dx == 0 || dy == 0) && mask[j] && labels[j] == 0) {
              labels[j] = n;
              stack[size++] = j;
            }
          }
        }
      }
    }
    return n;
  }

  /** Pixels of each label 0 to n. */
  static int[] areas(int[] labels, int n) {
    int[] areas = new int[n + 1];
    for (int label : labels) areas[label]++;
    return areas;
  }

  /**
   * Clears labels of fewer pixels than asked for and closes the gaps in the numbering.
   *
   * @return how many are left
   */
  static int removeSmall(int[] labels, int n, int minArea) {
    int[] areas = areas(labels, n);
    int[] number = new int[n + 1];
    int left = 0;
    for (int label = 1; label <= n; label++) {
      if (areas[label] >= Math.max(1, minArea)) number[label] = ++left;
    }
    for (int i = 0; i < labels.length; i++) labels[i] = number[labels[i]];
    return left;
  }

  /**
   * Numbers labels 1, 2 ... by their first pixel in row-major order; 0 stays.
   *
   * @param n largest label
   * @return how many there are
   */
  static int sequential(int[] labels, int n) {
    int[] number = new int[n + 1];
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      if (label == 0) continue;
      if (number[label] == 0) number[label] = ++count;
      labels[i] = number[label];
    }
    return count;
  }

  /**
   * Makes every connected part of a mask (4 neighbours) that has no label into a label of its own.
   *
   * @param labels 0, or 1 to n; changed in place
   * @return the largest label afterwards
   */
  static int addUnseeded(int[] labels, int n, boolean[] mask, int w, int h) {
    int[] parts = new int[labels.length];
    int count = label(mask, w, h, 4, parts);
    int[] number = new int[count + 1];
    for (int i = 0; i < labels.length; i++) if (labels[i] != 0) number[parts[i]] = -1;
    for (int part = 1; part <= count; part++) if (number[part] == 0) number[part] = ++n;
    for (int i = 0; i < labels.length; i++) {
      if (parts[i] != 0 && number[parts[i]] > 0) labels[i] = number[parts[i]];
    }
    return n;
  }

  /**
   * Gives holes to the object around them: parts of the background (4 neighbours) that do not touch
   * the edge of the plane and border on one object only.
   */
  static void fillHoles(int[] labels, int w, int h) {
    boolean[] background = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) background[i] = labels[i] == 0;
    int[] parts = new int[labels.length];
    int n = label(background, w, h, 4, parts);
    int[] owner = new int[n + 1];
    for (int y = 0, i = 0; y < h; y++) {
      for (int x = 0; x < w; x++, i++) {
        int part = parts[i];
        if (part == 0 || owner[part] < 0) continue;
        if (x == 0 || y == 0 || x == w - 1 || y == h - 1) {
          owner[part] = -1;
          continue;
        }
        claim(owner, part, labels[i - 1]);
        claim(owner, part, labels[i + 1]);
        claim(owner, part, labels[i - w]);
        claim(owner, part, labels[i + w]);
      }
    }
    for (int i = 0; i < labels.length; i++) {
      if (parts[i] != 0 && owner[parts[i]] > 0) labels[i] = owner[parts[i]];
    }
  }

  private static void claim(int[] owner, int part, int label) {
    if (label == 0 || owner[part] == label) return;
    owner[part] = owner[part] == 0 ? label : -1;
  }
}
