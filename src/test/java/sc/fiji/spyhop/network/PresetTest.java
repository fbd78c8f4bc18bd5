package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.SpyhopException;

class PresetTest {

  private static Network of(String name) {
    return Architectures.of(name, Optional.empty(), OptionalInt.empty());
  }

  /** Published numbers: torchvision's; for NiN counted from its authors' prototxt. */
  @ParameterizedTest
  @CsvSource({
    "alexnet, 61100840",
    "vgg16, 138357544",
    "vgg19, 143667240",
    "inception, 6624904",
    "resnet18, 11689512",
    "resnet50, 25557032",
    "mobilenetv2, 3504872",
    "nin, 7595176",
    "lenet, 233196",
    "mlp, 269322"
  })
  void parametersAreThosePublished(String name, long parameters) {
    Network network = of(name);
    assertEquals(parameters, Parameters.count(network));
    Preset preset = Preset.find(name);
    assertEquals(Shape.of(preset.defaultClasses()), Shapes.of(network).get("prob"));
  }

  @ParameterizedTest
  @CsvSource({
    "alexnet, conv1, 64 x 55 x 55",
    "alexnet, pool3, 256 x 6 x 6",
    "vgg16, pool5, 512 x 7 x 7",
    "nin, conv1, 96 x 54 x 54",
    "nin, pool3, 384 x 6 x 6",
    "inception, maxpool1, 64 x 56 x 56",
    "inception, inception3a.cat, 256 x 28 x 28",
    "inception, inception4e.cat, 832 x 14 x 14",
    "inception, inception5b.cat, 1024 x 7 x 7",
    "resnet18, maxpool, 64 x 56 x 56",
    "resnet18, layer4.1.add, 512 x 7 x 7",
    "resnet50, layer1.0.downsample.0, 256 x 56 x 56",
    "resnet50, layer3.5.conv3, 1024 x 14 x 14",
    "mobilenetv2, features.2.conv.1.0, 96 x 56 x 56",
    "mobilenetv2, features.18.0, 1280 x 7 x 7",
    "lenet, conv2, 50 x 8 x 8"
  })
  void mapsHaveThePublishedShapes(String name, String layer, String shape) {
    assertEquals(shape, Shapes.of(of(name)).get(layer).toString());
  }

  @Test
  void layersAreNamedAsInTorchvision() {
    List<String> names = Parameters.of(of("resnet18")).stream().map(Parameter::name).toList();
    assertEquals("conv1.weight", names.get(0));
    // its state dict has 122 entries, 20 of which count batches
    assertEquals(122 - 20, names.size());
    List<String> mobile = Parameters.of(of("mobilenetv2")).stream().map(Parameter::name).toList();
    // 314 entries, 52 of which count batches
    assertEquals(314 - 52, mobile.size());
    assertEquals(
        "features.1.conv.2.running_var",
        mobile.get(mobile.indexOf("features.1.conv.2.weight") + 3));
    assertEquals("classifier.1.bias", mobile.get(mobile.size() - 1));
  }

  @Test
  void theInputMayStandBeforeLayers() {
    Network network = of("1x28x20 2C3 FC4");
    assertEquals(Shape.of(1, 28, 20), Shapes.of(network).get("image"));
    assertEquals(
        network,
        Architectures.of("2C3 FC4", Optional.of(Shape.of(1, 28, 20)), OptionalInt.empty()));
    String said = assertThrows(SpyhopException.class, () -> of("2C3 FC4")).getMessage();
    assertTrue(said.contains("\"1x28x28 2C3 FC4\""), said);
  }

  @Test
  void channelsClassesAndSizesMayDiffer() {
    for (String name : Preset.names()) {
      int size = name.equals("lenet") || name.equals("mlp") ? 40 : 192;
      Network network =
          Architectures.of(name, Optional.of(Shape.of(2, size, size)), OptionalInt.of(7));
      Map<String, Shape> shapes = Shapes.of(network);
      assertEquals(Shape.of(2, size, size), shapes.get("image"), name);
      assertEquals(7, shapes.get(network.outputs().get(0)).channels(), name);
      assertEquals(network, NetworkJson.read(NetworkJson.write(network)), name);
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    assertEquals(
        "resnet99: expected one of [mlp, lenet, alexnet, vgg16, vgg19, nin, inception, resnet18,"
            + " resnet50, mobilenetv2, unet], or layers such as \"20C5 MP2 50C5 MP2 FC256 FC10\"",
        assertThrows(SpyhopException.class, () -> of("resnet99")).getMessage());
    assertEquals(
        "network: expected the channels, rows and columns of its input in front of its layers, such as \"1x28x28 20C5 FC10\", received the layers only",
        assertThrows(SpyhopException.class, () -> of("20C5 FC10")).getMessage());
    Optional<Shape> other = Optional.of(Shape.of(3, 20, 20));
    String sized = "1x28x28 20C5 FC10";
    assertEquals(
        "network: expected the input in front of its layers or besides, received 1 x 28 x 28 in front and 3 x 20 x 20 besides",
        assertThrows(
                SpyhopException.class, () -> Architectures.of(sized, other, OptionalInt.empty()))
            .getMessage());
    assertEquals(
        of(sized), Architectures.of(sized, Optional.of(Shape.of(1, 28, 28)), OptionalInt.empty()));
    assertThrows(SpyhopException.class, () -> Preset.LENET.of(Shape.of(1, 28, 28), 0));
    assertThrows(SpyhopException.class, () -> Preset.ALEXNET.of(Shape.of(3, 20, 20), 10));
  }
}
