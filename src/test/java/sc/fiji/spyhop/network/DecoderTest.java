package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Function;

class DecoderTest {

  private static final List<UNet.Head> HEADS =
      List.of(new UNet.Head("center", 3, Function.SIGMOID), new UNet.Head("box", 4));

  @Test
  void mapsHaveTheStrideAskedFor() {
    Decoder.Backbone backbone = Decoder.Backbone.compact(3, List.of(8, 16, 24, 32));
    for (int stride : new int[] {2, 4, 8, 16}) {
      Network network = Decoder.on(backbone, stride, 20, HEADS);
      Map<String, Shape> shapes = Shapes.of(network, Map.of("image", Shape.of(3, 96, 64)));
      assertEquals(Shape.of(3, 96 / stride, 64 / stride), shapes.get("center"));
      assertEquals(Shape.of(4, 96 / stride, 64 / stride), shapes.get("box"));
      assertEquals(List.of(16, 16), ReceptiveField.of(network).sizeMultiple());
    }
    Network network = Decoder.on(backbone, 4, 20, HEADS);
    assertEquals(20, Shapes.of(network).get("decode8_conv").channels(), "24, at most 20");
    assertEquals(16, Shapes.of(network).get("decode4_conv").channels());
    assertThrows(SpyhopException.class, () -> Decoder.on(backbone, 3, 20, HEADS));
  }

  /** Any classifier will do, with images of any size and any number of channels. */
  @Test
  void trunksOfClassifiersServeToo() {
    for (Preset preset : List.of(Preset.RESNET18, Preset.MOBILENETV2, Preset.VGG16)) {
      Network classifier = preset.of(Shape.of(3, 224, 224), 10);
      Network network = Decoder.on(Decoder.Backbone.of(classifier, 1), 4, 64, HEADS);
      Map<String, Shape> shapes = Shapes.of(network, Map.of("image", Shape.of(1, 128, 96)));
      assertEquals(Shape.of(3, 32, 24), shapes.get("center"), preset.text());
      assertTrue(network.layers().stream().noneMatch(l -> l instanceof Dense));
    }
  }

  /** All but its last convolution and softmax stay. */
  @Test
  void headsAreExchanged() {
    Network pixels =
        UNet.of(1, new UNet.Head("classes", 4, Function.SOFTMAX)).withWidths(8, 16).network();
    Network features = Decoder.withoutHead(pixels);
    assertEquals(pixels.layers().size() - 2, features.layers().size());
    Network network = Decoder.withHeads(features, HEADS);
    assertEquals(List.of("center", "box"), network.outputs());
    assertTrue(network.layers().containsAll(features.layers()));
    assertEquals(8, ((Convolution) network.layer("box")).channels());
    Map<String, Shape> shapes = Shapes.of(network, Map.of("image", Shape.of(1, 64, 32)));
    assertEquals(Shape.of(4, 64, 32), shapes.get("box"));
  }
}
