package sc.fiji.spyhop.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dense;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization.Scheme;

class InitializationTest {

  private static final Network NETWORK =
      new Network(
          List.of(new Network.Input("image", Shape.of(8, 4, 4))),
          List.of(
              new Convolution(
                  "conv",
                  "image",
                  8,
                  64,
                  List.of(3, 3),
                  List.of(1, 1),
                  List.of(1, 1),
                  Padding.SAME,
                  true),
              new BatchNorm("norm", "conv", 64, 1e-5, 0.9),
              new Activation("relu", "norm", Layer.Function.RELU),
              new TransposedConvolution(
                  "up", "relu", 64, 2, List.of(2, 3), List.of(2, 2), Padding.SAME, false),
              new Flatten("flat", "up"),
              new Dense("dense", "flat", 128, 50, true)),
          List.of("dense"));

  @Test
  void parametersAreNamedAndShaped() {
    List<Parameter> all = Parameters.of(NETWORK);
    assertEquals(
        List.of(
            "conv.weight OIHW [64, 8, 3, 3]",
            "conv.bias C [64]",
            "norm.weight C [64]",
            "norm.bias C [64]",
            "norm.running_mean C [64]",
            "norm.running_var C [64]",
            "up.weight IOHW [64, 2, 2, 3]",
            "dense.weight OI [50, 128]",
            "dense.bias C [50]"),
        all.stream().map(p -> p.name() + " " + p.axes() + " " + p.shape()).toList());
    assertEquals(64 * 8 * 9 + 64 + 2 * 64 + 64 * 2 * 6 + 50 * 128 + 50, Parameters.count(NETWORK));
  }

  @Test
  void rectifiedKernelsHaveTheVarianceOfHe() {
    float[] kernel = Initialization.of(NETWORK, 1).get("conv.weight").data();
    double variance = 2.0 / (8 * 9);
    // 4608 values: the relative standard error of the variance is sqrt(2 / 4608) = 2 %
    assertEquals(variance, square(kernel), 0.1 * variance);
    assertTrue(max(kernel) > 2.5 * Math.sqrt(variance), "normal tails");
  }

  @Test
  void aFormulaThatRectifiesCountsAsARectifier() {
    Shape image = Shape.of(8, 16, 16);
    float[] expected =
        Initialization.of(Notation.parse("64C3 FC2", image), 1).get("conv1.weight").data();
    for (String formula : List.of("[max(0,x)]", "[x*sigmoid(2*x)]")) {
      Network own = Notation.parse("64C3 " + formula + " FC2", image);
      assertArrayEquals(expected, Initialization.of(own, 1).get("conv1.weight").data(), formula);
    }
    Network other = Notation.parse("64C3 [x*x] FC2", image);
    assertTrue(!Arrays.equals(expected, Initialization.of(other, 1).get("conv1.weight").data()));
  }

  @Test
  void otherKernelsAreUniformWithinTheBoundOfGlorot() {
    float[] kernel = Initialization.of(NETWORK, 1).get("dense.weight").data();
    double limit = Math.sqrt(6.0 / (128 + 50));
    assertTrue(max(kernel) <= limit && max(kernel) > 0.99 * limit);
    assertEquals(limit * limit / 3, square(kernel), 0.05 * limit * limit / 3);
  }

  @Test
  void oneSchemeMayBeChosenForAllKernels() {
    float[] he = Initialization.of(NETWORK, Scheme.HE, 1).get("dense.weight").data();
    assertEquals(2.0 / 128, square(he), 0.1 * 2 / 128);
    float[] glorot = Initialization.of(NETWORK, Scheme.GLOROT, 1).get("conv.weight").data();
    double limit = Math.sqrt(6.0 / (8 * 9 + 64 * 9));
    assertTrue(max(glorot) <= limit && max(glorot) > 0.99 * limit);
  }

  @Test
  void groupsSeeFewerChannels() {
    Network network =
        NetworkBuilder.image(64).depthwise("c", 3, 1).activation(Layer.Function.RELU6).build();
    assertEquals(List.of(64, 1, 3, 3), Parameters.of(network).get(0).shape());
    double variance = square(Initialization.of(network, 1).get("c.weight").data());
    assertEquals(2.0 / 9, variance, 0.15 * 2 / 9);
  }

  @Test
  void theRestIsNeutral() {
    Weights weights = Initialization.of(NETWORK, 1);
    for (String zero : List.of("conv.bias", "norm.bias", "norm.running_mean", "dense.bias")) {
      for (float v : weights.get(zero).data()) assertEquals(0, v);
    }
    for (String one : List.of("norm.weight", "norm.running_var")) {
      for (float v : weights.get(one).data()) assertEquals(1, v);
    }
  }

  @Test
  void theSeedDecides() {
    float[] first = Initialization.of(NETWORK, 7).get("conv.weight").data();
    assertArrayEquals(first, Initialization.of(NETWORK, 7).get("conv.weight").data());
    assertFalse(Arrays.equals(first, Initialization.of(NETWORK, 8).get("conv.weight").data()));
  }

  @Test
  void weightsAreFittedInTheNetworksOrderAndAxes() {
    Map<String, Tensor> reversed = new LinkedHashMap<>();
    Weights good = Initialization.of(NETWORK, 1);
    List<String> names = List.copyOf(good.tensors().keySet());
    for (int i = names.size() - 1; i >= 0; i--) {
      Tensor t = good.get(names.get(i));
      Axes other = new Axes("ABDE".substring(0, t.rank()));
      reversed.put(names.get(i), t.reshape(other, t.shape()));
    }
    Weights fitted = new Weights(reversed).fittedTo(NETWORK);
    assertEquals(names, List.copyOf(fitted.tensors().keySet()));
    assertEquals(Axes.IOHW, fitted.get("up.weight").axes());
  }

  @Test
  void weightsThatDoNotFitAreRefused() {
    Tensor three = Tensor.zeros(Axes.C, 3);
    assertEquals(
        "weights: tensor norm.bias: expected shape [64], received [3]",
        refused("norm.bias", three));
    assertEquals("weights: tensor extra is not one of the network's", refused("extra", three));
    assertEquals("weights: tensor norm.bias of the network is missing", refused("norm.bias", null));
  }

  private static String refused(String name, Tensor tensor) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(Initialization.of(NETWORK, 1).tensors());
    if (tensor == null) tensors.remove(name);
    else tensors.put(name, tensor);
    Weights weights = new Weights(tensors);
    return assertThrows(SpyhopException.class, () -> weights.fittedTo(NETWORK)).getMessage();
  }

  private static double square(float[] values) {
    double sum = 0;
    for (float v : values) sum += (double) v * v;
    return sum / values.length;
  }

  private static double max(float[] values) {
    double max = 0;
    for (float v : values) max = Math.max(max, Math.abs(v));
    return max;
  }
}
