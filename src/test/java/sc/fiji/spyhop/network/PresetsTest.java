package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Function;

class PresetsTest {

  private static final UNet.Head CLASSES = new UNet.Head("classes", 3, Function.SOFTMAX);

  /** Kernel values of a convolution without bias and its batch norm's scale and shift. */
  private static long block(int in, int out) {
    return 9L * in * out + 2L * out;
  }

  @Test
  void unetHasTheParametersOfTheFormula() {
    long expected = 16 * 3 + 3;
    int[] w = {16, 32, 64, 128, 256};
    int in = 1;
    for (int i = 0; i < 5; i++) {
      expected += block(in, w[i]) + block(w[i], w[i]);
      in = w[i];
    }
    for (int i = 3; i >= 0; i--) {
      expected += block(w[i + 1] + w[i], w[i]) + block(w[i], w[i]);
    }
    Network network = UNet.of(1, CLASSES).network();
    assertEquals(expected, Parameters.count(network));
    assertEquals(1.96, expected / 1e6, 0.01);
  }

  @Test
  void unetKeepsTheSize() {
    Network network = UNet.of(2, CLASSES, new UNet.Head("distance", 1)).network();
    Map<String, Shape> shapes = Shapes.of(network, Map.of("image", Shape.of(2, 64, 48)));
    assertEquals(List.of("classes", "distance"), network.outputs());
    assertEquals(Shape.of(3, 64, 48), shapes.get("classes"));
    assertEquals(Shape.of(1, 64, 48), shapes.get("distance"));
    assertEquals(Shape.of(256, 4, 3), shapes.get("down5_conv2_relu"));
    assertEquals("classes_logits", CLASSES.logits());
    assertTrue(network.layer("classes_logits") instanceof Convolution c && c.bias());
    assertTrue(network.layer("down1_conv1") instanceof Convolution c && !c.bias());
    assertEquals(
        "layer up4_cat: expected equal sizes, received 6 x 4 from up4_up and 7 x 4 from"
            + " down4_conv2_relu; input sizes that fit: 48 or 64 x 32",
        assertThrows(
                SpyhopException.class,
                () -> Shapes.of(network, Map.of("image", Shape.of(2, 60, 32))))
            .getMessage());
  }

  @Test
  void unetWithFewerDecoderLevelsIsCoarser() {
    Network network = UNet.of(3, CLASSES).withDecoderLevels(2).network();
    assertEquals(
        Shape.of(3, 16, 8),
        Shapes.of(network, Map.of("image", Shape.of(3, 64, 32))).get("classes"));
  }

  @Test
  void unetOnHalfSizeEnlargesInItsHeads() {
    Network network = UNet.of(1, CLASSES).withWidths(32, 48, 64, 96).onHalfSize().network();
    assertEquals(
        Shape.of(3, 128, 64),
        Shapes.of(network, Map.of("image", Shape.of(1, 128, 64))).get("classes"));
    long expected = 16 * 32 + 2 * 32 + block(32, 32);
    expected += block(32, 48) + block(48, 48) + block(48, 64) + block(64, 64);
    expected += block(64, 96) + block(96, 96);
    expected += block(96 + 64, 64) + block(64, 64) + block(64 + 48, 48) + block(48, 48);
    expected += block(48 + 32, 32) + block(32, 32) + 16 * 32 * 3 + 3;
    assertEquals(expected, Parameters.count(network));
  }

  @Test
  void unetOnHalfSizeMayKeepDetails() {
    Network network = UNet.of(1, CLASSES).withWidths(32, 48).onHalfSizeWithDetails(8, 16).network();
    Map<String, Shape> shapes = Shapes.of(network, Map.of("image", Shape.of(1, 32, 64)));
    assertEquals(Shape.of(40, 32, 64), shapes.get("full_cat"));
    assertEquals(Shape.of(3, 32, 64), shapes.get("classes"));
  }

  @Test
  void unetWithoutBatchNormHasBiases() {
    Network network =
        UNet.of(1, new UNet.Head("y", 1)).sized(4, 1).withoutBatchNorm().withDropout(0.5).network();
    // 1->4, 4->4, 4->8, 8->8, 12->4, 4->4 with 3x3 kernels, then 4->1
    long expected = 9 * (4 + 16 + 32 + 64 + 48 + 16) + 4 + 4 + 8 + 8 + 4 + 4 + 5;
    assertEquals(expected, Parameters.count(network));
    assertTrue(network.layers().stream().noneMatch(BatchNorm.class::isInstance));
    assertTrue(network.layers().stream().anyMatch(Dropout.class::isInstance));
  }

  @Test
  void unetRefusesWhatCannotBe() {
    assertThrows(SpyhopException.class, () -> UNet.of(1));
    assertThrows(SpyhopException.class, () -> UNet.of(1, CLASSES).sized(16, 30));
    assertThrows(SpyhopException.class, () -> UNet.of(1, CLASSES).sized(0, 3));
    assertThrows(SpyhopException.class, () -> UNet.of(1, CLASSES).withDecoderLevels(5));
    assertThrows(SpyhopException.class, () -> UNet.of(0, CLASSES).network());
  }

  @Test
  void lenetHasTheParametersOfTheFormula() {
    Network network = Presets.lenet(1, 10);
    long expected = 20 * 25 + 20 + 50 * 20 * 25 + 50 + 800 * 256 + 256 + 256 * 10 + 10;
    assertEquals(expected, Parameters.count(network));
    assertEquals(Shape.of(10), Shapes.of(network).get("prob"));
  }

  @Test
  void vgg19HasThePublishedNumberOfParameters() {
    Network network = Presets.vgg19(1000);
    assertEquals(143_667_240, Parameters.count(network));
    assertEquals(Shape.of(512, 7, 7), Shapes.of(network).get("pool5"));
  }

  @Test
  void theBuilderRefusesLayersThatDoNotFit() {
    NetworkBuilder b = NetworkBuilder.image(1).convolution("a", 4, 3).relu();
    assertEquals("a_relu", b.here());
    assertEquals(
        "network: the name a is used twice",
        assertThrows(SpyhopException.class, () -> b.convolution("a", 4, 3)).getMessage());
    assertEquals(
        "network: no layer or input is named b yet",
        assertThrows(SpyhopException.class, () -> b.concat("c", "b")).getMessage());
    assertEquals(
        "layer fc: expected a vector, received 4 x any x any from a_relu; put a flatten or"
            + " global-pooling layer between",
        assertThrows(SpyhopException.class, () -> b.dense("fc", 2)).getMessage());
    assertEquals(List.of("a", "a_relu"), b.build().layers().stream().map(Layer::name).toList());
  }

  @Test
  void theBuilderWorksOnVolumes() {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, 8, 16, 16))
            .convolution("c", 4, 3)
            .batchNorm()
            .relu()
            .relu()
            .maxPool("p", 2)
            .globalPool("g", Layer.PoolingKind.AVERAGE)
            .dense("d", 2)
            .build();
    assertEquals(Shape.of(4, 4, 8, 8), Shapes.of(network).get("p"));
    assertEquals("c_relu2", network.layers().get(3).name());
  }
}
