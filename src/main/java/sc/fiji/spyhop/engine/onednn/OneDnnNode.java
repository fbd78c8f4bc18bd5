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
                pass.mode().keeps()),
            Stream.of(more))
        .toList();
  }

  static long[] longs(List<Integer> values) {
    return values.stream().mapToLong(Integer::longValue).toArray();
  }
}
