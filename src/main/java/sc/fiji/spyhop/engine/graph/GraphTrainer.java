package sc.fiji.spyhop.engine.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Losses;
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
    layers = plan.objectives().stream().map(TrainingPlan.Objective::layer).distinct().toList();
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
      double loss = 0;
      Map<Integer, Tensor> seeds = new HashMap<>();
      for (TrainingPlan.Objective objective : plan.objectives()) {
        int at = graph.number(objective.layer(), "objective");
        Tensor activations = run.read(at);
        Tensor gradient = Tensor.zeros(activations.axes(), activations.shape());
        loss += objective.weight() * evaluate(objective, activations, targets, gradient);
        float[] sum = seeds.computeIfAbsent(at, k -> zeros(gradient)).data();
        float factor = (float) objective.weight();
        for (int i = 0; i < sum.length; i++) sum[i] += factor * gradient.data()[i];
      }
      if (!Double.isFinite(loss)) return new Step(loss, Double.NaN);
      run.backward(seeds, -1, true);
      double norm = updater.prepare(plan.l2());
      if (Double.isFinite(norm)) {
        updater.update(norm > plan.clipNorm() ? plan.clipNorm() / norm : 1, learningRate);
        run.commit();
      }
      return new Step(loss, norm);
    }
  }

  private static double evaluate(
      TrainingPlan.Objective objective,
      Tensor activations,
      Map<String, Target> targets,
      Tensor gradient) {
    Target target = targets.get(objective.layer());
    if (target == null) {
      throw new SpyhopException(
          "objective "
              + objective.layer()
              + ": expected a target, received only those of "
              + targets.keySet());
    }
    try {
      return Losses.evaluate(objective.loss(), activations, target, gradient.data());
    } catch (SpyhopException e) {
      throw new SpyhopException("objective " + objective.layer() + ": " + e.getMessage(), e);
    }
  }

  private static Tensor zeros(Tensor like) {
    return Tensor.zeros(like.axes(), like.shape());
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
