package sc.fiji.spyhop.generate.adversarial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

class AdversarialNetworksTest {

  /**
   * Those of PyTorch's example, whose last generator and outer discriminator layers lack biases.
   */
  @Test
  void thePublishedNetworksFor64PixelsHaveTheirParameters() {
    AdversarialNetworks n = AdversarialNetworks.dcgan(100, Shape.of(3, 64, 64), 64);
    assertEquals(3_576_704 + 3, Parameters.count(n.generator()));
    assertEquals(2_765_568 + 64 + 1, Parameters.count(n.discriminator()));
  }

  @ParameterizedTest
  @CsvSource({"28,28", "32,32", "64,48", "8,8", "96,64", "100,100"})
  void imagesOfManySizesSuit(int rows, int columns) {
    boolean suits = AdversarialNetworks.suits(rows) && AdversarialNetworks.suits(columns);
    assertEquals(rows != 100, suits);
    Shape image = Shape.of(1, rows, columns);
    if (!suits) {
      String said =
          assertThrows(SpyhopException.class, () -> AdversarialNetworks.dcgan(100, image, 8))
              .getMessage();
      assertTrue(said.contains("sides such as 96 or 96"), said);
      return;
    }
    AdversarialNetworks n = AdversarialNetworks.dcgan(100, image, 8);
    assertEquals(image, Shapes.of(n.generator()).get(n.generator().outputs().get(0)));
  }

  @Test
  void theNearestSizeThatSuitsIsFound() {
    assertEquals(28, AdversarialNetworks.suiting(28));
    assertEquals(28, AdversarialNetworks.suiting(29));
    assertEquals(64, AdversarialNetworks.suiting(65));
    assertEquals(8, AdversarialNetworks.suiting(3));
    assertEquals(256, AdversarialNetworks.suiting(250));
    for (int side = 8; side < 1000; side++) {
      assertTrue(AdversarialNetworks.suits(AdversarialNetworks.suiting(side)), side + " pixels");
    }
    assertFalse(AdversarialNetworks.suits(7));
  }

  @Test
  void networksThatDoNotFitAreRefusedWithOneSentence() {
    refused("as the generator makes", "4T2v BN 1T4/2 tanh", "4C4/2s 1C4v linear", 8);
    refused("one number for each image", "4T2v BN 1T4/2 tanh", "4C4/2s 1C1 linear", 4);
    refused("images of one size", "FC10", "4C4/2s 1C2v linear", 4);
  }

  private static void refused(String part, String generator, String discriminator, int side) {
    String said =
        assertThrows(
                SpyhopException.class,
                () -> AdversarialNetworks.of(generator, discriminator, 3, Shape.of(1, side, side)))
            .getMessage();
    assertTrue(said.contains(part), said);
  }

  /** Whoever writes softmax or sigmoid at the end means the number in front of it. */
  @Test
  void theLogitLiesInFrontOfAFinalFunction() {
    Shape image = Shape.of(1, 4, 4);
    assertEquals(
        "conv2", AdversarialNetworks.of("1T4v tanh", "4C4/2s 1C2v linear", 3, image).logit());
    assertEquals(
        "conv2", AdversarialNetworks.of("1T4v tanh", "4C4/2s 1C2v sigmoid", 3, image).logit());
    assertEquals("fc1", AdversarialNetworks.of("1T4v tanh", "4C4/2s FC1", 3, image).logit());
  }

  @Test
  void weightsBeginAsPublished() {
    AdversarialNetworks n = AdversarialNetworks.dcgan(100, Shape.of(1, 28, 28), 64);
    Weights weights = AdversarialNetworks.initial(n.generator(), 3);
    assertMoments(0, 0.02, weights.get("tconv1.weight"));
    assertMoments(1, 0.02, weights.get("tconv1_bn.weight"));
    assertMoments(0, 0, weights.get("tconv1_bn.bias"));
    Weights again = AdversarialNetworks.initial(n.generator(), 3);
    assertTrue(
        Arrays.equals(weights.get("tconv2.weight").data(), again.get("tconv2.weight").data()));
    Weights other = AdversarialNetworks.initial(n.generator(), 4);
    assertFalse(
        Arrays.equals(weights.get("tconv2.weight").data(), other.get("tconv2.weight").data()));
  }

  private static void assertMoments(double mean, double deviation, Tensor t) {
    double sum = 0;
    double squares = 0;
    for (float v : t.data()) {
      sum += v / (double) t.length();
      squares += (v - mean) * (v - mean) / t.length();
    }
    assertEquals(mean, sum, 6e-3);
    assertEquals(deviation, Math.sqrt(squares), 3e-3);
  }
}
