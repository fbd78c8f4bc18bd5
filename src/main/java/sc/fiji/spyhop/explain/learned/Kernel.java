package sc.fiji.spyhop.explain.learned;

import java.util.OptionalInt;

/**
 * A kernel of a convolution, and what it answers to.
 *
 * @param number from 1
 * @param channels weights of each channel, row by row
 * @param norm root of the sum of its squared weights
 * @param dead whether its weights are next to nothing: its norm is below a hundredth of the largest
 * @param twin number of the first kernel that is the same but for a factor, or nearly so (cosine of
 *     0.98 or more, of either sign); absent if there is none
 * @param frequency of the strongest wave in it, cycles per pixel
 * @param orientation along the crests of that wave, degrees counterclockwise from the x axis, in
 *     [0, 180): 90 for a kernel that answers to vertical edges; NaN if the frequency is 0
 * @param share of its power that is near that wave, 0 to 1
 * @param isGabor whether it is a wave of some orientation, as a Gabor function is: it has half a
 *     cycle or more, and more of its power is near one wave than in 95 of 100 random kernels
 */
public record Kernel(
    int number,
    float[][] channels,
    double norm,
    boolean dead,
    OptionalInt twin,
    double frequency,
    double orientation,
    double share,
    boolean isGabor) {

  /** What is wrong with it, such as {@code dead} or {@code like 3}; empty if nothing is. */
  public String fault() {
    if (dead) return "dead";
    return twin.isPresent() ? "like " + twin.getAsInt() : "";
  }
}
