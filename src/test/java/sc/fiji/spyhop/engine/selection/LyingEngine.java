package sc.fiji.spyhop.engine.selection;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * An engine between a true one and who asks.
 *
 * @param activations changes what layers give
 * @param changes changes by how much a step moves the weights
 * @param steps changes what is told of a step
 */
public record LyingEngine(
    Engine engine,
    UnaryOperator<Map<String, Tensor>> activations,
    UnaryOperator<Map<String, Tensor>> changes,
    UnaryOperator<Trainer.Step> steps)
    implements Engine {

  public LyingEngine(
      Engine engine,
      UnaryOperator<Map<String, Tensor>> activations,
      UnaryOperator<Map<String, Tensor>> changes) {
    this(engine, activations, changes, UnaryOperator.identity());
  }

  /** What is chosen to train where the first engine loses a tenth of every gradient. */
  public static Engine passedOver(Engine honest) {
    Engine liar =
        new LyingEngine(
            honest,
            UnaryOperator.identity(),
            changes -> {
              for (Tensor t : changes.values()) {
                for (int i = t.length() - 1; i >= 0; i -= 10) t.data()[i] = 0;
              }
              return changes;
            });
    Processor processor = new Processor("Z80", Map.of());
    return new Selection(List.of(liar, honest), new CheckRecords(Optional.empty(), processor))
        .best(Capability.TRAINING, e -> true, Precision.FLOAT32);
  }

  @Override
  public String name() {
    return "lying";
  }

  @Override
  public Set<Capability> capabilities() {
    return engine.capabilities();
  }

  @Override
  public Library library() {
    return new Library("Lies 1.0", "", 1, "");
  }

  @Override
  public List<Device> devices() {
    return engine.devices();
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device device) {
    Predictor honest = engine.predictor(network, weights, device);
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
        return activations.apply(honest.activations(inputs, layers));
      }

      @Override
      public Tensor gradient(
          Map<String, Tensor> inputs,
          Collection<String> layers,
          UnaryOperator<Map<String, Tensor>> slopes,
          String of,
          RectifierRule rule) {
        return honest.gradient(inputs, layers, slopes, of, rule);
      }

      @Override
      public void close() {
        honest.close();
      }
    };
  }

  @Override
  public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    Trainer honest = engine.trainer(network, weights, plan, device);
    return new Trainer() {
      @Override
      public Device device() {
        return device;
      }

      @Override
      public Step step(
          Map<String, Tensor> inputs, Map<String, Target> targets, double learningRate) {
        return steps.apply(honest.step(inputs, targets, learningRate));
      }

      @Override
      public Network network() {
        return network;
      }

      @Override
      public TrainingPlan plan() {
        return plan;
      }

      @Override
      public Gradients gradients(Map<String, Tensor> inputs, Map<String, Target> targets) {
        return honest.gradients(inputs, targets);
      }

      @Override
      public Weights gradients(
          Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes) {
        return honest.gradients(inputs, slopes);
      }

      @Override
      public double accumulate(
          Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes) {
        return honest.accumulate(inputs, slopes);
      }

      @Override
      public double step(
          Map<String, Tensor> inputs,
          UnaryOperator<Map<String, Tensor>> slopes,
          double learningRate) {
        return honest.step(inputs, slopes, learningRate);
      }

      @Override
      public Tensor gradient(
          Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes, String of) {
        return honest.gradient(inputs, slopes, of);
      }

      @Override
      public Weights weights() {
        Map<String, Tensor> change = new LinkedHashMap<>();
        honest
            .weights()
            .tensors()
            .forEach((name, t) -> change.put(name, sum(t, weights.get(name), -1)));
        Map<String, Tensor> after = new LinkedHashMap<>();
        changes.apply(change).forEach((name, t) -> after.put(name, sum(weights.get(name), t, 1)));
        return new Weights(after);
      }

      private Tensor sum(Tensor a, Tensor b, float sign) {
        float[] values = a.data().clone();
        for (int i = 0; i < values.length; i++) values[i] += sign * b.data()[i];
        return new Tensor(a.axes(), a.shape(), values);
      }

      @Override
      public Weights optimizerState() {
        return honest.optimizerState();
      }

      @Override
      public void restore(Weights from, Weights optimizerState) {
        honest.restore(from, optimizerState);
      }

      @Override
      public void close() {
        honest.close();
      }
    };
  }
}
