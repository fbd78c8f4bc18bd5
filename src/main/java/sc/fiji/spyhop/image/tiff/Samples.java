package sc.fiji.spyhop.image.tiff;

/** One plane of numbers, as wide as needed. */
sealed interface Samples {

  /**
   * Puts a number into a pixel.
   *
   * @param stored its bits, those that it does not have being 0
   */
  void set(int at, long stored);

  /** The numbers: {@code byte[]}, {@code short[]} or {@code float[]}. */
  Object array();

  /** Room for a plane of a page. */
  static Samples of(TiffPage page, int size) {
    int bits = page.bits();
    return switch (TiffPixels.bytesPerSample(page)) {
      case 1 -> new Bytes(new byte[size], bits == 1 && !isPalette(page) ? 255 : 1);
      case 2 -> new Shorts(new short[size], TiffPixels.isSigned16(page) ? 1 << 15 : 0);
      default ->
          page.format() == TiffPage.FLOAT
              ? new Floats(new float[size], bits)
              : new Whole(new float[size], bits, page.format() == TiffPage.SIGNED);
    };
  }

  private static boolean isPalette(TiffPage page) {
    return page.photometric() == TiffPage.PALETTE;
  }

  /** Up to 8 bits; a single bit is black or white, 0 or 255. */
  record Bytes(byte[] array, int factor) implements Samples {
    @Override
    public void set(int at, long stored) {
      array[at] = (byte) (stored * factor);
    }
  }

  record Shorts(short[] array, int shift) implements Samples {
    @Override
    public void set(int at, long stored) {
      array[at] = (short) (stored + shift);
    }
  }

  /** Whole numbers, rounded to 24 bits. */
  record Whole(float[] array, int bits, boolean signed) implements Samples {
    @Override
    public void set(int at, long stored) {
      int free = 64 - bits;
      if (signed) array[at] = stored << free >> free;
      else if (stored >= 0) array[at] = stored;
      else array[at] = 2f * (stored >>> 1 | stored & 1);
    }
  }

  /** IEEE 754 of 16, 32 and 64 bits; of 24 bits with 7 for the exponent, as in TIFF note 3. */
  record Floats(float[] array, int bits) implements Samples {
    @Override
    public void set(int at, long stored) {
      array[at] =
          switch (bits) {
            case 16 -> small(stored, 5, 10);
            case 24 -> small(stored, 7, 16);
            case 32 -> Float.intBitsToFloat((int) stored);
            default -> (float) Double.longBitsToDouble(stored);
          };
    }

    private static float small(long stored, int exponentBits, int fractionBits) {
      long fraction = stored & (1L << fractionBits) - 1;
      int exponent = (int) (stored >> fractionBits) & (1 << exponentBits) - 1;
      float sign = (stored >> exponentBits + fractionBits & 1) == 0 ? 1 : -1;
      int bias = (1 << exponentBits - 1) - 1;
      if (exponent == (1 << exponentBits) - 1) {
        return fraction == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
      }
      if (exponent == 0) return sign * Math.scalb((float) fraction, 1 - bias - fractionBits);
      return sign
          * Math.scalb((float) (fraction | 1L << fractionBits), exponent - bias - fractionBits);
    }
  }
}
