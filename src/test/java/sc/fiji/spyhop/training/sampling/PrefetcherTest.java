package sc.fiji.spyhop.training.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PrefetcherTest {

  private static Minibatch named(int epoch, int index) {
    return new Minibatch(Map.of(), Map.of(), List.of(epoch + "." + index));
  }

  private static Minibatch slow(int epoch, int index) {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return named(epoch, index);
  }

  @Test
  void givesMinibatchesInOrderFromAnyStep() throws InterruptedException {
    try (Prefetcher minibatches = new Prefetcher(PrefetcherTest::named, 3, 2, 7)) {
      for (String name : List.of("1.2", "2.0", "2.1", "2.2", "3.0")) {
        assertEquals(List.of(name), minibatches.next().names());
      }
    }
  }

  /** Nothing is done between two steps, so that all the time it takes to prepare is waited for. */
  @Test
  void tellsHowLongWasWaited() throws InterruptedException {
    try (Prefetcher minibatches = new Prefetcher(PrefetcherTest::slow, 4, 0, 4)) {
      assertEquals(0, minibatches.waited());
      for (int i = 0; i < 4; i++) minibatches.next();
      assertTrue(minibatches.waited() > 0.15, minibatches.waited() + " s");
    }
  }
}
