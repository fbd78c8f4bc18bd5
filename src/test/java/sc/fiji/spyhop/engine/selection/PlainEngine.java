package sc.fiji.spyhop.engine.selection;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** Predicts in plain Java, or lies; counts how often it was asked. */
class PlainEngine implements Engine {

  static final Device CPU = new Device(Device.Kind.CPU, 0, "CPU");
  static final Device GPU = new Device(Device.Kind.GPU, 0, "GPU 0");

  private final String name;
  private final List<Device> devices;

  /** Whether the processor computes in 16 bits too. */
  boolean narrow;

  /** Gets the device, and the activations of a layer to change. */
  BiConsumer<Device, Tensor> lie = (device, activations) -> {};

  Library library;
  boolean loaded;
  int predictors;

  PlainEngine(String name, Device... devices) {
    this.name = name;
    this.devices = List.of(devices);
    library = new Library(name + " 1.0", "AVX2", 2, "");
  }

  /** One whose sums miss the last value of every map. */
  static PlainEngine liar(String name) {
    PlainEngine engine = new PlainEngine(name, CPU);
    engine.lie = (device, activations) -> activations.data()[activations.length() - 1] = 0;
    return engine;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.PREDICTION);
  }

  @Override
  public Library library() {
    return library;
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
  public Optional<Device> bfloat16() {
    loaded = true;
    return narrow ? Optional.of(CPU.in(Device.BFLOAT16)) : Optional.empty();
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device device) {
    predictors++;
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
        Map<String, Reference.Map4> in = new LinkedHashMap<>();
        inputs.forEach((n, t) -> in.put(n, Reference.of(t)));
        Map<String, Reference.Map4> maps =
            Reference.run(network, Reference.doubles(weights), in, false);
        Map<String, Tensor> found = new LinkedHashMap<>();
        for (String layer : layers) {
          found.put(layer, maps.get(layer).tensor());
          lie.accept(device, found.get(layer));
        }
        return found;
      }

      @Override
      public Tensor gradient(
          Map<String, Tensor> inputs,
          Collection<String> layers,
          UnaryOperator<Map<String, Tensor>> slopes,
          String of,
          RectifierRule rule) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    throw new UnsupportedOperationException();
  }
}
