package sc.fiji.spyhop.exchange.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.GroupNorm;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.LayerNorm;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Preset;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/** What is exported and imported again predicts the same. */
class RoundTripTest {

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Preset.class,
      names = {"LENET", "RESNET18", "MOBILENETV2", "INCEPTION"})
  void predictsTheSame(Preset preset) throws IOException {
    Shape input = preset == Preset.LENET ? Shape.of(1, 28, 28) : Shape.of(3, 64, 64);
    Network network = preset.of(input, 10);
    comeBack(network);
  }

  /** Formulas come back as formulas, as many or fewer, also those of channels. */
  @Test
  void formulasComeBack() throws IOException {
    List<String> ofMaps =
        List.of(
            "x*sigmoid(1.7*x)",
            "0.5*x-abs(x)^1.5",
            "where(x>0.1|x<-0.5,x,0.25*x)",
            "x/(1+mean(x^2,channels))+0.1*x[2]",
            "softmax(2*x)*(channel+1)",
            "min(max(x,-1),floor(2*x))+sin(x)*cos(3*x)",
            "x-logsumexp(x,channels)",
            "clip(x,-0.5,0.5)*!(x<0.2)",
            "selu(x)-softplus(x)",
            "max(x,channels)*x-min(x,channels)");
    for (String text : ofMaps) {
      Network network =
          NetworkBuilder.input("image", Shape.of(2, 5, 4))
              .convolution("a", 3, 3)
              .convolution("b", 3, 1)
              .activation(Function.GELU)
              .layer(new Formula("f", "a", text))
              .layer(new Formula("g", List.of("b", "f", "a"), "x*y+exp(-abs(z))"))
              .build("g");
      Imported back = comeBack(network);
      long formulas = back.network().layers().stream().filter(l -> l instanceof Formula).count();
      assertTrue(formulas >= 1 && back.network().layers().size() <= 8, text + back.network());
    }
    Network gelu =
        NetworkBuilder.input("image", Shape.of(2, 5, 4))
            .convolution("a", 3, 3)
            .activation(Function.GELU)
            .convolution("b", 3, 3)
            .activation(Function.MISH)
            .build();
    assertEquals(
        List.of(Function.GELU, Function.MISH),
        comeBack(gelu).network().layers().stream()
            .filter(l -> l instanceof Activation)
            .map(l -> ((Activation) l).function())
            .toList());
  }

  /** The numbers of channels are others where there is one channel. */
  @Test
  void formulasOfOtherChannelsStayApart() throws IOException {
    Network network =
        NetworkBuilder.input("image", Shape.of(2, 5, 4))
            .convolution("a", 3, 3)
            .layer(new Formula("sum", "a", "sum(x^2,channels)"))
            .layer(new Formula("numbered", "sum", "sqrt(x)*(channel+2)+sum(x,channels)"))
            .build();
    Network back = comeBack(network).network();
    assertEquals(Shape.of(1, 5, 4), Shapes.of(back).get(back.outputs().get(0)));
  }

  private Imported comeBack(Network network) throws IOException {
    Weights weights = Initialization.of(network, 1);
    Imported back = imported(network, weights);
    assertArrayEquals(run(network, weights), run(back.network(), back.weights()), 1e-5f);
    return back;
  }

  /** Written as operators that are older than these layers, and put together again. */
  @Test
  void normalizationIsTheSameLayerAgain() throws IOException {
    double epsilon = 1 / 1024.0;
    Network network =
        NetworkBuilder.image(2)
            .convolution("a", 6, 3)
            .layer(new GroupNorm("groups", "a", 6, 3, epsilon))
            .convolution("b", 6, 3, 2, 1)
            .layer(new GroupNorm("instance", "b", 6, 6, epsilon))
            .convolution("c", 6, 3)
            .layer(new GroupNorm("all", "c", 6, 1, epsilon))
            .convolution("d", 5, 1)
            .layer(new LayerNorm("channels", "d", 5, epsilon))
            .globalPool("pool", Layer.PoolingKind.AVERAGE)
            .dense("e", 4)
            .layer(new LayerNorm("vectors", "e", 4, epsilon))
            .dense("f", 3)
            .build();
    Weights weights = Initialization.of(network, 1);
    Imported imported = imported(network, weights);
    assertEquals(normalizations(network), normalizations(imported.network()));
    assertEquals(weights.tensors().keySet(), imported.weights().tensors().keySet());
    weights
        .tensors()
        .forEach(
            (name, t) -> assertArrayEquals(t.data(), imported.weights().get(name).data(), name));
  }

  private static List<Layer> normalizations(Network network) {
    return network.layers().stream()
        .filter(l -> l instanceof GroupNorm || l instanceof LayerNorm)
        .toList();
  }

  private Imported imported(Network network, Weights weights) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OnnxWriter.write(OnnxExport.of(network, weights), bytes);
    Path file = Files.write(folder.resolve("net.onnx"), bytes.toByteArray());
    return OnnxImport.read(file, Optional.empty());
  }

  private static float[] run(Network network, Weights weights) {
    Shape in = network.inputs().get(0).shape();
    int[] shape = {1, in.channels(), in.space().get(0), in.space().get(1)};
    float[] pixels = new float[shape[1] * shape[2] * shape[3]];
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < pixels.length; i++) pixels[i] = (float) random.nextDouble(-1, 1);
    Engine engine = Engines.forPrediction(network);
    try (Predictor p = engine.predictor(network, weights, engine.devices().get(0))) {
      String name = network.inputs().get(0).name();
      return p.predict(Map.of(name, new Tensor(Axes.NCHW, shape, pixels))).get(0).data();
    }
  }
}
