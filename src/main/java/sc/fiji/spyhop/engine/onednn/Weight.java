package sc.fiji.spyhop.engine.onednn;

import java.nio.FloatBuffer;
import sc.fiji.spyhop.engine.graph.Slot;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.tensor.Tensor;

/** A parameter in native memory. */
final class Weight implements Slot {

  private final Maps maps;
  private final Parameter parameter;
  private final Layout plain;
  private final boolean settles;
  private final boolean trained;
  private Blob value;
  private Blob gradient;

  /**
   * @param plain how the values of a tensor lie
   * @param trains whether the network is trained; if not, values stay in the layout last asked
   */
  Weight(Maps maps, Parameter p, Layout plain, Tensor tensor, boolean trains, boolean frozen) {
    this.maps = maps;
    this.parameter = p;
    this.plain = plain;
    settles = !trains;
    trained = trains && !frozen && p.role().isTrained();
    value = Maps.keep(plain);
    value.values().put(0, tensor.data());
    if (trained) gradient = Maps.keep(plain);
  }

  @Override
  public Parameter parameter() {
    return parameter;
  }

  @Override
  public boolean isTrained() {
    return trained;
  }

  @Override
  public FloatBuffer values() {
    return value.values();
  }

  @Override
  public FloatBuffer gradient() {
    return gradient.values();
  }

  /** The values as they lie. */
  Blob value() {
    return value;
  }

  /** The gradient, plain. */
  Blob gradientBlob() {
    return gradient;
  }

  Layout plain() {
    return plain;
  }

  /** The values in a layout, to be given back with {@link #done}. */
  Blob in(Layout layout) {
    if (!settles || value.layout().equals(layout)) return maps.in(value, layout);
    Blob other = Maps.keep(layout);
    maps.copy(value, other);
    Maps.discard(value);
    value = other;
    return value;
  }

  void done(Blob blob) {
    maps.freeUnless(blob, value);
  }

  void close() {
    Maps.discard(value);
    if (gradient != null) Maps.discard(gradient);
  }
}
