package sc.fiji.spyhop.pipeline;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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

/** Says what a function says, whatever the network. */
public final class FakeEngine implements Engine {

  public static final Device DEVICE = new Device(Device.Kind.CPU, 0, "imagination");

  public final AtomicInteger calls = new AtomicInteger();
  public final AtomicInteger open = new AtomicInteger();
  private final Function<Tensor, List<Tensor>> function;

  public FakeEngine(Function<Tensor, List<Tensor>> function) {
    this.function = function;
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Library library() {
    return new Library(name(), "", 1, "");
  }

  @Override
  public List<Device> devices() {
    return List.of(DEVICE);
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device device) {
    open.incrementAndGet();
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
        calls.incrementAndGet();
        List<Tensor> outputs = function.apply(inputs.get("image"));
        Map<String, Tensor> named = new LinkedHashMap<>();
        int i = 0;
        for (String layer : layers) named.put(layer, outputs.get(i++));
        return named;
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
      public void close() {
        open.decrementAndGet();
      }
    };
  }

  @Override
  public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    throw new UnsupportedOperationException();
  }
}
