package sc.fiji.spyhop.training.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffleTest {

  private static final List<Integer> ALL = IntStream.range(0, 50).boxed().toList();

  private static List<Integer> order(Shuffle shuffle, int count, int epoch) {
    return IntStream.range(0, count).mapToObj(i -> shuffle.image(epoch, i)).toList();
  }

  @Test
  void eachEpochShowsEveryImageOnceInAnotherOrder() {
    Shuffle shuffle = new Shuffle(50, 7);
    for (int epoch = 1; epoch <= 20; epoch++) {
      List<Integer> order = order(shuffle, 50, epoch);
      assertEquals(ALL, order.stream().sorted().toList());
      assertNotEquals(ALL, order);
      assertNotEquals(order, order(shuffle, 50, epoch + 1));
    }
  }

  @Test
  void theSameSeedGivesTheSameOrderWhicheverEpochComesFirst() {
    Shuffle forth = new Shuffle(50, 7);
    List<Integer> first = order(forth, 50, 1);
    List<Integer> second = order(forth, 50, 2);
    Shuffle back = new Shuffle(50, 7);
    assertEquals(second, order(back, 50, 2));
    assertEquals(first, order(back, 50, 1));
    assertNotEquals(first, order(new Shuffle(50, 8), 50, 1));
  }

  @Test
  void afterTheLastImageAnotherRoundBegins() {
    Shuffle shuffle = new Shuffle(50, 7);
    List<Integer> order = order(shuffle, 50, 3);
    assertEquals(order.get(0), shuffle.image(3, 50));
    assertEquals(order.get(49), shuffle.image(3, 99));
    assertEquals(order.get(17), shuffle.image(3, 50L * Integer.MAX_VALUE + 17));
    assertEquals(0, new Shuffle(1, 7).image(1, 12));
  }

  /** 6000 epochs of three images: each of the six orders about 1000 times, give or take 29. */
  @Test
  void noOrderIsPreferred() {
    Shuffle shuffle = new Shuffle(3, 11);
    Map<List<Integer>, Integer> counts = new HashMap<>();
    for (int epoch = 1; epoch <= 6000; epoch++)
      counts.merge(order(shuffle, 3, epoch), 1, Integer::sum);
    assertEquals(6, counts.size());
    counts.forEach((order, n) -> assertTrue(Math.abs(n - 1000) < 150, order + ": " + n));
  }
}
