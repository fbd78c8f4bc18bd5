package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.graph.GraphPredictor;
import sc.fiji.spyhop.engine.graph.GraphTrainer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.weights.Weights;

/**
 * Runs networks on ND4J, the tensor library of Eclipse Deeplearning4j: its native operations do
 * convolutions (through oneDNN where the native jar has it) and matrix products; what is bound by
 * memory speed is done in Java on the same memory.
 */
public final class Dl4jEngine implements Engine {

  @Override
  public String name() {
    return "dl4j";
  }

  @Override
  public List<Device> devices() {
    if (!NativeLibrary.isAvailable()) return List.of();
    int threads = NativeLibrary.threads();
    return List.of(
        new Device(
            Device.Kind.CPU,
            0,
            "CPU, "
                + threads
                + (threads == 1 ? " thread" : " threads")
                + (NativeLibrary.hasOneDnn() ? ", oneDNN" : "")));
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device device) {
    return new GraphPredictor<>(network, weights, new Dl4jBackend(), device);
  }

  @Override
  public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    return new GraphTrainer<>(network, weights, plan, new Dl4jBackend(), device);
  }
}
