package sc.fiji.spyhop.sample;

import sc.fiji.spyhop.Progress;

/** Paints fluorescence-like images of cell nuclei. */
public final class NucleiGenerator {

  private NucleiGenerator() {}

  /**
   * How an image is to look.
   *
   * @param width columns, positive
   * @param height rows, positive
   * @param bits of a pixel: 8 or 16
   */
  public record Settings(int width, int height, int bits) {}

  /** The settings of image {@code index} of a varied series. */
  public static Settings varied(long seed, int index) {
    throw new UnsupportedOperationException("not yet");
  }

  /**
   * One image.
   *
   * @param name of the frame
   * @param seed the same name, settings and seed give the same pixels everywhere
   */
  public static SyntheticImage generate(
      String name, Settings settings, long seed, Progress progress) {
    throw new UnsupportedOperationException("not yet");
  }
}
