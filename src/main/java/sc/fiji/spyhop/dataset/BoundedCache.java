package sc.fiji.spyhop.dataset;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Keeps the values used last, up to a number of bytes; what is larger than all of it is not kept.
 * Safe for use by several threads; a value may then be computed twice.
 */
public final class BoundedCache<K, V> {

  private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);
  private final long capacity;
  private final ToLongFunction<V> bytes;
  private long used;

  /**
   * Holds nothing at first, and never more than fits.
   *
   * @param capacity bytes
   * @param bytes estimated size of a value
   */
  public BoundedCache(long capacity, ToLongFunction<V> bytes) {
    this.capacity = capacity;
    this.bytes = bytes;
  }

  /** The value of a key, computed unless it is still there. */
  public V get(K key, Function<K, V> compute) {
    synchronized (values) {
      V found = values.get(key);
      if (found != null) return found;
    }
    V made = compute.apply(key);
    long size = bytes.applyAsLong(made);
    synchronized (values) {
      if (size <= capacity && values.put(key, made) == null) used += size;
      Iterator<V> oldest = values.values().iterator();
      while (used > capacity) {
        used -= bytes.applyAsLong(oldest.next());
        oldest.remove();
      }
    }
    return made;
  }
}
