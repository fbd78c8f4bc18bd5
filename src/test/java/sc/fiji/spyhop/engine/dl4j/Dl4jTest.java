package sc.fiji.spyhop.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Preset;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

class Dl4jTest {

  private static final Network LENET = Preset.LENET.of(Shape.of(1, 28, 28), 10);

  private static float[] pixels(int count) {
    Random random = new Random(1);
    float[] pixels = new float[count * 28 * 28];
    for (int i = 0; i < pixels.length; i++) pixels[i] = random.nextFloat();
    return pixels;
  }

  private static INDArray array(float[] pixels) {
    return Nd4j.create(pixels, new long[] {pixels.length / 784, 1, 28, 28}, 'c');
  }

  @Test
  void aGraphPredictsTheSame() {
    Weights weights = Initialization.of(LENET, 1);
    float[] pixels = pixels(2);
    Engine engine = new Dl4jEngine();
    float[] expected;
    try (Predictor p = engine.predictor(LENET, weights, engine.devices().get(0))) {
      Tensor images = new Tensor(Axes.NCHW, new int[] {2, 1, 28, 28}, pixels);
      expected = p.predict(Map.of(LENET.inputs().get(0).name(), images)).get(0).data();
    }
    ComputationGraph graph = Dl4j.graph(LENET, weights);
    float[] actual = graph.outputSingle(array(pixels)).dup('c').data().asFloat();
    assertArrayEquals(expected, actual, 1e-5f);
  }

  @Test
  void aGraphLearns() {
    ComputationGraph graph = Dl4j.graph(LENET, Initialization.of(LENET, 1));
    graph.setLearningRate(0.1);
    INDArray images = array(pixels(4));
    INDArray labels = Nd4j.zeros(4, 10);
    for (int i = 0; i < 4; i++) labels.putScalar(i, 2 * i, 1);
    INDArray[] in = {images};
    INDArray[] out = {labels};
    graph.fit(in, out);
    double first = graph.score();
    for (int i = 0; i < 30; i++) graph.fit(in, out);
    assertTrue(graph.score() < first / 2, first + " to " + graph.score());
  }

  @Test
  void itsLayersUseOneDnnWhereNd4jDoes() {
    ComputationGraph graph = Dl4j.graph(LENET, Initialization.of(LENET, 1));
    String convolution = LENET.layers().get(0).name();
    ConvolutionLayer layer = (ConvolutionLayer) graph.getLayer(convolution);
    assertEquals(NativeLibrary.hasOneDnn(), layer.getHelper() != null);
  }
}
