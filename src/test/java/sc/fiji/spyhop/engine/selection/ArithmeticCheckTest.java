package sc.fiji.spyhop.engine.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.plugin.Plugins;

class ArithmeticCheckTest {

  private static Stream<Engine> engines() {
    return Plugins.all(Engine.class).stream().filter(e -> !e.devices().isEmpty());
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
                          new LyingEngine(
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
                          new LyingEngine(
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
        new LyingEngine(
            trains(),
            found -> {
              found.get("dense").data()[0] = Float.NaN;
              return found;
            },
            UnaryOperator.identity());
    assertTrue(fault(liar).orElse("").endsWith("comes out as NaN"), fault(liar)::toString);
  }

  /** With the channels it has, on a map of its own. */
  @Test
  void aSingleLayerCanBeTried() {
    Network network =
        NetworkBuilder.image(2)
            .convolution("shallow", 18, 3)
            .relu()
            .convolution("deep", 9, 3)
            .maxPool("pool", 2)
            .build();
    Map<String, Shape> shapes = Shapes.of(network, Map.of("image", Shape.of(2, 30, 20)));
    PlainEngine liar = new PlainEngine("a", PlainEngine.CPU);
    liar.lie = (device, t) -> t.data()[0] += t.size(1) == 9 ? 1 : 0;
    for (Layer layer : network.layers()) {
      for (Engine e : engines().toList()) {
        assertEquals(
            Optional.empty(),
            ArithmeticCheck.faultOfLayer(e, e.devices().get(0), network, layer.name(), shapes),
            e.name() + " " + layer.name());
      }
      Optional<String> fault =
          ArithmeticCheck.faultOfLayer(liar, PlainEngine.CPU, network, layer.name(), shapes);
      assertEquals(
          List.of("deep", "pool").contains(layer.name()), fault.isPresent(), fault::toString);
    }
  }
}
