package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;

class SurgeryTest {

  private static final Network VGG = Presets.vgg19(10);
  private static final Network RESNET = Preset.RESNET18.of(Shape.of(3, 224, 224), 10);

  private static String end(Network network) {
    return Surgery.backboneEnd(network, network.outputs().get(0));
  }

  @Test
  void theTrunkEndsBeforeTheHead() {
    assertEquals("pool5", end(VGG));
    assertEquals("layer4.1.add_relu", end(RESNET));
    assertEquals("pool2", end(Presets.lenet(1, 10)));
    assertEquals("conv11_relu", end(Preset.NIN.of(Shape.of(3, 224, 224), 10)));
    assertEquals("features.18.1_relu6", end(Preset.MOBILENETV2.of(Shape.of(3, 224, 224), 10)));
    assertEquals("inception5b.cat", end(Preset.INCEPTION.of(Shape.of(3, 224, 224), 10)));
    assertEquals("up1_conv2_relu", end(Preset.UNET.of(Shape.of(1, 64, 64), 2)));
    // a classifier that is a 1 x 1 convolution of a pooled map
    assertEquals("conv1_relu", end(Notation.parse("8C3 AP28 10C1", Shape.of(1, 28, 28))));
    assertEquals(
        "network: its output prob comes from no feature map",
        assertThrows(SpyhopException.class, () -> end(Notation.parse("FC5 FC2", Shape.of(9))))
            .getMessage());
  }

  @Test
  void cutsAfterALayer() {
    Network backbone = Surgery.cutAfter(RESNET, "layer2.1.add_relu");
    assertEquals(List.of("layer2.1.add_relu"), backbone.outputs());
    assertEquals(Shape.of(128, 28, 28), Shapes.of(backbone).get("layer2.1.add_relu"));
    assertTrue(backbone.layers().stream().noneMatch(l -> l.name().startsWith("layer3")));
    // side branches go too
    Network branch = Surgery.cutAfter(RESNET, "layer2.0.conv1");
    assertTrue(branch.layers().stream().noneMatch(l -> l.name().contains("downsample")));
    assertThrows(SpyhopException.class, () -> Surgery.cutAfter(RESNET, "image"));
  }

  @Test
  void graftsANewHeadUnderNewNames() {
    Network old = Presets.lenet(1, 10);
    Network head = Notation.parse("FC64 FC3", Shape.of(50, 4, 4));
    Network grafted = Surgery.graft(old, "pool2", head);
    assertEquals(
        List.of("flat_2", "fc1_2", "fc1_relu_2", "fc2_2", "prob_2"),
        grafted.layers().stream().map(Layer::name).skip(6).toList());
    assertEquals(List.of("prob_2"), grafted.outputs());
    assertEquals(Shape.of(3), Shapes.of(grafted).get("prob_2"));
    assertEquals(List.of("pool2"), grafted.layer("flat_2").inputs());
    Network wide = Notation.parse("FC3", Shape.of(49, 4, 4));
    assertEquals(
        "layer fc1_2: expected 784 features, received 800 from flat_2",
        assertThrows(SpyhopException.class, () -> Surgery.graft(old, "pool2", wide)).getMessage());
  }

  @Test
  void replacesTheClassifier() {
    Network network = Surgery.withClasses(VGG, 4);
    assertEquals(Shape.of(4), Shapes.of(network).get("prob"));
    assertEquals(List.of("fc8_new"), network.layer("prob").inputs());
    assertEquals(VGG.layer("fc7"), network.layer("fc7"));
    // even the same number of classes are other classes
    assertFalse(
        Surgery.withClasses(VGG, 10).layers().stream().anyMatch(l -> l.name().equals("fc8")));
    Network nin = Surgery.withClasses(Preset.NIN.of(Shape.of(3, 224, 224), 10), 6);
    assertEquals(Shape.of(6), Shapes.of(nin).get("prob"));
    Network normalised =
        Surgery.withClasses(Notation.parse("8C3 5C1 BN prelu GAP", Shape.of(1, 8, 8)), 3);
    assertEquals(Shape.of(3), Shapes.of(normalised).get("prob"));
    assertTrue(normalised.layers().stream().anyMatch(l -> l.name().equals("conv2_bn_new")));
    // SqueezeNet and Network in Network have a ReLU between the classifier and the pooling
    assertFalse(
        nin.layers().stream()
            .anyMatch(
                l ->
                    l instanceof Activation a
                        && a.input().endsWith("_new")
                        && a.function() == Layer.Function.RELU));
    Network squeezed =
        Surgery.withClasses(Notation.parse("8C3 5C1 relu GAP", Shape.of(1, 8, 8)), 3);
    assertEquals(
        Notation.parse("8C3 5C1 GAP", Shape.of(1, 8, 8)).layers().size(), squeezed.layers().size());
    assertEquals(Shape.of(3), Shapes.of(squeezed).get(squeezed.outputs().get(0)));
    Network logits = Notation.parse("8C3 FC5 linear", Shape.of(1, 8, 8));
    assertEquals(List.of("fc1_new"), Surgery.withClasses(logits, 2).outputs());
  }

  @Test
  void takesOtherChannelsAndSizes() {
    Network gray = Surgery.withInput(RESNET, Shape.of(1, Shape.ANY, Shape.ANY));
    assertEquals(1, ((Convolution) gray.layer("conv1")).channels());
    assertEquals(RESNET.layer("layer1.0.conv1"), gray.layer("layer1.0.conv1"));
    Network mlp = Surgery.withInput(Preset.MLP.of(Shape.of(3, 8, 8), 2), Shape.of(1, 8, 8));
    assertEquals(64, ((Dense) mlp.layer("fc1")).features());
    assertThrows(
        SpyhopException.class, () -> Surgery.withInput(VGG, Shape.of(3, Shape.ANY, Shape.ANY)));
    Network joined = NetworkBuilder.image(3).convolution("c", 3, 3).concat("cat", "image").build();
    assertEquals(
        "layer cat: joins the image itself with maps; its channels cannot be changed",
        assertThrows(
                SpyhopException.class,
                () -> Surgery.withInput(joined, Shape.of(1, Shape.ANY, Shape.ANY)))
            .getMessage());
  }

  @Test
  void givesFeaturesAtEveryScale() {
    assertEquals(
        Map.of(
            1, "conv1_2_relu",
            2, "conv2_2_relu",
            4, "conv3_4_relu",
            8, "conv4_4_relu",
            16, "conv5_4_relu",
            32, "pool5"),
        Surgery.scales(VGG));
    assertEquals(
        Map.of(
            2, "bn1_relu",
            4, "layer1.1.add_relu",
            8, "layer2.1.add_relu",
            16, "layer3.1.add_relu",
            32, "layer4.1.add_relu"),
        Surgery.scales(RESNET));
    NavigableMap<Integer, String> mobile =
        Surgery.scales(Preset.MOBILENETV2.of(Shape.of(3, 224, 224), 10));
    // as in Keras-style U-Nets: the expansion of the first block of the next scale
    assertEquals("features.2.conv.0.1_relu6", mobile.get(2));
    assertEquals("features.18.1_relu6", mobile.get(32));
  }

  @Test
  void aDecoderFitsOnTheScalesOfAClassifier() {
    NavigableMap<Integer, String> scales = Surgery.scales(RESNET);
    Network backbone = Surgery.cutAfter(RESNET, scales.lastEntry().getValue());
    NetworkBuilder b = NetworkBuilder.input("image", Shape.of(3, 224, 224));
    backbone.layers().forEach(b::layer);
    for (int stride : scales.headMap(32, false).descendingKeySet()) {
      b.upsample("up" + stride, 2).concat("cat" + stride, scales.get(stride));
      b.convolution("dec" + stride, 16, 3).relu();
    }
    assertEquals(Shape.of(16, 112, 112), b.shape());
  }
}
