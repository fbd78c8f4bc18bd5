package sc.fiji.spyhop.engine.dl4j;

import java.nio.FloatBuffer;
import sc.fiji.spyhop.engine.graph.Slot;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.tensor.Tensor;

/** A parameter on the device, which the optimiser sees in the processor's memory. */
final class Dl4jValue implements Slot, AutoCloseable {

  private final Parameter parameter;
  private final boolean trained;
  final Block value;

  /** Only if it is trained. */
  final Block gradient;

  Dl4jValue(Parameter parameter, Tensor tensor, boolean trained) {
    this.parameter = parameter;
    this.trained = trained;
    value = Block.of(tensor);
    gradient = trained ? new Block(value.shape()) : value;
  }

  private Dl4jValue(Dl4jValue whole, int from, int count) {
    parameter = whole.parameter;
    trained = whole.trained;
    value = whole.value.rows(from, count);
    gradient = trained ? whole.gradient.rows(from, count) : value;
  }

  /** Some filters of this parameter, in the same memory; not to be closed. */
  Dl4jValue part(int from, int count) {
    return new Dl4jValue(this, from, count);
  }

  @Override
  public Parameter parameter() {
    return parameter;
  }

  @Override
  public FloatBuffer values() {
    return value.host();
  }

  @Override
  public boolean isTrained() {
    return trained;
  }

  @Override
  public FloatBuffer gradient() {
    return gradient.host();
  }

  @Override
  public void close() {
    value.close();
    if (trained) gradient.close();
  }
}
