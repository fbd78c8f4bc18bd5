package sc.fiji.spyhop.engine.graph;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.Updater;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.weights.Weights;

/** Trains: losses and optimiser are the plain-Java ones all engines share. */
public final class GraphTrainer implements Trainer {

  private static final long FURTHER = 1;
  private static final long PULLED = 2;

  private final Computation computation;
  private final TrainingPlan plan;
  private final Device device;
  private final Updater updater;
  private final List<String> layers;

  /** Owns the computation, whose network the plan was checked for. */
  public GraphTrainer(Computation computation, TrainingPlan plan, Device device) {
    this.computation = computation;
    this.plan = plan;
    this.device = device;
    layers = Objectives.layers(plan);
    updater =
        new Updater(
            plan.optimizer(),
            plan.rates(),
            computation.slots().stream()
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
    double[] loss = {Double.NaN};
    double norm = update(inputs, evaluate(targets, loss), learningRate);
    return new Step(loss[0], norm);
  }

  @Override
  public Step step(
      Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes, double learningRate) {
    return new Step(Double.NaN, update(inputs, slopes, learningRate));
  }

  @Override
  public Step accumulate(Map<String, Tensor> inputs, Map<String, Target> targets) {
    double[] loss = {Double.NaN};
    double[] norm = {Double.NaN};
    computation.step(
        inputs,
        layers,
        mode(FURTHER),
        evaluate(targets, loss),
        () -> {
          norm[0] = updater.hold();
          return Double.isFinite(norm[0]);
        });
    return new Step(loss[0], norm[0]);
  }

  @Override
  public Pull pull(Map<String, Tensor> inputs, Map<String, Target> targets, String of) {
    double[] loss = {Double.NaN};
    Tensor gradient =
        computation.gradient(
            inputs, layers, mode(PULLED), evaluate(targets, loss), of, RectifierRule.DERIVATIVE);
    return new Pull(loss[0], gradient);
  }

  /** Dropout differs between the passes of a step. */
  private Mode mode(long pass) {
    return Mode.train(SplitMix64.mix(plan.seed() ^ pass) + updater.steps());
  }

  /** Gradients of the objectives; none if the loss is not finite. */
  private UnaryOperator<Map<String, Tensor>> evaluate(Map<String, Target> targets, double[] loss) {
    return activations -> {
      Map<String, Tensor> gradients = new HashMap<>();
      loss[0] = Objectives.evaluate(plan, activations, targets, gradients);
      return Double.isFinite(loss[0]) ? gradients : Map.of();
    };
  }

  /** The norm of the gradient. */
  private double update(
      Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes, double learningRate) {
    double[] norm = {Double.NaN};
    computation.step(
        inputs,
        layers,
        mode(0),
        slopes,
        () -> {
          norm[0] = updater.prepare(plan.l2());
          if (!Double.isFinite(norm[0])) return false;
          double scale = norm[0] > plan.clipNorm() ? plan.clipNorm() / norm[0] : 1;
          updater.update(scale, learningRate);
          return true;
        });
    return norm[0];
  }

  @Override
  public Weights weights() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Slot s : computation.slots()) {
      Parameter p = s.parameter();
      float[] values = new float[s.values().capacity()];
      s.values().get(0, values);
      int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
      tensors.put(p.name(), new Tensor(p.axes(), shape, values));
    }
    return new Weights(tensors);
  }

  @Override
  public Weights optimizerState() {
    return updater.state();
  }

  @Override
  public void restore(Weights weights, Weights optimizerState) {
    NetworkCheck.weights(computation.network(), weights);
    updater.restore(optimizerState);
    for (Slot s : computation.slots()) {
      s.values().put(0, weights.get(s.parameter().name()).data());
    }
    computation.slotsChanged();
  }

  @Override
  public void close() {
    computation.close();
  }
}
