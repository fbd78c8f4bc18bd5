package sc.fiji.spyhop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpyhopExceptionTest {

  private static String said(Throwable e) {
    return SpyhopException.describe(e);
  }

  /** As HotSpot words them, the last two being bounded by the heap's size as well. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Java heap space",
        "GC overhead limit exceeded",
        "Requested array size exceeds VM limit",
        "Required array length 2147483639 + 9 is too large",
        "Cannot reserve 4096 bytes of direct buffer memory (allocated: 1, limit: 2)",
        "Direct buffer memory"
      })
  void aHeapThatIsTooSmallIsToBeMadeLarger(String words) {
    String said = said(new OutOfMemoryError(words));
    assertTrue(said.startsWith("Out of memory: Java may use "), said);
    assertTrue(said.contains("SPYHOP_MEMORY") && said.contains("Memory & Threads"), said);
  }

  @Test
  void withoutWordsItIsTheHeapToo() {
    assertTrue(said(new OutOfMemoryError()).contains("SPYHOP_MEMORY"));
  }

  /** As JavaCPP words it. */
  @Test
  void outsideOfTheHeapALargerHeapIsNoHelp() {
    String said =
        said(
            new OutOfMemoryError(
                "Failed to allocate memory within limits: totalBytes = 9G + 1G > maxBytes = 9G"));
    assertTrue(said.startsWith("Out of memory outside of Java's heap"), said);
    assertTrue(said.contains("minibatches") && !said.contains("SPYHOP_MEMORY"), said);
  }

  @Test
  void threadsAreNoQuestionOfTheHeap() {
    String words =
        "unable to create native thread: possibly out of memory or process/resource limits reached";
    String said = said(new OutOfMemoryError(words));
    assertTrue(said.contains("no more threads") && !said.contains("SPYHOP_MEMORY"), said);
  }

  @Test
  void whatTheMemoryIsForIsNamed() {
    OutOfMemoryError e = new OutOfMemoryError("Java heap space");
    SpyhopException named = SpyhopException.outOfMemory("cells.tif", e);
    assertTrue(named.getMessage().startsWith("cells.tif: Out of memory"), named.getMessage());
    assertSame(e, named.getCause());
  }

  @Test
  void otherwise() {
    assertEquals("No.", said(new SpyhopException("No.")));
    assertTrue(said(new StackOverflowError()).contains("nested too deeply"));
    String said = said(new IllegalStateException("odd"));
    assertTrue(said.startsWith("Unexpected error") && said.contains("odd"), said);
    assertFalse(said.contains("\n"), said);
  }
}
