package sc.fiji.spyhop.network;

import java.util.OptionalInt;

/**
 * Which positions of a layer's inputs the positions of its output see, along one dimension. From
 * one output position to the next it is {@link #pixels} / {@link #positions} input positions.
 */
public interface Reach {

  /** Each position sees the same position of the inputs. */
  Reach ITSELF = new Reach() {};

  /**
   * Each position sees the same position of the inputs, and what is said of it hangs on all others
   * besides, as where statistics of a whole map are used.
   */
  Reach ITSELF_AMONG_ALL =
      new Reach() {
        @Override
        public boolean amongAll() {
          return true;
        }
      };

  /** Each value of the output sees all positions; it has no place among them. */
  Reach EVERYTHING =
      new Reach() {
        @Override
        public int positions() {
          return 0;
        }
      };

  /** So many output positions for each of the input, which see that one alone. */
  record Enlarged(int positions) implements Reach {

    @Override
    public long first(long at, OptionalInt size) {
      return Math.floorDiv(at, (long) positions);
    }

    @Override
    public long last(long at, OptionalInt size) {
      return first(at, size);
    }
  }

  /** Input positions in one step of the grid, which the input and the output share. */
  default int pixels() {
    return 1;
  }

  /** Shifts of the input, in its positions, that shift the output: multiples of this. */
  default int grid() {
    return pixels();
  }

  /** Output positions in that step; 0 for {@link #EVERYTHING}. */
  default int positions() {
    return 1;
  }

  /** Whether all positions count besides those from {@link #first} to {@link #last}. */
  default boolean amongAll() {
    return false;
  }

  /**
   * The first input position that an output position sees; below 0 in the padding.
   *
   * @param size of the input; where it is not known the answer is the lowest for any
   */
  default long first(long at, OptionalInt size) {
    return at;
  }

  /** The last input position that an output position sees; where hanging on size, the highest. */
  default long last(long at, OptionalInt size) {
    return at;
  }
}
