package sc.fiji.spyhop.ij;

/** Takes the planes of a 32-bit image part by part, perhaps from several threads. */
public interface FloatStackSink {

  /**
   * Takes a rectangle of a plane.
   *
   * @param channel from 1
   * @param z slice, from 1
   * @param t time point, from 1
   * @param values row by row, {@code stride} for each row, the first at {@code offset}
   */
  void put(
      int channel,
      int z,
      int t,
      int x,
      int y,
      int w,
      int h,
      float[] values,
      int offset,
      int stride);
}
