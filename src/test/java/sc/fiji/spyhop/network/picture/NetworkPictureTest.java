package sc.fiji.spyhop.network.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.network.Architectures;
import sc.fiji.spyhop.network.Network;

class NetworkPictureTest {

  private static Network network(String name) {
    return Architectures.of(name, Optional.empty(), OptionalInt.empty());
  }

  /** LeCun et al. 1998, as Caffe has it: parameters by hand, 5 * 5 * 20 + 20 and so on. */
  @Test
  void boxesOfLeNetHaveShapesParametersAndReceptiveFields() {
    List<List<String>> lines = Block.of(network("lenet")).stream().map(Block::lines).toList();
    assertEquals(
        List.of(
            List.of("image", "input", "", "1 x 28 x 28", "", ""),
            List.of(
                "conv1",
                "convolution 5 x 5",
                "relu",
                "20 x 24 x 24",
                "520 parameters",
                "sees 5 x 5"),
            List.of("pool1", "max pooling 2 x 2", "", "20 x 12 x 12", "", "sees 6 x 6"),
            List.of(
                "conv2",
                "convolution 5 x 5",
                "relu",
                "50 x 8 x 8",
                "25,050 parameters",
                "sees 14 x 14"),
            List.of("pool2", "max pooling 2 x 2", "", "50 x 4 x 4", "", "sees 16 x 16"),
            List.of("fc1", "dense", "flatten, relu", "256", "205,056 parameters", "sees all"),
            List.of("fc2", "dense", "softmax", "10", "2,570 parameters", "sees all")),
        lines);
  }

  @Test
  void connectionsThatSkipAreKept() {
    List<Block> blocks = Block.of(network("unet"));
    Block cat = block(blocks, "up4_cat");
    assertEquals(
        List.of("up4_up", "down4_conv2"),
        cat.sources().stream().map(s -> blocks.get(s).name()).toList());
    assertEquals(Block.Kind.JOINED, cat.kind());
    assertEquals("384 x H/8 x W/8", cat.size());
    assertEquals("1 x H x W", blocks.get(0).size());
    List<Block> residual = Block.of(network("resnet18"));
    Block add = block(residual, "layer2.0.add");
    assertEquals(
        List.of("layer2.0.conv2", "layer2.0.downsample.0"),
        add.sources().stream().map(s -> residual.get(s).name()).toList());
    assertEquals("relu", add.functions());
  }

  private static Block block(List<Block> blocks, String name) {
    return blocks.stream().filter(b -> b.name().equals(name)).findFirst().orElseThrow();
  }

  /** Long networks go on in another row: none is wider than nine boxes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlp",
        "lenet",
        "alexnet",
        "vgg19",
        "nin",
        "inception",
        "resnet50",
        "mobilenetv2",
        "unet"
      })
  void everyArchitectureCanBeDrawn(String name) {
    Network network = network(name);
    BufferedImage picture = NetworkPicture.of(network);
    int rows = (Block.of(network).size() + 8) / 9;
    assertTrue(picture.getHeight() > rows * 300, name);
    assertTrue(picture.getWidth() < 2 * 9 * 300, name + " " + picture.getWidth());
    assertEquals(0xffffff, picture.getRGB(0, 0) & 0xffffff);
  }
}
