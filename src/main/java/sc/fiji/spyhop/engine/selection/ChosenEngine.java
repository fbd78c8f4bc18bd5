package sc.fiji.spyhop.engine.selection;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import sc.fiji.spyhop.weights.Weights;

/**
 * An engine that was found right on a device, and has no other.
 *
 * @param device whose description also tells which engines were passed over, and so do records
 */
record ChosenEngine(Engine engine, Device device) implements Engine {

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public Set<Capability> capabilities() {
    return engine.capabilities();
  }

  @Override
  public boolean supports(Network network) {
    return engine.supports(network);
  }

  @Override
  public List<Device> devices() {
    return List.of(device);
  }

  @Override
  public List<Device> gpus() {
    return device.kind() == Device.Kind.GPU ? devices() : List.of();
  }

  @Override
  public Optional<Device> bfloat16() {
    return devices().stream().filter(d -> d.arithmetic().equals(Device.BFLOAT16)).findFirst();
  }

  @Override
  public Library library() {
    return engine.library();
  }

  @Override
  public MatrixProduct products() {
    return engine.products();
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device on) {
    return engine.predictor(network, weights, on);
  }

  @Override
  public Predictor predictor(
      Network network, Weights weights, Quantization quantization, Device on) {
    return engine.predictor(network, weights, quantization, on);
  }

  @Override
  public FileRunner runner(OnnxContent file, Optional<Duration> limit, Device on) {
    return engine.runner(file, limit, on);
  }

  @Override
  public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device on) {
    return engine.trainer(network, weights, plan, on);
  }
}
