package sc.fiji.spyhop.image;

/** What becomes of values before they are shifted and scaled. */
@FunctionalInterface
interface Curve {

  /** Changes some of the values of a channel in place. */
  void apply(float[] values, int from, int to);
}
