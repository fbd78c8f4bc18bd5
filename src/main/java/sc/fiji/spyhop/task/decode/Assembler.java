package sc.fiji.spyhop.task.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Makes one prediction for a plane out of the outputs of its tiles. Keeps no plane-sized array but
 * what the prediction itself needs.
 *
 * @param <P> prediction
 */
public interface Assembler<P> {

  /**
   * Takes a tile apart, which several threads may do at the same time with different tiles. Tiles
   * may come in any order; their cores must not overlap.
   *
   * @param outputs of the network, one per head: [1, channels, rows, columns] of the tile's region,
   *     or [1, channels]; not kept
   * @return takes in what was found; to be run once, by one thread at a time. Run in the same order
   *     of tiles, it gives the same result to the last bit.
   * @throws sc.fiji.spyhop.SpyhopException if an output holds a value that is not a number
   */
  Runnable prepare(Tile tile, List<Tensor> outputs);

  /** Takes a tile apart and takes in what was found. */
  default void add(Tile tile, List<Tensor> outputs) {
    prepare(tile, outputs).run();
  }

  /**
   * The prediction. Of segmentations, labels are numbered by their first pixel in row-major order
   * for instances, by class otherwise, and pixels that no tile covered are 0. Call once, after all
   * tiles.
   */
  P finish();

  /**
   * Looks at each tile by itself, and then at what was found in all of them.
   *
   * @param look what is in the core of a tile
   * @param join of what is in the tiles, in their order
   */
  static <F, P> Assembler<P> of(BiFunction<Tile, List<Tensor>, F> look, Function<List<F>, P> join) {
    List<F> parts = new ArrayList<>();
    return new Assembler<>() {
      @Override
      public Runnable prepare(Tile tile, List<Tensor> outputs) {
        F found = look.apply(tile, outputs);
        return () -> parts.add(found);
      }

      @Override
      public P finish() {
        return join.apply(parts);
      }
    };
  }
}
