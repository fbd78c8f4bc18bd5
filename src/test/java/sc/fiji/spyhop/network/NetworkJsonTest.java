package sc.fiji.spyhop.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Interpolation;
import sc.fiji.spyhop.network.Layer.PoolingKind;
import sc.fiji.spyhop.util.Strings;

class NetworkJsonTest {

  private static final String CONV =
      """
      {"type":"convolution","name":"c","input":"image","channels":1,"filters":2,"kernel":[3,5],
       "stride":[1,2],"dilation":[2,1],"padding":"valid","bias":true}""";

  private static String network(String layers) {
    return Strings.format(
        """
        {"inputs":[{"name":"image","shape":{"channels":1,"space":["any",64]}}],
         "layers":[%s],"outputs":["c"]}""",
        layers);
  }

  private static String refused(String text) {
    return assertThrows(SpyhopException.class, () -> NetworkJson.read(text)).getMessage();
  }

  @Test
  void readsWhatTheFormatSays() {
    assertEquals(
        new Network(
            List.of(new Network.Input("image", Shape.of(1, Shape.ANY, 64))),
            List.of(
                new Convolution(
                    "c",
                    "image",
                    1,
                    2,
                    List.of(3, 5),
                    List.of(1, 2),
                    List.of(2, 1),
                    Padding.VALID,
                    true)),
            List.of("c")),
        NetworkJson.read(network(CONV)));
  }

  @Test
  void everyLayerComesBack() {
    Network network =
        NetworkBuilder.image(3)
            .convolution("a", 4, 3)
            .batchNorm()
            .activation(Function.LEAKY_RELU)
            .pool("p", PoolingKind.AVERAGE, 3, 2, Padding.SAME)
            .transposedConvolution("t", 4, 2, 2)
            .concat("cat", "a")
            .dropout(0.25)
            .add("sum", "cat")
            .upsample("u", 2, Interpolation.BILINEAR)
            .globalPool("g", PoolingKind.MAX)
            .dense("d", 5)
            .andInput("small", Shape.of(1, 2, 2))
            .flatten("f")
            .andInput("other", Shape.of(4, 8, 8))
            .layer(new PRelu("pr", "other", 4))
            .layer(new Pad("pad", "pr", List.of(1, -2), List.of(0, 2), Pad.Mode.REFLECT))
            .layer(new SelectChannels("chosen", "pad", List.of(3, 0, 2, 1)))
            .layer(new PixelShuffle("shuffled", "chosen", 2, PixelShuffle.Direction.TO_SPACE))
            .layer(
                new Resizing(
                    "resized",
                    "shuffled",
                    List.of(3, 2),
                    List.of(1, 2),
                    Interpolation.BILINEAR,
                    true))
            .layer(new PRelu("rows", "pr", 4, List.of(8, 1)))
            .layer(new Formula("gate", List.of("rows", "other"), "x*sigmoid(y)"))
            .layer(new LocalResponseNorm("lrn", "gate", 5, 1e-4, 0.75, 1))
            .groupNorm(2)
            .layerNorm()
            .formula("x*sigmoid(1.7*x)")
            .layer(new PluginLayer("brought", "lrn_formula", "cube", "cubes.jar"))
            .multiply("product", "other")
            .padding(Padding.of(0, 1, 2, 3))
            .convolution("grouped", 6, 3, 2, 1, 2)
            .layer(
                new Pooling(
                    "ceil",
                    "grouped",
                    PoolingKind.AVERAGE,
                    List.of(2, 2),
                    List.of(2, 2),
                    Padding.of(1, 0, 1, 0),
                    true,
                    true))
            .layer(
                new OnnxGraph(
                    "kept",
                    "other",
                    OnnxContent.of(new byte[] {1, 2, 3}),
                    "logits",
                    5,
                    0,
                    0,
                    1,
                    true,
                    List.of("Einsum")))
            .build("d", "f", "ceil");
    String text = NetworkJson.write(network);
    assertEquals(network, NetworkJson.read(text));
    for (Class<?> type : Layer.kinds()) {
      assertTrue(network.layers().stream().anyMatch(type::isInstance), type.getSimpleName());
    }
    assertTrue(text.contains("\"function\" : \"leaky-relu\""), text);
    assertTrue(text.contains("\"padding\" : [ 0, 1, 2, 3 ]"), text);
    assertTrue(text.contains("\"dilation\" : [ 1, 1 ]"), text);
    assertTrue(text.contains("\"space\" : [ \"any\", \"any\" ]"), text);
  }

  /** Before formulas had several inputs, and slopes places. */
  @Test
  void layersOfEarlierVersionsAreRead() {
    String formula =
        "{\"type\":\"formula\",\"name\":\"c\",\"input\":\"image\",\"formula\":\"x^2\"}";
    assertEquals(new Formula("c", "image", "x^2"), NetworkJson.read(network(formula)).layer("c"));
    String prelu = "{\"type\":\"prelu\",\"name\":\"c\",\"input\":\"image\",\"channels\":1}";
    assertEquals(new PRelu("c", "image", 1), NetworkJson.read(network(prelu)).layer("c"));
    assertEquals(
        "network: expected a whole number at layers[0].space[0] in line 2",
        refused(network(prelu.replace("}", ",\"space\":[\"a\"]}"))));
    assertEquals(
        "layer c: expected space of one to three sizes of at least 1, received [0, 1]",
        refused(network(prelu.replace("}", ",\"space\":[0,1]}"))));
    assertEquals(
        "layer c: expected a number of inputs of at least 1, received 0",
        refused(network(formula.replace("\"image\"", "[]"))));
  }

  @Test
  void fieldsWithADefaultMayBeMissingButNotWrong() {
    Convolution plain = (Convolution) NetworkJson.read(network(CONV)).layer("c");
    assertEquals(1, plain.groups());
    String two =
        CONV.replace("\"channels\":1", "\"channels\":4")
            .replace("\"bias\"", "\"groups\":2,\"bias\"");
    String input = network(two).replace("\"channels\":1,", "\"channels\":4,");
    assertEquals(2, ((Convolution) NetworkJson.read(input).layer("c")).groups());
    for (String wrong : List.of("2.5", "\"2\"", "true", "[2]")) {
      assertEquals(
          "network: expected a whole number at layers[0].groups in line 3",
          refused(input.replace("\"groups\":2", "\"groups\":" + wrong)),
          wrong);
    }
    assertTrue(
        refused(input.replace("\"groups\":2", "\"groups\":null"))
            .startsWith("network: field groups is missing"));
    assertEquals(
        "layer c: expected groups of at least 1, received 0",
        refused(input.replace("\"groups\":2", "\"groups\":0")));
    assertEquals(
        "layer c: expected channels that are a multiple of its 3 groups, received 4",
        refused(input.replace("\"groups\":2", "\"groups\":3")));
    String pool =
        """
        {"type":"pooling","name":"c","input":"image","kind":"average","kernel":[3,3],
         "stride":[2,2],"padding":"valid"}""";
    Pooling read = (Pooling) NetworkJson.read(network(pool)).layer("c");
    assertEquals(false, read.ceilMode() || read.countIncludePad());
    assertEquals(
        "network: expected true or false at layers[0].ceilMode in line 3",
        refused(network(pool.replace("}", ",\"ceilMode\":1}"))));
  }

  @Test
  void paddingIsAWordOrAListOfSizes() {
    String padded = network(CONV.replace("\"valid\"", "[0,1,2,3]"));
    assertEquals(
        Padding.of(0, 1, 2, 3), ((Convolution) NetworkJson.read(padded).layer("c")).padding());
    assertEquals(
        "layer c: expected padding of 4 sizes, first those before, then those after, received"
            + " [1, 1]",
        refused(padded.replace("[0,1,2,3]", "[1,1]")));
    assertEquals(
        "network: expected a padding of as many sizes before as after, received [1]",
        refused(padded.replace("[0,1,2,3]", "[1]")));
    assertEquals(
        "padding: expected 0 to 65535 values, received -1",
        refused(padded.replace("[0,1,2,3]", "[0,-1,0,0]")));
    assertEquals(
        "padding: the list of sizes has an empty entry",
        refused(padded.replace("[0,1,2,3]", "[0,null,0,0]")));
    assertTrue(refused(padded.replace("[0,1,2,3]", "[0,1.5,0,0]")).startsWith("network: "));
    assertTrue(refused(padded.replace("[0,1,2,3]", "{}")).startsWith("network: "));
  }

  @Test
  void unknownWordsAreRefused() {
    assertTrue(
        refused(network(CONV.replace("\"convolution\"", "\"java.lang.Runtime\"")))
            .startsWith(
                "network: unknown layer type java.lang.Runtime at layers[0] in line 2; known are"
                    + " [convolution, transposed-convolution,"));
    assertTrue(
        refused(network(CONV.replace("\"bias\"", "\"parts\":2,\"bias\"")))
            .startsWith("network: unknown field parts at layers[0].parts in line 3; known are"));
    assertEquals(
        "network: unknown word mirror at layers[0].padding in line 3; known are [valid, same]",
        refused(network(CONV.replace("valid", "mirror"))));
    assertTrue(
        refused(network(CONV.replace("\"type\":\"convolution\",", "")))
            .startsWith("network: field type is missing at layers[0] in line"));
  }

  @Test
  void missingAndWrongValuesAreRefused() {
    String filters = "\"filters\":2";
    assertEquals(
        "network: field filters is missing at layers[0].filters in line 3",
        refused(network(CONV.replace(filters + ",", ""))));
    for (String wrong : List.of("2.5", "\"2\"", "true", "[2]", "{}", "null")) {
      assertEquals(
          "network: expected a whole number at layers[0].filters in line 2",
          refused(network(CONV.replace(filters, "\"filters\":" + wrong))),
          wrong);
    }
    assertEquals(
        "layer c: expected kernel of one to three sizes of at least 1, received [3, null]",
        refused(network(CONV.replace("[3,5]", "[3,null]"))));
    assertEquals(
        "layer c: expected filters of at least 1, received -2",
        refused(network(CONV.replace("\"filters\":2", "\"filters\":-2"))));
    assertEquals(
        "network: expected a size of at least 1 or \"any\", received -1",
        refused(network(CONV).replace("\"any\"", "-1")));
    assertEquals(
        "layer c: expected 3 channels, received 1 from image",
        refused(network(CONV.replace("\"channels\":1", "\"channels\":3"))));
    assertTrue(
        refused(network(CONV.replace("\"filters\":2", "\"filters\":2,\"filters\":3")))
            .contains("Duplicate"));
  }

  @Test
  void whatIsNoNetworkIsRefused() {
    assertTrue(refused("").startsWith("network: "));
    assertTrue(refused("null").startsWith("network: "));
    assertTrue(refused("[]").startsWith("network: "));
    assertTrue(refused("{\"inputs\":[").startsWith("network: "));
    assertTrue(refused(network(CONV) + "{}").startsWith("network: "));
    assertTrue(refused("[".repeat(100_000)).startsWith("network: "));
  }

  @Test
  void sizesAreBounded() {
    assertEquals(
        "network: expected at most 4000000000 parameters, received 4500000000",
        refused(
            network(
                CONV.replace("\"filters\":2", "\"filters\":300000000")
                    .replace("\"bias\":true", "\"bias\":false"))));
    assertEquals(
        "layer c: more parameters than can be counted: [2147483647, 1, 2147483647, 2147483647]",
        refused(
            network(
                CONV.replace("\"filters\":2", "\"filters\":2147483647")
                    .replace("[3,5]", "[2147483647,2147483647]"))));
    String many =
        IntStream.rangeClosed(1, NetworkJson.MAX_LAYERS)
            .mapToObj(
                i ->
                    Strings.format(
                        "{\"type\":\"activation\",\"name\":\"%d\",\"input\":\"image\",\"function\":\"relu\"}",
                        i))
            .collect(Collectors.joining(","));
    assertEquals(
        "network: expected at most 10000 layers, received 10001",
        refused(network(many + "," + CONV)));
    assertEquals(
        "network: expected at most 16777216 characters, received 16777217",
        refused(" ".repeat(NetworkJson.LONGEST + 1)));
  }
}
