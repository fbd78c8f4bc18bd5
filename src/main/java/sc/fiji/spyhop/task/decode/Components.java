package sc.fiji.spyhop.task.decode;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Connected parts of a plane. */
public final class Components {

  private Components() {}

  /**
   * Numbers connected parts by their first pixel in row-major order.
   *
   * @param labels receives 1, 2 ... inside, 0 outside
   * @param connectivity 4 or 8
   * @return how many
   */
  public static int label(boolean[] mask, int w, int h, int connectivity, int[] labels) {
    return pieces(i -> mask[i] ? 1 : 0, w, h, connectivity, labels);
  }

  /**
   * Numbers connected parts of equal value by their first pixel in row-major order.
   *
   * @param values by row-major index; 0 is outside
   * @param labels receives 1, 2 ... inside, 0 outside
   * @param connectivity 4 or 8
   * @return how many
   */
  public static int pieces(IntUnaryOperator values, int w, int h, int connectivity, int[] labels) {
    boolean diagonal = connectivity == 8;
    Arrays.fill(labels, 0);
    int[] stack = new int[256];
    int n = 0;
    for (int start = 0; start < labels.length; start++) {
      int value = values.applyAsInt(start);
      if (value == 0 || labels[start] != 0) continue;
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
            if ((diagonal || dx == 0 || dy == 0)
                && labels[j] == 0
                && values.applyAsInt(j) == value) {
              labels[j] = n;
              stack[size++] = j;
            }
          }
        }
      }
    }
    return n;
  }

  /**
   * Makes every connected part of a mask (4 neighbours) that has no label into a label of its own.
   *
   * @param labels 0, or 1 to n; changed in place
   * @return the largest label afterwards
   */
  public static int addUnseeded(int[] labels, int n, boolean[] mask, int w, int h) {
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
}
