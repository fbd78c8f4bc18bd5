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
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Function;

class NotationTest {

  private static final Shape DIGIT = Shape.of(1, 28, 28);

  private static List<String> layers(String text) {
    return Notation.parse(text, DIGIT).layers().stream().map(Layer::name).toList();
  }

  private static String refused(String text) {
    return assertThrows(SpyhopException.class, () -> Notation.parse(text, DIGIT)).getMessage();
  }

  @Test
  void leNetOfTheLiterature() {
    Network network = Notation.parse("20C5 MP2 50C5 MP2 FC256 FC10", DIGIT);
    assertEquals(
        List.of(
            "conv1",
            "conv1_relu",
            "pool1",
            "conv2",
            "conv2_relu",
            "pool2",
            "flat",
            "fc1",
            "fc1_relu",
            "fc2",
            "prob"),
        network.layers().stream().map(Layer::name).toList());
    Map<String, Shape> shapes = Shapes.of(network);
    assertEquals(Shape.of(20, 24, 24), shapes.get("conv1"));
    assertEquals(Shape.of(50, 4, 4), shapes.get("pool2"));
    // 20 * 25 + 20, 50 * 20 * 25 + 50, 800 * 256 + 256, 256 * 10 + 10
    assertEquals(520 + 25_050 + 205_056 + 2_570, Parameters.count(network));
    assertEquals(network, Notation.parse("20c5-mp2-50c5-mp2 - fc256-fc10", DIGIT));
  }

  @Test
  void geluAndMishAreWords() {
    Network network = Notation.parse("20C5 gelu MP2 FC30 mish FC10", DIGIT);
    assertEquals(
        List.of(Function.GELU, Function.MISH, Function.SOFTMAX),
        network.layers().stream()
            .filter(l -> l instanceof Activation)
            .map(l -> ((Activation) l).function())
            .toList());
    assertEquals("20C5 gelu MP2 FC30 mish FC10", Notation.describe(network).orElseThrow());
  }

  /** As PyTorch's example has them, without biases in front of batch norm: 3,576,704, 2,765,568. */
  @Test
  void theGeneratorAndDiscriminatorOfDcganHaveTheirNumberOfParameters() {
    String text = "512T4v BN 256T4/2 BN 128T4/2 BN 64T4/2 BN 3T4/2 tanh";
    Network generator = Notation.parse(text, Shape.of(100, 1, 1));
    assertEquals(Shape.of(512, 4, 4), Shapes.of(generator).get("tconv1"));
    assertEquals(Shape.of(3, 64, 64), Shapes.of(generator).get("out"));
    assertEquals(3_576_704 + 3, Parameters.count(generator));
    assertEquals(text, Notation.describe(generator).orElseThrow());
    Network discriminator =
        Notation.parse(
            "64C4/2s lrelu 128C4/2s BN lrelu 256C4/2s BN lrelu 512C4/2s BN lrelu 1C4 sigmoid",
            Shape.of(3, 64, 64));
    assertEquals(Shape.of(1, 1, 1), Shapes.of(discriminator).get("out"));
    assertEquals(2_765_568 + 64 + 1, Parameters.count(discriminator));
  }

  @Test
  void upsamplingsAndTransposedConvolutionsEnlarge() {
    String text = "8C3 UP2 8C3 UP3b 4T3x5/2s 2T2/2v FC5";
    Network network = Notation.parse(text, Shape.of(1, 5, 4));
    Map<String, Shape> shapes = Shapes.of(network);
    assertEquals(Shape.of(8, 10, 8), shapes.get("up1"));
    assertEquals(Shape.of(8, 30, 24), shapes.get("up2"));
    assertEquals(Shape.of(4, 60, 48), shapes.get("tconv1"));
    assertEquals(Shape.of(2, 120, 96), shapes.get("tconv2"));
    assertEquals("8C3 UP2 8C3 UP3b 4T3x5/2 2T2/2v FC5", Notation.describe(network).orElseThrow());
    assertThrows(SpyhopException.class, () -> Notation.parse("4T2/3", Shape.of(1, 5, 4)));
  }

  @Test
  void smallKernelsKeepTheSize() {
    Network network =
        Notation.parse("64C3-64C3-MP2-128C3-128C3-MP2-FC256-FC10", Shape.of(1, 28, 28));
    assertEquals(Shape.of(128, 7, 7), Shapes.of(network).get("pool2"));
    long expected = 9 * 64 + 64 + 9 * 64 * 64 + 64 + 9 * 64 * 128 + 128 + 9 * 128 * 128 + 128;
    expected += 128 * 49 * 256 + 256 + 256 * 10 + 10;
    assertEquals(expected, Parameters.count(network));
  }

  @Test
  void theOriginalAlexNetHasItsPublishedNumberOfParameters() {
    Network network =
        Notation.parse(
            "96C11/4 LRN MP3/2 256C5sg2 LRN MP3/2 384C3 384C3g2 256C3g2 MP3/2"
                + " FC4096 D50 FC4096 D50 FC1000",
            Shape.of(3, 227, 227));
    assertEquals(60_965_224, Parameters.count(network));
    assertEquals(Shape.of(256, 6, 6), Shapes.of(network).get("pool3"));
  }

  @Test
  void marksSetStridePaddingDilationAndGroups() {
    Network network =
        Notation.parse("8C3x5/2 8C3d2v DW3/2 8C4p1g4 MP3/2c AP2s FC2", Shape.of(3, 64, 64));
    Convolution first = (Convolution) network.layer("conv1");
    assertEquals(List.of(3, 5), first.kernel());
    assertEquals(List.of(2, 2), first.stride());
    assertEquals(Padding.VALID, first.padding());
    assertEquals(List.of(2, 2), ((Convolution) network.layer("conv2")).dilation());
    assertEquals(8, ((Convolution) network.layer("conv3")).groups());
    Convolution fourth = (Convolution) network.layer("conv4");
    assertEquals(4, fourth.groups());
    assertEquals(Padding.of(1, 1, 1, 1), fourth.padding());
    Pooling pool = (Pooling) network.layer("pool1");
    assertTrue(pool.ceilMode());
    assertEquals(List.of(2, 2), pool.stride());
    assertEquals(Padding.SAME, ((Pooling) network.layer("pool2")).padding());
  }

  @Test
  void otherNormalizationsComeBeforeTheFunctionAsWell() {
    Network network = Notation.parse("8C3 GN2 6C3 IN tanh LN FC10 LN", DIGIT);
    assertEquals(
        List.of(
            "conv1",
            "conv1_gn",
            "conv1_relu",
            "conv2",
            "conv2_in",
            "conv2_tanh",
            "conv2_ln",
            "flat",
            "fc1",
            "fc1_ln",
            "prob"),
        network.layers().stream().map(Layer::name).toList());
    assertEquals(true, ((Convolution) network.layer("conv1")).bias());
    assertEquals(2, ((GroupNorm) network.layer("conv1_gn")).groups());
    assertEquals(6, ((GroupNorm) network.layer("conv2_in")).groups());
    assertTrue(refused("8C3 GN3 FC2").contains("channels that are a multiple of its 3 groups"));
  }

  @Test
  void batchNormComesBeforeTheFunctionAndReplacesTheBias() {
    Network network = Notation.parse("8C3 BN FC20 BN tanh D50 FC10", DIGIT);
    assertEquals(
        List.of(
            "conv1",
            "conv1_bn",
            "conv1_relu",
            "flat",
            "fc1",
            "fc1_bn",
            "fc1_tanh",
            "fc1_dropout",
            "fc2",
            "prob"),
        network.layers().stream().map(Layer::name).toList());
    assertEquals(false, ((Convolution) network.layer("conv1")).bias());
    assertEquals(false, ((Dense) network.layer("fc1")).bias());
    assertEquals(true, ((Dense) network.layer("fc2")).bias());
  }

  @Test
  void functionsTakeThePlaceOfRelu() {
    assertEquals(List.of("conv1", "conv1_tanh", "flat", "fc1", "prob"), layers("8C3 tanh FC2"));
    assertEquals(List.of("conv1", "flat", "fc1", "prob"), layers("8C3 linear FC2"));
    assertEquals(List.of("conv1", "conv1_relu", "flat", "fc1"), layers("8C3 FC2 linear"));
    assertEquals(List.of("conv1", "conv1_relu", "flat", "fc1", "out"), layers("8C3 FC2 sigmoid"));
    assertEquals(List.of("conv1", "conv1_relu", "flat", "fc1", "prob"), layers("8C3 FC2 softmax"));
    assertEquals(List.of("conv1", "conv1_relu", "conv2", "pool1", "prob"), layers("8C3 2C1 GAP"));
    assertEquals(
        List.of("conv1", "conv1_relu", "conv2", "conv2_relu", "pool1", "prob"),
        layers("8C3 2C1 relu GAP"));
  }

  @Test
  void classesMayBeGivenOutside() {
    Network network = Notation.parse("FC20 FC", DIGIT, OptionalInt.of(7));
    assertEquals(Shape.of(7), Shapes.of(network).get("prob"));
    assertEquals(
        "notation: \"FC10\" at character 6: expected 7 classes; write FC to leave the number open",
        assertThrows(
                SpyhopException.class, () -> Notation.parse("FC20 FC10", DIGIT, OptionalInt.of(7)))
            .getMessage());
    assertEquals(
        "notation: \"FC\" at character 6: expected a number of units, as the number of classes is"
            + " not known",
        refused("FC20 FC"));
    assertEquals(
        "notation: \"FC\" at character 1: only the last FC may be without a number of units",
        refused("FC FC20"));
  }

  @Test
  void sizesMayBeOpenWhereNothingIsFlattened() {
    Network network = Notation.parse("8C3 MP2 2C1", Shape.of(3, Shape.ANY, Shape.ANY));
    assertEquals(Shape.of(2, Shape.ANY, Shape.ANY), Shapes.of(network).get("prob"));
    Notation.parse("8C3 MP2 GAP FC2", Shape.of(3, Shape.ANY, Shape.ANY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20C5 MP2 50K5|\"50K5\" at character 10: not understood; expected words such as 20C5,"
            + " 64C3/2, 64T4/2, MP2, GAP, FC256, D50, BN or tanh",
        "20C5-MP2-MP40|\"MP40\" at character 10: layer pool2: expected a map of at least 40 along"
            + " dimension 0, received 12 x 12 from pool1",
        "FC10 20C5 FC2|\"20C5\" at character 6: layer conv1: expected a map with 2 spatial"
            + " dimensions, received a vector of 10 from fc1_relu",
        "20C5 D100 FC2|\"D100\" at character 6: expected 0 to 99 percent",
        "linear FC2|\"linear\" at character 1: expected behind a convolution or FC, or at the end",
        "20C9999999999|\"20C9999999999\" at character 1: expected numbers of at most nine digits",
        "0C3 FC2|\"0C3\" at character 1: layer conv1: expected filters of at least 1, received 0",
        "8C3/0 FC2|\"8C3/0\" at character 1: layer conv1: expected stride of one to three sizes of"
            + " at least 1, received [0, 0]",
        "8C3sv FC2|\"8C3sv\" at character 1: its padding is given twice",
        "8C3/2/2 FC2|\"8C3/2/2\" at character 1: its mark / is given twice",
        "8C3 9C3g2|\"9C3g2\" at character 5: layer conv2: expected filters that are a multiple of"
            + " its 2 groups, received 9"
      })
  void errorsPointAtTheWord(String text, String message) {
    assertEquals("notation: " + message, refused(text));
  }

  @Test
  void emptyAndEndlessTextsAreRefused() {
    assertTrue(refused(" - ").startsWith("notation: expected layers"));
    assertEquals(
        "notation: expected at most 10000 characters, received 10001", refused("8".repeat(10_001)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "20C5 MP2 50C5 MP2 FC256 FC10",
        "64C3 64C3 MP2 128C3 128C3 MP2 FC256 FC10",
        "8C3 BN 8C3 BN tanh MP2 LRN GAP D50 FC2 linear",
        "8C3x5/2 DW3/2 8C4p1g4 8C5s AP3/2c lrelu",
        "8C3 linear BN MP2s 8C1 prelu GMP FC3 BN FC1 sigmoid",
        "8C3 2C1 relu GAP",
        "MP2 linear",
        "20C5 [x*sigmoid(1.7 * x)] MP2 FC10",
        "8C3 GN2 MP2 8C3 IN tanh 6C3 LN FC3 LN FC2 linear",
        "8C3 GN4 LN relu GAP FC3 IN",
        "8C3 BN [max(x, 0.1*x - 2)] [x/(1+x[3]^2)] GAP FC2 [-x]"
      })
  void describesWhatItReads(String text) {
    assertEquals(Optional.of(text), Notation.describe(Notation.parse(text, DIGIT)));
  }

  @Test
  void aFormulaTakesThePlaceOfReLU() {
    Network n = Notation.parse("4C3 [x*sigmoid(x)] FC3", DIGIT);
    assertEquals(new Formula("conv1_formula", "conv1", "x*sigmoid(x)"), n.layers().get(1));
    assertEquals("prob", n.outputs().get(0));
    SpyhopException e =
        assertThrows(SpyhopException.class, () -> Notation.parse("4C3 [x*q] FC3", DIGIT));
    assertTrue(e.getMessage().contains("at character 5"), e.getMessage());
    assertTrue(e.getMessage().contains("at character 3 (\"q\")"), e.getMessage());
    e = assertThrows(SpyhopException.class, () -> Notation.parse("4C3 [x*x[4]] FC3", DIGIT));
    assertTrue(e.getMessage().contains("names channel 4, counted from 0, of 4"), e.getMessage());
  }

  /** Characters are counted from 1. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8C3 [x*sigmoid(1.7*x) MP2 FC2| at character 5: expected a ] that closes it",
        "8C3 [x[0]-x[1] FC2| at character 5: expected a ] that closes it",
        "8C3 [relu(x) MP2 8C3 [tanh(x)] FC2| at character 5: expected a ] that closes it",
        "8C3[relu(x)] FC2| at character 4: expected a space before it",
      })
  void aBracketThatIsNotClosedIsPointedAt(String text, String why) {
    assertEquals("notation: \"[\"" + " " + why.strip(), refused(text));
  }

  @Test
  void describesSequencesOnly() {
    assertEquals(
        Optional.of("20C5 MP2 50C5 MP2 FC256 FC10"), Notation.describe(Presets.lenet(1, 10)));
    assertTrue(Notation.describe(Presets.vgg19(10)).orElseThrow().endsWith("FC4096 D50 FC10"));
    assertEquals(Optional.empty(), Notation.describe(Preset.RESNET18.of(Shape.of(3, 64, 64), 2)));
    NetworkBuilder odd = NetworkBuilder.image(1).padding(Padding.of(0, 1, 0, 1));
    assertEquals(Optional.empty(), Notation.describe(odd.convolution("c", 2, 3).build()));
  }
}
