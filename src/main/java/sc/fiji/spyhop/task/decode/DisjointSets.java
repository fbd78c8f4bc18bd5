package sc.fiji.spyhop.task.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * Union-find over 1, 2 ...; the root is the lowest number of a set. Grows by pages that the garbage
 * collector can move.
 */
final class DisjointSets {

  private static final int BITS = 13;
  private static final int MASK = (1 << BITS) - 1;

  private final List<int[]> pages = new ArrayList<>();
  private int size = 1;

  /** Adds single numbers and returns the first of them. */
  int extend(int n) {
    int first = size;
    size = Math.addExact(size, n);
    while ((long) pages.size() << BITS < size) pages.add(new int[1 << BITS]);
    for (int i = first; i < size; i++) set(i, i);
    return first;
  }

  /** One more than the largest number. */
  int size() {
    return size;
  }

  int root(int i) {
    int k = i;
    for (int parent = get(k); parent != k; parent = get(k)) {
      set(k, get(parent));
      k = get(parent);
    }
    return k;
  }

  void join(int a, int b) {
    int ra = root(a);
    int rb = root(b);
    set(Math.max(ra, rb), Math.min(ra, rb));
  }

  private int get(int i) {
    return pages.get(i >> BITS)[i & MASK];
  }

  private void set(int i, int parent) {
    pages.get(i >> BITS)[i & MASK] = parent;
  }
}
