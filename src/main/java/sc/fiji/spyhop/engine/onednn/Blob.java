package sc.fiji.spyhop.engine.onednn;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Values in some layout. */
record Blob(Pool.Chunk memory, Layout layout) {

  int[] shape() {
    return layout.shape();
  }

  /** All values, of 32 bits, in the order in which they lie, padding included. */
  FloatBuffer values() {
    return new FloatPointer(memory).capacity(layout.bytes() / Float.BYTES).asBuffer();
  }

  /** The same memory seen in another way. */
  Blob as(Layout other) {
    return new Blob(memory, other);
  }
}
