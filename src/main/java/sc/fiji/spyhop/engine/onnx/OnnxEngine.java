package sc.fiji.spyhop.engine.onnx;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Capability;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.FileRunner;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.weights.Weights;

/** Predicts with ONNX Runtime, on the CPU or, where its GPU build is present, on a CUDA GPU. */
@Plugin(type = Engine.class, name = "onnx", priority = 30)
public final class OnnxEngine implements Engine {

  /** One ONNX model in memory holds less than 2 GB; some of it is not weights. */
  private static final long MAX_VALUES = (Integer.MAX_VALUE - (1L << 24)) / Float.BYTES;

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.PREDICTION, Capability.EIGHT_BITS, Capability.FILES);
  }

  @Override
  public boolean supports(Network network) {
    return network.layers().stream().noneMatch(OnnxEngine::isAveragedWrongly)
        && Parameters.of(network).stream().mapToLong(p -> p.length()).sum() <= MAX_VALUES;
  }

  /** Where padding counts, ONNX Runtime counts what ceil mode adds as well, which ONNX does not. */
  private static boolean isAveragedWrongly(Layer layer) {
    return layer instanceof Pooling l
        && l.kind() == Layer.PoolingKind.AVERAGE
        && l.ceilMode()
        && l.countIncludePad()
        && l.padding() instanceof Padding.Explicit;
  }

  @Override
  public Library library() {
    return NativeRuntime.library();
  }

  @Override
  public List<Device> devices() {
    try {
      return NativeRuntime.devices();
    } catch (SpyhopException e) {
      return List.of();
    }
  }

  @Override
  public List<Device> gpus() {
    return devices().stream().filter(d -> d.kind() == Device.Kind.GPU).toList();
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device device) {
    return predictor(network, weights, Quantization.NONE, device);
  }

  @Override
  public Predictor predictor(
      Network network, Weights weights, Quantization quantization, Device device) {
    return OnnxGraph.fileIn(network)
        .<Predictor>map(file -> new AsIsPredictor(network, weights, file, device))
        .orElseGet(() -> new OnnxPredictor(network, weights, quantization, device));
  }

  @Override
  public FileRunner runner(OnnxContent file, Optional<Duration> limit, Device device) {
    return new OnnxRunner(file, limit, device);
  }

  @Override
  public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    throw new UnsupportedOperationException("onnx: this engine only predicts");
  }
}
