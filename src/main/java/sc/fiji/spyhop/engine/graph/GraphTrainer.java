package sc.fiji.spyhop.engine.graph;

import java.nio.FloatBuffer;
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
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.weights.Weights;

/** Trains: losses and optimiser are the plain-Java ones all engines share. */
public final class GraphTrainer implements Trainer {

  private static final long FURTHER = 1;
  private static final long PASSED = 2;
  private static final long TAKEN = 3;

  private final Computation computation;
  private final TrainingPlan plan;
  private final Device device;
  private final Updater updater;
  private final List<String> layers;
  private long taken;

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
  public Network network() {
    return computation.network();
  }

  @Override
  public TrainingPlan plan() {
    return plan;
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
  public double step(
      Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes, double learningRate) {
    return update(inputs, slopes, learningRate);
  }

  @Override
  public Gradients gradients(Map<String, Tensor> inputs, Map<String, Target> targets) {
    double[] loss = {Double.NaN};
    Weights found = gradients(inputs, evaluate(targets, loss));
    return new Gradients(loss[0], found);
  }

  @Override
  public Weights gradients(Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    computation.step(
        inputs,
        layers,
        Mode.train(SplitMix64.mix(plan.seed() ^ TAKEN) + taken++),
        slopes,
        () -> {
          for (Slot s : computation.slots()) {
            if (s.isTrained()) found.put(s.parameter().name(), copy(s, s.gradient()));
          }
          return true;
        });
    return new Weights(found);
  }

  @Override
  public double accumulate(Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes) {
    double[] norm = {Double.NaN};
    computation.step(
        inputs,
        layers,
        mode(FURTHER),
        slopes,
        () -> {
          norm[0] = updater.hold();
          return Double.isFinite(norm[0]);
        });
    return norm[0];
  }

  @Override
  public Tensor gradient(
      Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes, String of) {
    return computation.gradient(inputs, layers, mode(PASSED), slopes, of, RectifierRule.DERIVATIVE);
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
    for (Slot s : computation.slots()) tensors.put(s.parameter().name(), copy(s, s.values()));
    return new Weights(tensors);
  }

  private static Tensor copy(Slot slot, FloatBuffer of) {
    Parameter p = slot.parameter();
    float[] values = new float[of.capacity()];
    of.get(0, values);
    int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
    return new Tensor(p.axes(), shape, values);
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
