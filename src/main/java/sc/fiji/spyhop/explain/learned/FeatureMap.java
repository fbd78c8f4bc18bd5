package sc.fiji.spyhop.explain.learned;

import java.util.List;
import java.util.OptionalInt;

/**
 * A feature map of a layer, as it was over a set of images.
 *
 * @param number from 1
 * @param min its lowest activation
 * @param max its highest activation
 * @param images number of images in which it is above 0 somewhere
 * @param twin number of the first map whose activations are the same but for a factor and an
 *     offset, or nearly so (correlation of 0.98 or more, of either sign, over places drawn at
 *     random and peaks of maps); absent if there is none
 * @param patches where it is highest, one of an image, the highest first
 */
public record FeatureMap(
    int number, double min, double max, int images, OptionalInt twin, List<Patch> patches) {

  /** Copies the list. */
  public FeatureMap {
    patches = List.copyOf(patches);
  }

  /** Whether it tells nothing: it is never above 0, or the same everywhere. */
  public boolean isDead() {
    return max <= 0 || min == max;
  }

  /** What is wrong with it, such as {@code dead} or {@code like 3}; empty if nothing is. */
  public String fault() {
    if (isDead()) return "dead";
    return twin.isPresent() ? "like " + twin.getAsInt() : "";
  }
}
