package sc.fiji.spyhop.generate.style;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Presets;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;

class StyleLayersTest {

  private static final Network TISSUE = ModelRegistry.standard().find("nuclei-tissue").network();

  @Test
  void ofVgg19TheyAreThoseOfGatys() {
    StyleLayers layers = StyleLayers.of(Presets.vgg19(1000), "", "");
    assertEquals(Set.of("conv4_2_relu"), layers.content().keySet());
    assertEquals(
        List.of("conv1_1_relu", "conv2_1_relu", "conv3_1_relu", "conv4_1_relu", "conv5_1_relu"),
        List.copyOf(layers.style().keySet()));
    layers.style().values().forEach(w -> assertEquals(0.2, w, 1e-12));
  }

  /** The last of each scale of the way down. */
  @Test
  void ofOthersTheyAreTheLastOfEachScale() {
    StyleLayers layers = StyleLayers.of(TISSUE, "", "");
    assertEquals(Set.of("down4_conv2_relu"), layers.content().keySet());
    assertEquals(
        List.of(
            "down1_conv2_relu",
            "down2_conv2_relu",
            "down3_conv2_relu",
            "down4_conv2_relu",
            "down5_conv2_relu"),
        List.copyOf(layers.style().keySet()));
  }

  @Test
  void layersCanBeNamedWithWeights() {
    StyleLayers layers =
        StyleLayers.of(TISSUE, "down3_conv2_relu", "down1_conv1_relu:3, down2_conv1_relu");
    assertEquals(Map.of("down3_conv2_relu", 1.0), layers.content());
    assertEquals(Map.of("down1_conv1_relu", 0.75, "down2_conv1_relu", 0.25), layers.style());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "down1_conv1_relu:0", "down1_conv1_relu:x", "down1_conv1:-1"})
  void whatIsNoLayerOrNoWeightIsRefused(String text) {
    assertThrows(SpyhopException.class, () -> StyleLayers.of(TISSUE, "", text));
  }

  @Test
  void layersOfNumbersAreRefused() {
    String said =
        assertThrows(SpyhopException.class, () -> StyleLayers.of(Presets.vgg19(1000), "fc7", ""))
            .getMessage();
    assertTrue(said.contains("fc7"), said);
  }

  /** What is behind the layers that are looked at is left out, and images may have any size. */
  @Test
  void networksAreCutAndTakeAnySize() {
    var model = ModelRegistry.standard().find("nuclei-tissue");
    StyleLayers layers = StyleLayers.of(TISSUE, "down2_conv1_relu", "down1_conv1_relu");
    StyleNetwork cut = StyleNetwork.of(TISSUE, model.weights(), layers, true);
    assertEquals(
        "down2_conv1_relu", cut.network().layers().get(cut.network().layers().size() - 1).name());
    assertEquals(
        Shape.of(32, 20, 35),
        Shapes.of(cut.network(), Map.of(cut.input(), Shape.of(3, 41, 70))).get("down2_conv1_relu"));
  }
}
