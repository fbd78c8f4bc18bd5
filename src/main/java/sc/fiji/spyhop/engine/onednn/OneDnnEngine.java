package sc.fiji.spyhop.engine.onednn;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.MatrixProduct;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.graph.Graph;
import sc.fiji.spyhop.engine.graph.GraphPredictor;
import sc.fiji.spyhop.engine.graph.GraphTrainer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.weights.Weights;

/**
 * Predicts and trains on processors through oneDNN: in 32 bits, or with feature maps, their
 * gradients and weights as they are used in 16 (bfloat16). Sums, statistics, answers, gradients of
 * weights and the weights that are trained are in 32 bits always.
 */
@Plugin(type = Engine.class, name = "onednn", priority = 20)
public final class OneDnnEngine implements Engine {

  @Override
  public List<Device> devices() {
    if (!OneDnn.isAvailable()) return List.of();
    return List.of(new Device(Device.Kind.CPU, 0, library().onProcessor()));
  }

  @Override
  public Optional<Device> bfloat16() {
    return OneDnn.hasBfloat16()
        ? Optional.of(devices().get(0).in(Device.BFLOAT16))
        : Optional.empty();
  }

  private static DataType type(Device device) {
    return device.arithmetic().equals(Device.BFLOAT16) ? DataType.BF16 : DataType.F32;
  }

  @Override
  public boolean supports(Network network) {
    return OnnxGraph.predictionOnly(network).isEmpty();
  }

  @Override
  public Library library() {
    return OneDnn.library();
  }

  @Override
  public MatrixProduct products() {
    library();
    return new OneDnnProduct();
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device device) {
    return new GraphPredictor(
        new Graph<>(network, weights, new OneDnnBackend(type(device)), false, Set.of()), device);
  }

  @Override
  public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    plan.check(network);
    return new GraphTrainer(
        new Graph<>(network, weights, new OneDnnBackend(type(device)), true, plan.frozenLayers()),
        plan,
        device);
  }
}
