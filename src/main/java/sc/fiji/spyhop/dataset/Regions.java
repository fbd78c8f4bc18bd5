package sc.fiji.spyhop.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;

/**
 * The connected regions of equal label in a label map, background and what is unlabelled left out;
 * pixels that touch at a corner are connected.
 *
 * @param labels each region's number, from 1 in row-major order of its first pixel, and its class
 *     where that is known; unlabelled pixels stay as they are
 * @param list the regions by number, number 1 first
 */
record Regions(LabelMap labels, List<Region> list) {

  /**
   * @param label what its pixels have in the original map
   * @param area pixels
   */
  record Region(int label, int left, int top, int right, int bottom, long area) {}

  static Regions of(LabelMap map) {
    int width = map.width();
    int height = map.height();
    LabelMap labels = new LabelMap(width, height);
    for (int i = 0; i < map.size(); i++) {
      if (map.get(i) == LabelMap.UNLABELLED) labels.set(i, LabelMap.UNLABELLED);
    }
    List<Region> list = new ArrayList<>();
    int[] stack = new int[256];
    for (int start = 0; start < map.size(); start++) {
      int label = map.get(start);
      if (label == 0 || labels.get(start) != 0) continue;
      int number = list.size() + 1;
      int left = width;
      int top = height;
      int right = 0;
      int bottom = 0;
      long area = 0;
      int count = 0;
      stack[count++] = start;
      labels.set(start, number);
      while (count > 0) {
        int at = stack[--count];
        int x = at % width;
        int y = at / width;
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
        area++;
        if (count + 8 > stack.length) stack = Arrays.copyOf(stack, 2 * stack.length);
        for (int v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
          for (int u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
            int next = v * width + u;
            if (labels.get(next) == 0 && map.get(next) == label) {
              labels.set(next, number);
              stack[count++] = next;
            }
          }
        }
      }
      list.add(new Region(label, left, top, right, bottom, area));
    }
    return new Regions(labels.withClasses(classes(map.classes(), list)), list);
  }

  private static ObjectClasses classes(ObjectClasses known, List<Region> list) {
    if (known.isNone()) return known;
    Map<Integer, Integer> numbers = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      int type = known.of(list.get(i).label());
      if (type != ObjectClasses.UNKNOWN) numbers.put(i + 1, type);
    }
    return new ObjectClasses(numbers);
  }
}
