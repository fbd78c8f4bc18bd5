package sc.fiji.spyhop.engine.graph;

import java.nio.FloatBuffer;
import sc.fiji.spyhop.network.Parameter;

/** A layer's parameter as an engine holds it, in row-major order of the parameter's axes. */
public interface Slot {

  /** Name, role and shape of what is held. */
  Parameter parameter();

  /** The values themselves; what is written to them counts from the next run on. */
  FloatBuffer values();

  /** Whether it gets a gradient. */
  boolean isTrained();

  /** The gradient of the last backward pass; only if {@link #isTrained}. */
  FloatBuffer gradient();
}
