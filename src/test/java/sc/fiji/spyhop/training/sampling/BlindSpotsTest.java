package sc.fiji.spyhop.training.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class BlindSpotsTest {

  private static final int W = 64;
  private static final int H = 48;

  /** Pixels whose values tell where they are. */
  private static Tensor places() {
    Tensor image = Tensor.zeros(Axes.NCHW, 1, 2, H, W);
    for (int i = 0; i < image.length(); i++) image.data()[i] = i;
    return image;
  }

  @Test
  void aPixelInEachSquareHasTheValueOfANeighbour() {
    Tensor image = places();
    int hidden = 0;
    for (int seed = 0; seed < 50; seed++) {
      BlindSpots spots = BlindSpots.draw(image, new SplittableRandom(seed));
      for (int i = 0; i < W * H; i++) {
        int now = Math.round(spots.image().data()[i]);
        boolean is = spots.weights().data()[i] == 1;
        if (!is) {
          assertEquals(0, spots.weights().data()[i]);
          assertEquals(i, now);
          assertEquals(W * H + i, spots.image().data()[W * H + i]);
          continue;
        }
        hidden++;
        assertNotEquals(i, now);
        assertTrue(Math.abs(now % W - i % W) <= 2 && Math.abs(now / W - i / W) <= 2);
        // both channels are of the same neighbour
        assertEquals(W * H + now, spots.image().data()[W * H + i]);
      }
    }
    // a pixel of each 22 x 22: 6.3 on average, of which the deviation over 50 draws is 0.2
    assertEquals((double) W * H / (22 * 22), hidden / 50.0, 1);
    assertEquals(0, places().data()[0]);
    assertEquals(W, image.data()[W], "the image stays as it is");
  }

  @Test
  void anImageOfOnePixelHidesNothing() {
    Tensor one = Tensor.zeros(Axes.NCHW, 1, 1, 1, 1);
    assertEquals(0, BlindSpots.draw(one, new SplittableRandom(1)).weights().data()[0]);
  }
}
