package sc.fiji.spyhop.engine.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.Updater;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.weights.Weights;

/**
 * Trains: losses and optimiser are the plain-Java ones all engines share.
 *
 * @param <B> a feature map in the engine's memory
 */
public final class GraphTrainer<B> implements Trainer {

  private final Device device;
  private final TrainingPlan plan;
  private final Graph<B> graph;
  private final Updater updater;
  private final List<String> layers;

  /** Owns the backend, also if this fails. */
  public GraphTrainer(
      Network network, Weights weights, TrainingPlan plan, Backend<B> backend, Device device) {
    this.device = device;
    this.plan = plan;
    try {
      plan.check(network);
    } catch (SpyhopException e) {
      backend.close();
      throw e;
    }
    graph = new Graph<>(network, weights, backend, true, plan.frozenLayers());
    layers = Objectives.layers(plan);
    updater =
        new Updater(
            plan.optimizer(),
            plan.rates(),
            graph.slots().stream()
                .filter(Slot::isTrained)
                .map(s -> new Updater.Slot(s.parameter(), s.values(), s.gradient()))
                .toList());
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public Step step(Map<String, Tensor> inputs, Map<String, Target> targets, double learningRate) {
    Mode mode = Mode.train(SplitMix64.mix(plan.seed()) + updater.steps());
    try (GraphRun<B> run = graph.run(inputs, layers, mode)) {
      Map<String, Tensor> activations = new HashMap<>();
      for (String layer : layers) {
        activations.put(layer, run.read(graph.number(layer, "objective")));
      }
      Map<String, Tensor> gradients = new HashMap<>();
      double loss = Objectives.evaluate(plan, activations, targets, gradients);
      if (!Double.isFinite(loss)) return new Step(loss, Double.NaN);
      Map<Integer, Tensor> seeds = new HashMap<>();
      gradients.forEach((layer, g) -> seeds.put(graph.number(layer, "objective"), g));
      run.backward(seeds, -1, true);
      double norm = updater.prepare(plan.l2());
      if (Double.isFinite(norm)) {
        updater.update(norm > plan.clipNorm() ? plan.clipNorm() / norm : 1, learningRate);
        run.commit();
      }
      return new Step(loss, norm);
    }
  }

  @Override
  public Weights weights() {
    return graph.weights();
  }

  @Override
  public Weights optimizerState() {
    return updater.state();
  }

  @Override
  public void restore(Weights weights, Weights optimizerState) {
    graph.setWeights(weights, () -> updater.restore(optimizerState));
  }

  @Override
  public void close() {
    graph.close();
  }
}
