package sc.fiji.spyhop.explain;

import java.util.Map;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Tensor;

/** For explanations that do not look inside. */
final class NoGradients implements Gradients {

  @Override
  public Network network() {
    throw new AssertionError();
  }

  @Override
  public Layer end() {
    throw new AssertionError();
  }

  @Override
  public Map<String, Shape> shapes() {
    throw new AssertionError();
  }

  @Override
  public double[] values(Tensor batch) {
    throw new AssertionError();
  }

  @Override
  public Tensor activations(Tensor batch, String layer) {
    throw new AssertionError();
  }

  @Override
  public Tensor gradient(Tensor batch, String of, RectifierRule rule) {
    throw new AssertionError();
  }
}
