package sc.fiji.spyhop.engine.onednn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Keeps what was used last. */
final class Cache<K, V> {

  private final Map<K, V> map;

  Cache(int capacity) {
    map =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > capacity;
          }
        };
  }

  V get(K key, Supplier<V> maker) {
    V value = map.get(key);
    if (value == null) {
      value = maker.get();
      map.put(key, value);
    }
    return value;
  }
}
