package sc.fiji.spyhop.quantization;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * An engine whose predictors also tell what comes out of some layers, so that a model is watched
 * while it is run as ever.
 *
 * @param layers to watch
 * @param listener told each map by the name of its layer
 */
record WatchedEngine(Engine engine, List<String> layers, BiConsumer<String, Tensor> listener)
    implements Engine {

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public List<Device> devices() {
    return engine.devices();
  }

  @Override
  public Library library() {
    return engine.library();
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device device) {
    return new Watched(engine.predictor(network, weights, device));
  }

  @Override
  public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device device) {
    return engine.trainer(network, weights, plan, device);
  }

  private final class Watched implements Predictor {

    private final Predictor predictor;

    Watched(Predictor predictor) {
      this.predictor = predictor;
    }

    @Override
    public Network network() {
      return predictor.network();
    }

    @Override
    public Device device() {
      return predictor.device();
    }

    @Override
    public Map<String, Tensor> activations(Map<String, Tensor> inputs, Collection<String> asked) {
      Set<String> all = new LinkedHashSet<>(asked);
      all.addAll(layers);
      Map<String, Tensor> found = new LinkedHashMap<>(predictor.activations(inputs, all));
      layers.forEach(layer -> listener.accept(layer, found.get(layer)));
      found.keySet().retainAll(asked);
      return found;
    }

    @Override
    public Tensor gradient(
        Map<String, Tensor> inputs,
        Collection<String> asked,
        UnaryOperator<Map<String, Tensor>> slopes,
        String of,
        RectifierRule rule) {
      return predictor.gradient(inputs, asked, slopes, of, rule);
    }

    @Override
    public void trim() {
      predictor.trim();
    }

    @Override
    public void close() {
      predictor.close();
    }
  }
}
