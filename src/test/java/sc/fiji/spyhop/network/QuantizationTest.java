package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Quantization.Range;

/** Which maps and layers are in eight bits, and which values they can have; by hand. */
class QuantizationTest {

  @Test
  void aRangeHasZeroAmongItsValues() {
    Range signed = new Range(-1, 3);
    assertEquals(4.0 / 255, signed.step(), 1e-9);
    // 1 / (4 / 255) = 63.75
    assertEquals(64, signed.zero());
    Range positive = new Range(0, 6);
    assertEquals(6.0 / 255, positive.step(), 1e-8);
    assertTrue(255 * positive.step() <= 6f, positive.step() * 255 + "");
    assertEquals(0, positive.zero());
    assertEquals(255, new Range(-2, 0).zero());
  }

  @ParameterizedTest
  @CsvSource({"NaN,1", "0,NaN", "1,2", "-2,-1", "0,0", "0,Infinity", "-Infinity,0"})
  void rangesThatAreNoneAreRefused(double low, double high) {
    String refusal = assertThrows(SpyhopException.class, () -> new Range(low, high)).getMessage();
    assertTrue(refusal.contains(low + " to " + high), refusal);
  }

  /** Encoder, pooling, and back with a shortcut, as in a U-Net. */
  private static final Network SHORTCUT =
      NetworkBuilder.image(1)
          .convolution("first", 4, 3)
          .relu()
          .convolution("fine", 4, 3)
          .batchNorm()
          .relu()
          .maxPool("pool", 2)
          .convolution("coarse", 8, 3)
          .activation("leaky", Layer.Function.LEAKY_RELU)
          .upsample("up", 2)
          .concat("both", "fine_relu")
          .convolution("joined", 4, 3)
          .relu()
          .convolution("last", 1, 1)
          .activation("probability", Layer.Function.SIGMOID)
          .build();

  @Test
  void allButTheFirstAndLastLayersAreChosenAndWhatLiesBetweenThem() {
    EightBits plan = EightBits.of(SHORTCUT);
    assertEquals(
        List.of("first_relu", "fine_relu", "pool", "coarse", "leaky", "up", "both", "joined_relu"),
        plan.maps());
    Map<String, Range> measured = new LinkedHashMap<>();
    for (String map : plan.maps()) measured.put(map, new Range(0, 1 + measured.size()));
    Quantization quantization = plan.with(measured);
    assertEquals(List.of("fine", "coarse", "joined"), quantization.layers());
    // what is passed on is not rounded again
    assertEquals(new Range(0, 2), quantization.maps().get("pool"));
    assertEquals(new Range(0, 5), quantization.maps().get("up"));
    assertEquals(new Range(0, 7), quantization.maps().get("both"));
  }

  @Test
  void nothingIsChosenWhereThereIsNothingBetweenFirstAndLast() {
    assertEquals(
        List.of(),
        EightBits.of(NetworkBuilder.image(1).convolution("a", 2, 3).convolution("b", 1, 3).build())
            .maps());
  }

  @Test
  void whatIsNotOfTheNetworkIsRefused() {
    Range range = new Range(0, 1);
    refused(new Quantization(Map.of("elsewhere", range), List.of()), "elsewhere");
    refused(new Quantization(Map.of(), List.of("elsewhere")), "elsewhere");
    refused(new Quantization(Map.of(), List.of("fine")), "a range of what it reads, first_relu");
    refused(
        new Quantization(Map.of("fine_relu", range), List.of("pool")),
        "pool: expected a convolution or dense layer, received max pooling");
  }

  /** Statistics are those of numbers that were not rounded. */
  @Test
  void normalizationByStatisticsOfTheMapIsLeftAlone() {
    Network network =
        NetworkBuilder.image(1)
            .convolution("first", 4, 3)
            .relu()
            .convolution("fine", 4, 3)
            .groupNorm(2)
            .relu()
            .convolution("next", 4, 3)
            .layerNorm()
            .convolution("last", 1, 1)
            .build();
    EightBits plan = EightBits.of(network);
    assertEquals(List.of("first_relu", "fine", "fine_relu", "next"), plan.maps());
  }

  private static void refused(Quantization quantization, String why) {
    String refusal =
        assertThrows(SpyhopException.class, () -> quantization.fittedTo(SHORTCUT)).getMessage();
    assertTrue(refusal.contains(why), refusal);
  }
}
