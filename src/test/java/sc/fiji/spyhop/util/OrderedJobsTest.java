package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class OrderedJobsTest {

  @Test
  void resultsComeInTheOrderOfTheJobs() {
    List<Integer> taken = new ArrayList<>();
    try (OrderedJobs<Integer> jobs = new OrderedJobs<>("job", 4, 6, taken::add)) {
      for (int i = 0; i < 50; i++) {
        int number = i;
        jobs.submit(
            () -> {
              Thread.sleep(number % 3);
              return number;
            });
      }
      jobs.finish();
    }
    assertEquals(IntStream.range(0, 50).boxed().toList(), taken);
  }

  @Test
  void onlySoManyAreUnderWay() {
    AtomicInteger begun = new AtomicInteger();
    int[] taken = {0};
    int[] most = {0};
    try (OrderedJobs<Integer> jobs = new OrderedJobs<>("job", 8, 3, n -> taken[0]++)) {
      for (int i = 0; i < 100; i++) {
        most[0] = Math.max(most[0], begun.get() - taken[0]);
        jobs.submit(begun::incrementAndGet);
      }
      jobs.finish();
    }
    assertEquals(100, taken[0]);
    assertTrue(most[0] <= 3, most[0] + " jobs");
  }

  @Test
  void whatAJobThrowsArrivesAndTheOthersEnd() {
    AtomicBoolean running = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(1);
    SpyhopException e =
        assertThrows(
            SpyhopException.class,
            () -> {
              try (OrderedJobs<Integer> jobs = new OrderedJobs<>("job", 2, 4, n -> {})) {
                jobs.submit(
                    () -> {
                      begun.await();
                      throw new SpyhopException("no");
                    });
                jobs.submit(
                    () -> {
                      running.set(true);
                      begun.countDown();
                      Thread.sleep(50);
                      running.set(false);
                      return 1;
                    });
                jobs.finish();
              }
            });
    assertEquals("no", e.getMessage());
    assertTrue(!running.get(), "a job runs on");
  }
}
