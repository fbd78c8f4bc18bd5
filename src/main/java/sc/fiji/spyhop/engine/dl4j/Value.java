package sc.fiji.spyhop.engine.dl4j;

import java.nio.FloatBuffer;
import sc.fiji.spyhop.engine.graph.Slot;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.tensor.Tensor;

/** A parameter in native memory. */
final class Value implements Slot, AutoCloseable {

  private final Parameter parameter;
  private final boolean trained;
  final Block value;

  /** Only if it is trained. */
  final Block gradient;

  Value(Parameter parameter, Tensor tensor, boolean trained) {
    this.parameter = parameter;
    this.trained = trained;
    value = Block.of(tensor);
    gradient = trained ? new Block(value.shape()) : value;
  }

  @Override
  public Parameter parameter() {
    return parameter;
  }

  @Override
  public FloatBuffer values() {
    return value.data;
  }

  @Override
  public boolean isTrained() {
    return trained;
  }

  @Override
  public FloatBuffer gradient() {
    return gradient.data;
  }

  @Override
  public void close() {
    value.close();
    if (trained) gradient.close();
  }
}
