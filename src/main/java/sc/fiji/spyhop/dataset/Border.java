package sc.fiji.spyhop.dataset;

/** What lies outside an image. */
public enum Border {

  /** Its mirror image, edge pixels repeated: objects there have their truth mirrored as well. */
  MIRROR {
    @Override
    int index(int index, int length) {
      if (index >= 0 && index < length) return index;
      int i = Math.floorMod(index, 2 * length);
      return i < length ? i : 2 * length - 1 - i;
    }
  },

  /** The nearest pixel: no object is there a second time, for truth that is not mirrored. */
  REPEAT {
    @Override
    int index(int index, int length) {
      return Math.max(0, Math.min(length - 1, index));
    }
  };

  /** Index within [0, length) of an index anywhere. */
  abstract int index(int index, int length);
}
