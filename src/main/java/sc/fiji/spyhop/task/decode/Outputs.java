package sc.fiji.spyhop.task.decode;

import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/** Refuses outputs that do not fit. */
public final class Outputs {

  private Outputs() {}

  /**
   * Of tasks that say something about every pixel.
   *
   * @throws IllegalArgumentException if there are not as many outputs as heads or sizes differ
   * @throws SpyhopException if a value is not finite
   */
  public static void check(List<Head> heads, Tile tile, List<Tensor> outputs) {
    if (outputs.size() != heads.size()) {
      throw new IllegalArgumentException(
          "expected " + heads.size() + " outputs, received " + outputs.size());
    }
    for (int i = 0; i < heads.size(); i++) {
      Head head = heads.get(i);
      Tensor output = outputs.get(i);
      if (output.rank() != 4
          || output.size(0) != 1
          || output.size(1) != head.channels()
          || output.size(2) != tile.regionHeight()
          || output.size(3) != tile.regionWidth()) {
        throw new IllegalArgumentException(
            Strings.format(
                "output %s: expected [1, %d, %d, %d], received %s",
                head.name(), head.channels(), tile.regionHeight(), tile.regionWidth(), output));
      }
      requireFinite(head, output);
    }
  }

  /**
   * Of tasks that say something about an image as a whole.
   *
   * @throws IllegalArgumentException if there are not as many outputs as heads or sizes differ
   * @throws SpyhopException if a value is not finite
   */
  public static void checkVectors(List<Head> heads, List<Tensor> outputs) {
    if (outputs.size() != heads.size()) {
      throw new IllegalArgumentException(
          "expected " + heads.size() + " outputs, received " + outputs.size());
    }
    for (int i = 0; i < heads.size(); i++) {
      Head head = heads.get(i);
      Tensor output = outputs.get(i);
      if (output.rank() != 2 || output.size(1) != head.channels()) {
        throw new IllegalArgumentException(
            Strings.format(
                "output %s: expected [images, %d], received %s",
                head.name(), head.channels(), output));
      }
      requireFinite(head, output);
    }
  }

  /**
   * Of tasks that say where things are.
   *
   * @throws IllegalArgumentException if there are not as many outputs as heads or sizes differ
   * @throws SpyhopException if a value is not finite
   */
  public static void checkMaps(List<Head> heads, List<Tensor> outputs) {
    if (outputs.size() != heads.size()) {
      throw new IllegalArgumentException(
          "expected " + heads.size() + " outputs, received " + outputs.size());
    }
    for (int i = 0; i < heads.size(); i++) {
      Head head = heads.get(i);
      Tensor output = outputs.get(i);
      Tensor first = outputs.get(0);
      if (output.rank() != 4
          || output.size(0) != 1
          || output.size(1) != head.channels()
          || output.size(2) != first.size(2)
          || output.size(3) != first.size(3)) {
        throw new IllegalArgumentException(
            Strings.format(
                "output %s: expected [1, %d, cells, cells], received %s",
                head.name(), head.channels(), output));
      }
      requireFinite(head, output);
    }
  }

  private static void requireFinite(Head head, Tensor output) {
    for (float value : output.data()) {
      if (!Float.isFinite(value)) {
        throw new SpyhopException(
            "The network's output \""
                + head.name()
                + "\" holds a value that is not a number. Check that the image has only finite"
                + " pixels, and that the model file is intact.");
      }
    }
  }
}
