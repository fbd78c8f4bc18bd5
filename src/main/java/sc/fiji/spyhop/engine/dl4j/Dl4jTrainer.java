package sc.fiji.spyhop.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.MapShapes;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.Updater;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.engine.graph.NetworkCheck;
import sc.fiji.spyhop.engine.graph.Objectives;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.weights.Weights;

/**
 * Trains a graph of Deeplearning4j: losses and optimiser are the plain-Java ones that all engines
 * share.
 */
final class Dl4jTrainer implements Trainer {

  private final Network network;
  private final TrainingPlan plan;
  private final Device device;
  private final Worker worker = new Worker();
  private final CompiledGraph graph;

  /** Every parameter of the network, by name. */
  private final Map<String, Updater.Slot> slots = new LinkedHashMap<>();

  /** Gradients that stay zero, of parameters that no objective depends on. */
  private final List<FloatBuffer> idle = new ArrayList<>();

  private final Updater updater;

  Dl4jTrainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    plan.check(network);
    NetworkCheck.planes(network);
    NetworkCheck.weights(network, weights);
    this.network = network;
    this.plan = plan;
    this.device = device;
    try {
      graph =
          worker.call(
              () ->
                  CompiledGraph.of(
                      network, weights, Objectives.layers(plan), plan.frozenLayers(), true));
    } catch (RuntimeException | Error e) {
      worker.close(() -> {});
      throw e;
    }
    worker.call(() -> fillSlots(weights));
    updater =
        new Updater(
            plan.optimizer(),
            plan.rates(),
            slots.values().stream().filter(s -> isTrained(s.parameter())).toList());
  }

  private boolean isTrained(Parameter p) {
    return p.role().isTrained() && !plan.frozenLayers().contains(p.layer());
  }

  private Void fillSlots(Weights weights) {
    Map<String, Integer> from = new HashMap<>();
    graph.places().forEach(p -> from.put(p.parameter().name(), p.from()));
    FloatBuffer values = graph.values();
    FloatBuffer gradients = graph.gradients();
    for (Parameter p : Parameters.of(network)) {
      Integer at = from.get(p.name());
      int length = (int) p.length();
      if (at != null) {
        slots.put(
            p.name(),
            new Updater.Slot(p, values.slice(at, length), gradients.slice(at, length)));
      } else {
        FloatBuffer gradient = FloatBuffer.allocate(length);
        idle.add(gradient);
        FloatBuffer copy = FloatBuffer.wrap(weights.get(p.name()).data().clone());
        slots.put(p.name(), new Updater.Slot(p, copy, gradient));
      }
    }
    return null;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public Step step(Map<String, Tensor> inputs, Map<String, Target> targets, double learningRate) {
    return worker.call(
        () -> {
          MapShapes.of(network, inputs);
          Mode mode = Mode.train(SplitMix64.mix(plan.seed()) + updater.steps());
          double[] loss = {0};
          graph.run(
              inputs,
              mode,
              activations -> {
                Map<String, Tensor> gradients = new HashMap<>();
                loss[0] = Objectives.evaluate(plan, activations, targets, gradients);
                return Double.isFinite(loss[0]) ? gradients : Map.of();
              });
          return update(loss[0], learningRate);
        });
  }

  private Step update(double loss, double learningRate) {
    if (!Double.isFinite(loss)) return new Step(loss, Double.NaN);
    for (FloatBuffer gradient : idle) gradient.put(0, new float[gradient.capacity()]);
    graph.values();
    graph.gradients();
    double norm = updater.prepare(plan.l2());
    if (Double.isFinite(norm)) {
      updater.update(norm > plan.clipNorm() ? plan.clipNorm() / norm : 1, learningRate);
      graph.changed();
      graph.commit();
    }
    return new Step(loss, norm);
  }

  @Override
  public Weights weights() {
    return worker.call(
        () -> {
          graph.values();
          Map<String, Tensor> tensors = new LinkedHashMap<>();
          slots.forEach(
              (name, slot) -> {
                Parameter p = slot.parameter();
                float[] values = new float[(int) p.length()];
                slot.values().get(0, values);
                int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
                tensors.put(name, new Tensor(p.axes(), shape, values));
              });
          return new Weights(tensors);
        });
  }

  @Override
  public Weights optimizerState() {
    return updater.state();
  }

  @Override
  public void restore(Weights weights, Weights optimizerState) {
    NetworkCheck.weights(network, weights);
    worker.call(
        () -> {
          updater.restore(optimizerState);
          slots.forEach((name, slot) -> slot.values().put(0, weights.get(name).data()));
          graph.changed();
          return null;
        });
  }

  @Override
  public void close() {
    worker.close(graph::close);
  }
}
