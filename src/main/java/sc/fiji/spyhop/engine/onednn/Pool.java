package sc.fiji.spyhop.engine.onednn;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import sc.fiji.spyhop.SpyhopException;

/**
 * Lends memory outside the heap and keeps what is given back for the next who asks. Not thread
 * safe.
 */
final class Pool implements AutoCloseable {

  /** What vector instructions and cache lines like. */
  private static final int ALIGNMENT = 64;

  private static final AtomicLong LIVE = new AtomicLong();

  private final TreeMap<Long, Deque<Chunk>> idle = new TreeMap<>();

  /** Some memory. */
  static final class Chunk extends Pointer {

    private final Pointer whole;
    private final long bytes;

    private Chunk(long bytes) {
      this.bytes = bytes;
      whole = Pointer.malloc(bytes + ALIGNMENT);
      if (whole == null || whole.isNull()) {
        throw new SpyhopException(
            "Not enough memory for "
                + (bytes >> 20)
                + " MB more outside the Java heap; use smaller tiles or fewer images at a time.");
      }
      address = (whole.address() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      LIVE.addAndGet(bytes);
    }

    private void release() {
      LIVE.addAndGet(-bytes);
      Pointer.free(whole);
    }
  }

  /** Memory with undefined content. */
  Chunk take(long bytes) {
    long rounded = Math.max(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    // a chunk somewhat larger will do; a much larger one is kept for what needs it
    Map.Entry<Long, Deque<Chunk>> found = idle.ceilingEntry(rounded);
    if (found == null || found.getKey() > rounded + rounded / 4) return new Chunk(rounded);
    Chunk chunk = found.getValue().pop();
    if (found.getValue().isEmpty()) idle.remove(found.getKey());
    return chunk;
  }

  void give(Chunk chunk) {
    idle.computeIfAbsent(chunk.bytes, k -> new ArrayDeque<>()).push(chunk);
  }

  /** Frees what is not lent. */
  @Override
  public void close() {
    idle.values().forEach(chunks -> chunks.forEach(Chunk::release));
    idle.clear();
  }

  /** Bytes not freed yet, of the whole process. */
  static long live() {
    return LIVE.get();
  }
}
