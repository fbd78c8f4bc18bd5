package sc.fiji.spyhop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.weights.Weights;

class EnginesTest {

  private static final Device CPU = new Device(Device.Kind.CPU, 0, "CPU");
  private static final Device GPU = new Device(Device.Kind.GPU, 0, "GPU 0");

  /** Has devices, and remembers whether it was asked for those of the processor. */
  private static final class Fake implements Engine {
    private final String name;
    private final List<Device> devices;
    private boolean loaded;

    Fake(String name, Device... devices) {
      this.name = name;
      this.devices = List.of(devices);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<Device> gpus() {
      return devices.stream().filter(d -> d.kind() == Device.Kind.GPU).toList();
    }

    @Override
    public List<Device> devices() {
      loaded = true;
      return devices;
    }

    @Override
    public Predictor predictor(Network network, Weights weights, Device device) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
      throw new UnsupportedOperationException();
    }
  }

  private static String chosen(Engine... engines) {
    return Engines.best(List.of(engines)).map(Engine::name).orElse("none");
  }

  @Test
  void oneWithAGpuGoesFirst() {
    assertEquals("b", chosen(new Fake("a", CPU), new Fake("b", GPU), new Fake("c", GPU, CPU)));
    assertEquals("c", chosen(new Fake("a", CPU), new Fake("b", CPU), new Fake("c", GPU, CPU)));
  }

  @Test
  void withoutGpusTheFirstThatCanRunIsTakenAndNoneBehindItIsLoaded() {
    Fake behind = new Fake("c", CPU);
    assertEquals("b", chosen(new Fake("a"), new Fake("b", CPU), behind));
    assertFalse(behind.loaded);
  }

  @Test
  void thereMayBeNone() {
    assertEquals(Optional.empty(), Engines.best(List.of(new Fake("a"))));
  }
}
