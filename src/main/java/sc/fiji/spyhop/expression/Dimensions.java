package sc.fiji.spyhop.expression;

/** Sizes of maps that lie sample by sample, channel by channel, place by place. */
public record Dimensions(int samples, int channels, int places) {

  /** Those of [N, C, space...]. */
  public static Dimensions of(int[] shape) {
    int places = 1;
    for (int i = 2; i < shape.length; i++) places *= shape[i];
    return new Dimensions(shape[0], shape[1], places);
  }
}
