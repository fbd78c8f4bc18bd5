package sc.fiji.spyhop.engine.selection;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.FileRunner;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.MatrixProduct;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.weights.Weights;

/** An engine of others: one that fails when it is asked what it can do is not asked to do it. */
record GuardedEngine(Engine engine) implements Engine {

  private <T> T asked(Supplier<T> question, T otherwise) {
    try {
      return question.get();
    } catch (RuntimeException | LinkageError e) {
      Plugins.tellOnce(
          "The engine " + Plugins.describe(engine) + " failed and is passed over: " + e);
      return otherwise;
    }
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public Set<Capability> capabilities() {
    return asked(engine::capabilities, Set.of());
  }

  @Override
  public boolean supports(Network network) {
    return asked(() -> engine.supports(network), false);
  }

  @Override
  public List<Device> devices() {
    return asked(engine::devices, List.of());
  }

  @Override
  public List<Device> gpus() {
    return asked(engine::gpus, List.of());
  }

  @Override
  public Optional<Device> bfloat16() {
    return asked(engine::bfloat16, Optional.empty());
  }

  @Override
  public MatrixProduct products() {
    return engine.products();
  }

  @Override
  public Library library() {
    try {
      return engine.library();
    } catch (SpyhopException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new SpyhopException("The engine " + Plugins.describe(engine) + " failed: " + e, e);
    }
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device device) {
    return engine.predictor(network, weights, device);
  }

  @Override
  public Predictor predictor(
      Network network, Weights weights, Quantization quantization, Device device) {
    return engine.predictor(network, weights, quantization, device);
  }

  @Override
  public FileRunner runner(OnnxContent file, Optional<Duration> limit, Device device) {
    return engine.runner(file, limit, device);
  }

  @Override
  public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    return engine.trainer(network, weights, plan, device);
  }
}
