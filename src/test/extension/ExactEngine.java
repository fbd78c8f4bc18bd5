import java.util.*;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.engine.*;
import sc.fiji.spyhop.engine.selection.Reference;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** Predicts in 64 bits, in plain Java: slow, and with less rounding than any other engine. */
@Plugin(type = Engine.class, name = "exact")
public class ExactEngine implements Engine {
  public Set<Capability> capabilities() { return Set.of(Capability.PREDICTION); }

  public Library library() { return new Library("Java in 64 bits", "", 1, ""); }

  public List<Device> devices() {
    return List.of(new Device(Device.Kind.CPU, 0, library().onProcessor()));
  }

  public Predictor predictor(Network network, Weights weights, Device device) {
    return new ForwardPredictor(network, device) {
      public Map<String, Tensor> activations(Map<String, Tensor> in, Collection<String> layers) {
        Map<String, Tensor> all = new HashMap<>(Reference.activations(network, weights, in));
        all.keySet().retainAll(layers);
        return all;
      }
    };
  }
}
