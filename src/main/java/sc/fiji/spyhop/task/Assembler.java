package sc.fiji.spyhop.task;

import java.util.List;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Makes one segmentation of a plane out of the outputs of its tiles. Keeps no plane-sized array but
 * the label map. Not thread safe.
 */
public interface Assembler {

  /**
   * Takes in a tile. Tiles may come in any order; their cores must not overlap.
   *
   * @param outputs of the network, one per head, [1, channels, height, width] of the tile's region;
   *     not kept
   */
  void add(Tile tile, List<Tensor> outputs);

  /**
   * The segmentation, labels numbered by their first pixel in row-major order for instances, by
   * class otherwise. Pixels that no tile covered are 0. Call once, after all tiles.
   */
  Segmentation finish();
}
