package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Multiply;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Networks of element-wise operations, as PyTorch's exporters write them; {@code
 * src/test/python/element_networks.py} made the files.
 */
class ElementNetworksTest {

  @TempDir Path folder;

  private Imported read(String name) throws IOException {
    Path file = folder.resolve(name + ".onnx");
    try (InputStream in = getClass().getResourceAsStream("onnx/" + name + ".onnx")) {
      Files.copy(in, file);
    }
    Imported read = Source.of(file).read(Optional.empty());
    String found = TranslationCheck.ofFile(file, read, Optional.empty(), Progress.NONE);
    assertTrue(found.startsWith("Checked"), found);
    return read;
  }

  private static List<String> formulas(Imported read) {
    return read.network().layers().stream()
        .filter(l -> l instanceof Formula)
        .map(l -> ((Formula) l).formula())
        .toList();
  }

  private static List<Function> functions(Imported read) {
    return read.network().layers().stream()
        .filter(l -> l instanceof Activation)
        .map(l -> ((Activation) l).function())
        .toList();
  }

  /** One layer for each function, whichever way it is written. */
  @ParameterizedTest
  @ValueSource(strings = {"functions_older", "functions_newer"})
  void eachFunctionIsOneLayer(String name) throws IOException {
    Imported read = read(name);
    // of the last one the ReLU stays, which convolutions compute as well
    assertEquals(24 + 24 + 1 + 1, read.network().layers().size());
    List<String> formulas = formulas(read);
    String byTanh = "0.5*x*(1+tanh(0.7978845608028654*(x+0.044715*x^3)))";
    assertEquals(
        List.of(
            byTanh,
            "x*sigmoid(1.702*x)",
            "selu(x)",
            "where(x<0,0.7*(exp(x)-1),x)",
            "where(x<0,1.5*(exp(x/1.5)-1),x)",
            "softplus(x)",
            "x/(1+abs(x))",
            "where(0.3<x,x,0)"),
        formulas.subList(0, 8));
    assertEquals(
        List.of(
            Function.GELU,
            Function.GELU,
            Function.GELU,
            Function.MISH,
            Function.MISH,
            Function.RELU),
        functions(read));
    assertEquals("-softplus(-x)", formulas.get(15));
    assertEquals("x-tanh(x)", formulas.get(16));
  }

  @ParameterizedTest
  @ValueSource(strings = {"spread_older", "spread_newer"})
  void oneChannelAndOneValueAreSpread(String name) throws IOException {
    assertEquals(
        List.of(
            "x/sqrt(sum(x*x,channels))",
            "y/(1+x*x)",
            "x-y",
            "mean(x,channels)",
            "max(x,channels)",
            "min(x,y)",
            "(x-y)*(x-y)",
            "x-y"),
        formulas(read(name)));
  }

  @Test
  void operatorsAreTranslated() throws IOException {
    assertTrue(formulas(read("operators")).contains("where(!(x[1]<x&x<=1.5),x,x[1]-x)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"attention_older", "attention_newer"})
  void attentionGatesAreProductsWithOneChannel(String name) throws IOException {
    Imported read = read(name);
    assertEquals(5, Collections.frequency(functions(read), Function.GELU));
    List<Multiply> gates =
        read.network().layers().stream()
            .filter(l -> l instanceof Multiply)
            .map(l -> (Multiply) l)
            .toList();
    assertEquals(2, gates.size());
    Map<String, Shape> shapes = Shapes.of(read.network());
    for (Multiply gate : gates) assertEquals(1, shapes.get(gate.inputs().get(1)).channels());
  }

  /** What it says gets closer to what is wanted, step by step. */
  @Test
  void anAttentionUNetTrainsFurther() throws IOException {
    Imported read = read("attention_newer");
    Network network = read.network();
    String input = network.inputs().get(0).name();
    String logits = network.layer(network.outputs().get(0)).input();
    Random random = new Random(3);
    Tensor x = Tensor.zeros(Axes.NCHW, 2, 1, 8, 12);
    float[] classes = new float[2 * 8 * 12];
    for (int i = 0; i < classes.length; i++) {
      x.data()[i] = random.nextFloat();
      classes[i] = x.data()[i] > 0.5 ? 1 : 0;
    }
    Map<String, Tensor> images = Map.of(input, x);
    Map<String, Target> truth =
        Map.of(logits, Target.of(new Tensor(Axes.NCHW, new int[] {2, 1, 8, 12}, classes)));
    Engine engine = Engines.forTraining();
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective(logits, new Loss.CrossEntropy(), 1)),
            new Optimizer.Adam(0.9, 0.999, 1e-8),
            1);
    List<Double> losses = new ArrayList<>();
    try (Trainer trainer = engine.trainer(network, read.weights(), plan, engine.devices().get(0))) {
      for (int step = 0; step < 30; step++) losses.add(trainer.step(images, truth, 0.02).loss());
    }
    assertTrue(losses.get(29) < 0.7 * losses.get(0), losses.toString());
  }
}
