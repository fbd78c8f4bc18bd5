package sc.fiji.spyhop.task.decode;

import java.util.Arrays;

/** Bounding boxes of labels 1 to n, corners included. */
final class Boxes {

  final int[] left;
  final int[] top;
  final int[] right;
  final int[] bottom;

  private Boxes(int n) {
    left = new int[n + 1];
    top = new int[n + 1];
    right = new int[n + 1];
    bottom = new int[n + 1];
    Arrays.fill(left, Integer.MAX_VALUE);
    Arrays.fill(top, Integer.MAX_VALUE);
    Arrays.fill(right, -1);
    Arrays.fill(bottom, -1);
  }

  static Boxes of(int[] labels, int n, int w, int h) {
    Boxes boxes = new Boxes(n);
    for (int y = 0, i = 0; y < h; y++) {
      for (int x = 0; x < w; x++, i++) {
        int label = labels[i];
        if (label == 0) continue;
        if (x < boxes.left[label]) boxes.left[label] = x;
        if (x > boxes.right[label]) boxes.right[label] = x;
        if (y < boxes.top[label]) boxes.top[label] = y;
        if (y > boxes.bottom[label]) boxes.bottom[label] = y;
      }
    }
    return boxes;
  }

  boolean isEmpty(int label) {
    return right[label] < 0;
  }
}
