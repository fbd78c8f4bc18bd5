package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.network.Layer.Function;

class SummaryTest {

  @Test
  void networksAreTables() {
    Network network =
        NetworkBuilder.image(3)
            .bias(false)
            .convolution("conv", 64, 3, 2, 1)
            .batchNorm()
            .activation(Function.LEAKY_RELU)
            .maxPool("pool", 2)
            .build();
    assertEquals(
        """
        layer            type                                    inputs           output          parameters  receptive field
        image            input                                                    3 x any x any               1 x 1
        conv             convolution 3 x 3, stride 2 x 2, same   image            64 x any x any       1,728  3 x 3
        conv_bn          batch norm                              conv             64 x any x any         128  3 x 3
        conv_leaky_relu  leaky relu                              conv_bn          64 x any x any              3 x 3
        pool             max pooling 2 x 2, stride 2 x 2, valid  conv_leaky_relu  64 x any x any              5 x 5
        1,856 parameters
        """
            .lines()
            .map(String::stripTrailing)
            .toList()
            .toString()
            .replaceAll(" +", " "),
        Summary.of(network).text().lines().toList().toString().replaceAll(" +", " "));
  }

  @Test
  void whatHangsOnAllOfTheImageIsSaid() {
    Network network =
        NetworkBuilder.image(1)
            .convolution("c", 8, 3)
            .groupNorm(4)
            .instanceNorm()
            .layerNorm()
            .build();
    String[] lines = Summary.of(network).text().replaceAll(" +", " ").split("\n");
    assertEquals(
        "c_gn group norm of 4 groups c 8 x any x any 16 3 x 3, statistics of all", lines[3]);
    assertEquals("c_in instance norm c_gn 8 x any x any 16 3 x 3, statistics of all", lines[4]);
    assertEquals("c_ln layer norm c_in 8 x any x any 16 3 x 3, statistics of all", lines[5]);
  }

  @Test
  void columnsAreAligned() {
    String text = Summary.of(Presets.lenet(1, 10)).text();
    String[] lines = text.split("\n");
    int column = lines[0].indexOf("output");
    assertEquals("1 x 28 x 28               1 x 1", lines[1].substring(column));
    assertEquals("20 x 24 x 24         520  5 x 5", lines[2].substring(column));
    // 520 + 25,050 + 205,056 + 2,570
    assertEquals("233,196 parameters", lines[lines.length - 1]);
  }
}
