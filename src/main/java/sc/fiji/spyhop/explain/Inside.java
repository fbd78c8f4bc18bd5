package sc.fiji.spyhop.explain;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * The inside of a network that runs.
 *
 * @param subject the number that is asked about
 * @param shapes of all maps, by layer
 */
record Inside(Runner<?> runner, Subject subject, Map<String, Shape> shapes) implements Gradients {

  @Override
  public Network network() {
    return runner.model().network();
  }

  @Override
  public Layer end() {
    return network().layer(subject.logits());
  }

  @Override
  public double[] values(Tensor batch) {
    return subject.numbers(activations(batch, subject.logits()));
  }

  @Override
  public Tensor activations(Tensor batch, String layer) {
    return runner.activations(batch, List.of(layer)).get(layer);
  }

  @Override
  public Tensor gradient(Tensor batch, String of, RectifierRule rule) {
    Tensor weights = subject.weights(batch.size(0));
    return runner.gradient(batch, subject.logits(), weights, of, rule);
  }
}
