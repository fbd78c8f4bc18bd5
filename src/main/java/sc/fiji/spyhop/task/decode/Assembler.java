package sc.fiji.spyhop.task.decode;

import java.util.List;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Makes one segmentation of a plane out of the outputs of its tiles. Keeps no plane-sized array but
 * the label map.
 */
public interface Assembler {

  /**
   * Takes a tile apart, which several threads may do at the same time with different tiles. Tiles
   * may come in any order; their cores must not overlap.
   *
   * @param outputs of the network, one per head, [1, channels, height, width] of the tile's region;
   *     not kept
   * @return takes in what was found; to be run once, by one thread at a time. Run in the same order
   *     of tiles, it gives the same result to the last bit.
   */
  Runnable prepare(Tile tile, List<Tensor> outputs);

  /** Takes a tile apart and takes in what was found. */
  default void add(Tile tile, List<Tensor> outputs) {
    prepare(tile, outputs).run();
  }

  /**
   * The segmentation, labels numbered by their first pixel in row-major order for instances, by
   * class otherwise. Pixels that no tile covered are 0. Call once, after all tiles.
   */
  Segmentation finish();
}
