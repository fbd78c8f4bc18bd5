package sc.fiji.spyhop.engine.onednn;

import java.util.List;
import java.util.Set;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.graph.Graph;
import sc.fiji.spyhop.engine.graph.GraphPredictor;
import sc.fiji.spyhop.engine.graph.GraphTrainer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.weights.Weights;

/** Predicts and trains on processors through oneDNN. */
public final class OneDnnEngine implements Engine {

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public List<Device> devices() {
    if (!OneDnn.isAvailable()) return List.of();
    return List.of(new Device(Device.Kind.CPU, 0, library().onProcessor()));
  }

  @Override
  public Library library() {
    return OneDnn.library();
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device device) {
    return new GraphPredictor(
        new Graph<>(network, weights, new OneDnnBackend(), false, Set.of()), device);
  }

  @Override
  public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    plan.check(network);
    return new GraphTrainer(
        new Graph<>(network, weights, new OneDnnBackend(), true, plan.frozenLayers()),
        plan,
        device);
  }
}
