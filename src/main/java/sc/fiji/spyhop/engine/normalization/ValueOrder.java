package sc.fiji.spyhop.engine.normalization;

/**
 * How the values of a map lie in memory: sample by sample, block of channels by block of channels,
 * place by place, channel of the block by channel of the block. The last block may not be full:
 * values of channels that are not there are 0.
 *
 * @param places product of the spatial sizes
 * @param block channels of a block: 1 where maps lie channel by channel, all where channels come
 *     last
 */
public record ValueOrder(int samples, int channels, int places, int block) {

  /** Of values that lie channel by channel, each row by row: [N, C, space...]. */
  public static ValueOrder rows(int... shape) {
    return blocks(1, shape);
  }

  /** Of [N, C, space...], with so many channels side by side. */
  public static ValueOrder blocks(int block, int... shape) {
    int places = 1;
    for (int i = 2; i < shape.length; i++) places *= shape[i];
    // of one place each, channels lie side by side anyhow
    boolean isVector = places == 1 && shape[1] % block == 0;
    return new ValueOrder(shape[0], shape[1], places, isVector ? shape[1] : block);
  }

  /** The same values, where samples of one place are taken for the places of one sample. */
  ValueOrder samplesAsPlaces() {
    return places == 1 && block == channels ? new ValueOrder(1, channels, samples, block) : this;
  }

  int blocks() {
    return (channels + block - 1) / block;
  }

  /** Number of values that lie in memory. */
  long length() {
    return (long) samples * blocks() * places * block;
  }

  /** Where the values of a block begin, at a place. */
  int at(int sample, int ofBlocks, int place) {
    return ((sample * blocks() + ofBlocks) * places + place) * block;
  }
}
