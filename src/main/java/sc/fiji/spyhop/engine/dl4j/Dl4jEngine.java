package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.graph.GraphPredictor;
import sc.fiji.spyhop.engine.graph.GraphTrainer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.weights.Weights;

/**
 * Runs networks on ND4J, the tensor library of Eclipse Deeplearning4j: on a CUDA GPU where its CUDA
 * backend is on the class path and finds one, else on processors, through oneDNN where the native
 * jar has it. Where Deeplearning4j is not on the class path it has no device, and says so.
 */
@Plugin(type = Engine.class, name = "dl4j", priority = 10)
public final class Dl4jEngine implements Engine {

  private static final Presence PRESENCE = Presence.here();

  @Override
  public List<Device> gpus() {
    return PRESENCE.isThere() && NativeLibrary.gpu().isPresent() ? devices() : List.of();
  }

  /** ND4J works either on GPUs or on processors, whatever it found first. */
  @Override
  public List<Device> devices() {
    if (!PRESENCE.isThere() || !NativeLibrary.isAvailable()) return List.of();
    return List.of(NativeLibrary.gpu().map(Dl4jEngine::gpu).orElseGet(Dl4jEngine::cpu));
  }

  static Device gpu(String name) {
    return new Device(Device.Kind.GPU, 0, "GPU 0, " + name + ", CUDA, ND4J");
  }

  private static Device cpu() {
    return new Device(Device.Kind.CPU, 0, NativeLibrary.library().onProcessor());
  }

  @Override
  public boolean supports(Network network) {
    return OnnxGraph.predictionOnly(network).isEmpty();
  }

  @Override
  public Library library() {
    PRESENCE.require();
    return NativeLibrary.library();
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device device) {
    return new GraphPredictor(Dl4jComputation.forPrediction(network, weights), device);
  }

  @Override
  public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    return new GraphTrainer(Dl4jComputation.forTraining(network, weights, plan), plan, device);
  }
}
