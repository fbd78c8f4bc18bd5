package sc.fiji.spyhop.engine.onednn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import sc.fiji.spyhop.engine.graph.CompiledLayer;
import sc.fiji.spyhop.engine.graph.Pass;

/** What all layers here have in common. */
abstract class OneDnnNode implements CompiledLayer<Blob> {

  /** Sizes for which a layer's primitives are kept: tiles at borders differ from those inside. */
  static final int SIZES = 8;

  final Maps maps;

  OneDnnNode(Maps maps) {
    this.maps = maps;
  }

  /** What a layer's primitives depend on. */
  static List<Object> key(Pass<Blob> pass, Object... more) {
    return Stream.concat(
            Stream.of(
                Arrays.stream(pass.inShape(0)).boxed().toList(),
                pass.function(),
                pass.mode().keeps(),
                pass.isExact()),
            Stream.of(more))
        .toList();
  }

  /**
   * What goes in, in 32 bits if what comes out is to be exact; to be given to {@link
   * Maps#freeUnless}.
   */
  final Blob source(Pass<Blob> pass) {
    Blob x = pass.in(0);
    return pass.isExact() ? maps.in(x, x.layout().in(DataType.F32)) : x;
  }

  static long[] longs(List<Integer> values) {
    return values.stream().mapToLong(Integer::longValue).toArray();
  }
}
