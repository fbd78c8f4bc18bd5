package sc.fiji.spyhop.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.Flatten;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Presets;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/**
 * Whole networks give the same on the engine that predicts and on the one that trains. For every
 * kind of layer {@link EngineContract} holds each of them to the same reference.
 */
class AgreementTest {

  private static final double TOLERANCE = 1e-4;

  private static Tensor random(int... shape) {
    Tensor t = Tensor.zeros(Axes.NCHW, shape);
    Random random = new Random(5);
    for (int i = 0; i < t.length(); i++) t.data()[i] = random.nextFloat();
    return t;
  }

  private static void assertAgree(Network network, Weights weights, Tensor x) {
    Engine one = Engines.forPrediction(network);
    Engine other = Engines.forTraining();
    assertTrue(!one.name().equals(other.name()), "two engines to compare");
    Map<String, Tensor> inputs = Map.of(network.inputs().get(0).name(), x);
    List<String> layers = network.layers().stream().map(Layer::name).toList();
    List<String> asked = x.length() > 100_000 ? network.outputs() : layers;
    try (Predictor p = one.predictor(network, weights, one.devices().get(0));
        Predictor q = other.predictor(network, weights, other.devices().get(0))) {
      Map<String, Tensor> expected = q.activations(inputs, asked);
      Map<String, Tensor> actual = p.activations(inputs, asked);
      for (String layer : asked) {
        double scale = 1;
        for (float v : expected.get(layer).data()) scale = Math.max(scale, Math.abs(v));
        assertArrayEquals(
            expected.get(layer).data(),
            actual.get(layer).data(),
            (float) (TOLERANCE * scale),
            layer);
      }
    }
  }

  @Test
  void lenet() {
    Network network = Presets.lenet(1, 10);
    assertAgree(network, Initialization.of(network, 1), random(3, 1, 28, 28));
  }

  /** Its convolutions; the three large dense layers would take most of a gigabyte. */
  @Test
  void vgg19() {
    Network whole = Presets.vgg19(10);
    List<Layer> layers = whole.layers().stream().takeWhile(l -> !(l instanceof Flatten)).toList();
    Network network =
        new Network(
            List.of(new Network.Input("image", Shape.of(3, Shape.ANY, Shape.ANY))),
            layers,
            List.of(layers.get(layers.size() - 1).name()));
    assertAgree(network, Initialization.of(network, 1), random(1, 3, 64, 32));
  }

  @Test
  void unetsOfAllKinds() {
    UNet plain = UNet.of(2, new UNet.Head("a", 3, Function.SOFTMAX), new UNet.Head("b", 1));
    UNet small = plain.withWidths(8, 16, 24);
    for (UNet unet : List.of(small, small.withoutBatchNorm(), small.onHalfSizeWithDetails(4, 8))) {
      Network network = unet.network();
      assertAgree(network, Initialization.of(network, 1), random(2, 2, 32, 48));
    }
  }

  @Test
  void shippedModels() {
    ModelRegistry registry = ModelRegistry.standard();
    for (ModelRegistry.Listing listing : registry.list()) {
      if (listing.source() != ModelRegistry.Source.SHIPPED) continue;
      Collection<Model> models =
          listing.pipeline().isPresent()
              ? registry.findPipeline(listing.name()).models().values()
              : List.of(registry.find(listing.name()));
      for (Model model : models) {
        int channels = model.spec().input().channels();
        Shape shape = model.network().inputs().get(0).shape();
        int side = shape.isFixed() ? shape.space().get(0) : 128;
        assertAgree(model.network(), model.weights(), random(1, channels, side, side));
      }
    }
  }

  /** Padding of a strided, dilated window depends on the size, which is not known beforehand. */
  @Test
  void openSizesUnderStrides() {
    for (int dilation : new int[] {1, 2}) {
      Network network =
          NetworkBuilder.image(1)
              .layer(
                  new Convolution(
                      "c",
                      "image",
                      1,
                      3,
                      List.of(3, 4),
                      List.of(2, 3),
                      List.of(dilation, dilation),
                      Padding.SAME,
                      true))
              .maxPool("p", 2)
              .build();
      for (int side = 12; side < 19; side++) {
        assertAgree(network, Initialization.of(network, 3), random(1, 1, side, side + 1));
      }
    }
  }

  @Test
  void batchNormAsAnOutputOrAfterDropout() {
    Network network =
        NetworkBuilder.image(1)
            .convolution("c1", 3, 3)
            .dropout(0.2)
            .layer(new BatchNorm("b1", "c1_dropout", 3, 1e-3, 0.9))
            .layer(
                new Convolution(
                    "c2",
                    "b1",
                    3,
                    2,
                    List.of(1, 1),
                    List.of(1, 1),
                    List.of(1, 1),
                    Padding.SAME,
                    true))
            .layer(new BatchNorm("b2", "c2", 2, 1e-3, 0.9))
            .layer(new Dropout("last", "b2", 0.5))
            .build();
    assertEquals(List.of("last"), network.outputs());
    Weights start = Initialization.of(network, 2);
    Random random = new Random(1);
    start
        .tensors()
        .forEach(
            (n, t) -> {
              for (int i = 0; i < t.length(); i++) t.data()[i] += 0.3f * random.nextFloat();
            });
    assertAgree(network, start, random(1, 1, 6, 7));
  }
}
