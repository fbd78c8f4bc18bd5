package sc.fiji.spyhop.engine.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

class ArithmeticCheckTest {

  private static Stream<Engine> engines() {
    return ServiceLoader.load(Engine.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(e -> !e.devices().isEmpty());
  }

  private static Engine trains() {
    return engines()
        .filter(e -> e.capabilities().contains(Capability.TRAINING))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<String> fault(Engine engine) {
    return ArithmeticCheck.faultOf(engine, engine.devices().get(0));
  }

  @TestFactory
  Stream<DynamicTest> enginesComputeRight() {
    return engines()
        .map(
            e -> DynamicTest.dynamicTest(e.name(), () -> assertEquals(Optional.empty(), fault(e))));
  }

  /** As when the last block of a padded map is left out. */
  @TestFactory
  Stream<DynamicTest> aLayerThatLosesItsLastChannelsIsNamed() {
    return ArithmeticCheck.network().layers().stream()
        .map(Layer::name)
        .map(
            layer ->
                DynamicTest.dynamicTest(
                    layer,
                    () -> {
                      Engine liar =
                          new Lying(
                              trains(),
                              found -> {
                                float[] values = found.get(layer).data();
                                for (int i = values.length * 9 / 10; i < values.length; i++) {
                                  values[i] = 0;
                                }
                                return found;
                              },
                              UnaryOperator.identity());
                      String fault = fault(liar).orElse("no fault found");
                      assertTrue(fault.startsWith("layer " + layer + " should be "), fault);
                    }));
  }

  /** The gradient of one value in twenty of one parameter is lost. */
  @TestFactory
  Stream<DynamicTest> aGradientThatIsLostInPartIsNamed() {
    return Parameters.of(ArithmeticCheck.network()).stream()
        .filter(p -> p.role().isTrained())
        .map(Parameter::name)
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      Engine liar =
                          new Lying(
                              trains(),
                              UnaryOperator.identity(),
                              change -> {
                                float[] values = change.get(name).data();
                                for (int i = values.length - 1; i >= 0; i -= 20) values[i] = 0;
                                return change;
                              });
                      String fault = fault(liar).orElse("no fault found");
                      assertTrue(
                          fault.startsWith(
                              "the slope of the loss along the gradient of " + name + " should"),
                          fault);
                    }));
  }

  @Test
  void numbersThatAreNotFiniteAreWrong() {
    Engine liar =
        new Lying(
            trains(),
            found -> {
              found.get("dense").data()[0] = Float.NaN;
              return found;
            },
            UnaryOperator.identity());
    assertTrue(fault(liar).orElse("").endsWith("comes out as NaN"), fault(liar)::toString);
  }

  @Test
  void anyNetworkCanBeTried() {
    Network one = NetworkBuilder.image(6).convolution("deep", 9, 3).build();
    for (Engine e : engines().toList()) {
      assertEquals(
          Optional.empty(),
          ArithmeticCheck.faultOf(e, e.devices().get(0), one, 1, 6, 5, 7),
          e.name());
    }
    PlainEngine liar = PlainEngine.liar("a");
    String fault = ArithmeticCheck.faultOf(liar, PlainEngine.CPU, one, 1, 6, 5, 7).orElseThrow();
    assertTrue(fault.startsWith("layer deep should be "), fault);
  }

  /**
   * An engine between a true one and who asks.
   *
   * @param activations changes what layers give
   * @param changes changes by how much a step moves the weights
   */
  private record Lying(
      Engine engine,
      UnaryOperator<Map<String, Tensor>> activations,
      UnaryOperator<Map<String, Tensor>> changes)
      implements Engine {

    @Override
    public String name() {
      return "lying";
    }

    @Override
    public Set<Capability> capabilities() {
      return engine.capabilities();
    }

    @Override
    public Library library() {
      return engine.library();
    }

    @Override
    public List<Device> devices() {
      return engine.devices();
    }

    @Override
    public Predictor predictor(Network network, Weights weights, Device device) {
      Predictor honest = engine.predictor(network, weights, device);
      return new Predictor() {
        @Override
        public Network network() {
          return network;
        }

        @Override
        public Device device() {
          return device;
        }

        @Override
        public Map<String, Tensor> activations(
            Map<String, Tensor> inputs, Collection<String> layers) {
          return activations.apply(honest.activations(inputs, layers));
        }

        @Override
        public Tensor gradient(
            Map<String, Tensor> inputs, String layer, Tensor weight, String input) {
          return honest.gradient(inputs, layer, weight, input);
        }

        @Override
        public void close() {
          honest.close();
        }
      };
    }

    @Override
    public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
      Trainer honest = engine.trainer(network, weights, plan, device);
      return new Trainer() {
        @Override
        public Device device() {
          return device;
        }

        @Override
        public Step step(
            Map<String, Tensor> inputs, Map<String, Target> targets, double learningRate) {
          return honest.step(inputs, targets, learningRate);
        }

        @Override
        public Weights weights() {
          Map<String, Tensor> change = new LinkedHashMap<>();
          honest
              .weights()
              .tensors()
              .forEach((name, t) -> change.put(name, sum(t, weights.get(name), -1)));
          Map<String, Tensor> after = new LinkedHashMap<>();
          changes.apply(change).forEach((name, t) -> after.put(name, sum(weights.get(name), t, 1)));
          return new Weights(after);
        }

        private Tensor sum(Tensor a, Tensor b, float sign) {
          float[] values = a.data().clone();
          for (int i = 0; i < values.length; i++) values[i] += sign * b.data()[i];
          return new Tensor(a.axes(), a.shape(), values);
        }

        @Override
        public Weights optimizerState() {
          return honest.optimizerState();
        }

        @Override
        public void restore(Weights from, Weights optimizerState) {
          honest.restore(from, optimizerState);
        }

        @Override
        public void close() {
          honest.close();
        }
      };
    }
  }
}
