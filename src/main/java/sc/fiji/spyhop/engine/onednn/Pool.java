package sc.fiji.spyhop.engine.onednn;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.graph.NativeHost;

/**
 * Lends memory outside the heap. A network asks for the same sizes in the same order again and
 * again: the first run shows how much it needs at once, and from then on it is cut from one segment
 * of that size, which the system need not clear anew each time. Not thread safe.
 */
final class Pool implements AutoCloseable {

  /** What vector instructions and cache lines like. */
  private static final int ALIGNMENT = 64;

  private static final AtomicLong LIVE = new AtomicLong();

  private Segment segment = new Segment(0);

  /** Free parts of the segment: length by offset. */
  private final TreeMap<Long, Long> gaps = new TreeMap<>();

  /** Lent memory that is not part of the segment. */
  private final Set<Segment> others = new HashSet<>();

  private long lent;
  private long apart;
  private long mostLent;
  private long mostApart;

  /** Memory of the system's. */
  private static final class Segment extends Pointer {

    private final Pointer whole;
    private final long bytes;

    Segment(long bytes) {
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

    void giveBack() {
      LIVE.addAndGet(-bytes);
      Pointer.free(whole);
    }
  }

  /** Some memory. */
  static final class Chunk extends Pointer {

    private final Segment home;
    private final boolean alone;
    private final long bytes;

    private Chunk(Segment home, boolean alone, long offset, long bytes) {
      this.home = home;
      this.alone = alone;
      this.bytes = bytes;
      address = home.address() + offset;
    }
  }

  /** Memory with undefined content. */
  Chunk take(long bytes) {
    long rounded = Math.max(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Chunk chunk = cut(rounded);
    if (chunk.alone) {
      others.add(chunk.home);
      apart += rounded;
    }
    lent += rounded;
    mostLent = Math.max(mostLent, lent);
    mostApart = Math.max(mostApart, apart);
    return chunk;
  }

  /** From the smallest gap that is large enough. */
  private Chunk cut(long bytes) {
    long at = -1;
    long length = Long.MAX_VALUE;
    for (Map.Entry<Long, Long> gap : gaps.entrySet()) {
      if (gap.getValue() >= bytes && gap.getValue() < length) {
        at = gap.getKey();
        length = gap.getValue();
      }
    }
    if (at < 0) return new Chunk(new Segment(bytes), true, 0, bytes);
    gaps.remove(at);
    if (length > bytes) gaps.put(at + bytes, length - bytes);
    return new Chunk(segment, false, at, bytes);
  }

  void give(Chunk chunk) {
    lent -= chunk.bytes;
    if (chunk.alone) {
      apart -= chunk.bytes;
      others.remove(chunk.home);
      chunk.home.giveBack();
    } else {
      join(chunk.address() - segment.address(), chunk.bytes);
    }
  }

  private void join(long offset, long bytes) {
    long from = offset;
    long to = offset + bytes;
    Map.Entry<Long, Long> below = gaps.lowerEntry(offset);
    if (below != null && below.getKey() + below.getValue() == offset) {
      from = below.getKey();
      gaps.remove(from);
    }
    Long above = gaps.remove(to);
    gaps.put(from, to - from + (above == null ? 0 : above));
  }

  /**
   * Told that a run is over: takes back what a failure has left lent, and makes the segment as
   * large as the run would have liked it.
   */
  void settle() {
    long liked = mostApart == 0 ? segment.bytes : Math.max(mostLent, segment.bytes + mostApart);
    if (liked > 2 * mostLent) liked = mostLent;
    boolean lost = lent != 0;
    others.forEach(Segment::giveBack);
    others.clear();
    lent = apart = mostLent = mostApart = 0;
    if (liked == segment.bytes && !lost) return;
    resize(0);
    NativeHost.trim();
    resize(liked);
  }

  private void resize(long bytes) {
    segment.giveBack();
    gaps.clear();
    segment = new Segment(bytes);
    if (bytes > 0) gaps.put(0L, bytes);
  }

  /** Memory for as long as a network lives, which is not part of a run. */
  static Chunk keep(long bytes) {
    return new Chunk(new Segment(bytes), true, 0, bytes);
  }

  static void discard(Chunk kept) {
    kept.home.giveBack();
  }

  @Override
  public void close() {
    settle();
    segment.giveBack();
  }

  /** Bytes not freed yet, of the whole process. */
  static long live() {
    return LIVE.get();
  }
}
