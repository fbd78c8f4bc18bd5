package sc.fiji.spyhop.image.tiff;

import java.util.Map;
import sc.fiji.spyhop.util.Strings;

/**
 * What is needed to take the samples of a page apart, once it is known that all of its properties
 * are of those that are read here.
 *
 * @param codec absent for JPEG, which makes samples and no bytes
 */
record TiffLayout(TiffPage page, TiffCodec codec, int bits, int format, int samples) {

  private static final int JPEG = 7;
  private static final int MAX_SAMPLES = 10_000;

  private static final Map<Integer, String> PHOTOMETRICS =
      Map.of(
          4, "a transparency mask",
          5, "CMYK",
          8, "CIELAB",
          9, "ICCLAB",
          10, "ITULAB",
          32803, "of a camera's raw pixels (CFA)",
          32844, "LogL",
          32845, "LogLuv",
          34892, "of a camera's raw pixels (LinearRaw)");

  /**
   * Looks at all that a page says.
   *
   * @throws UnsupportedTiffException if one property is of no kind that is read here, which is
   *     named
   */
  static TiffLayout of(TiffPage page) throws UnsupportedTiffException {
    boolean jpeg = page.compression() == JPEG;
    TiffCodec codec = jpeg ? TiffCodec.NONE : TiffCodec.of(page.compression());
    TiffLayout layout = new TiffLayout(page, codec, page.bits(), page.format(), page.samples());
    layout.requireSamples();
    layout.requireColors(jpeg);
    layout.requirePredictor(jpeg);
    if (page.tileWidth() < 1
        || page.tileHeight() < 1
        || page.tileWidth() > 1 << 24
        || page.isTiled() && page.tileHeight() > 1 << 24) {
      throw refused("its tiles have %d x %d pixels", page.tileWidth(), page.tileHeight());
    }
    return layout;
  }

  boolean isJpeg() {
    return page.compression() == JPEG;
  }

  private static UnsupportedTiffException refused(String format, Object... values) {
    return new UnsupportedTiffException(Strings.format(format, values));
  }

  private void requireSamples() throws UnsupportedTiffException {
    if (samples < 1 || samples > MAX_SAMPLES) throw refused("it has %d samples a pixel", samples);
    if (bits == 0) throw refused("the samples of a pixel have different bits (BitsPerSample)");
    if (bits > 64) throw refused("its samples have %d bits (BitsPerSample)", bits);
    switch (format) {
      case 0 -> throw refused("the samples of a pixel have different types (SampleFormat)");
      case TiffPage.UNSIGNED, TiffPage.SIGNED -> {}
      case TiffPage.FLOAT -> {
        if (bits != 16 && bits != 24 && bits != 32 && bits != 64) {
          throw refused("it has floating point numbers of %d bits", bits);
        }
      }
      case 5, 6 -> throw refused("its samples are complex numbers (SampleFormat %d)", format);
      default -> throw refused("its SampleFormat is %d, which has no meaning", format);
    }
  }

  private void requireColors(boolean jpeg) throws UnsupportedTiffException {
    int photometric = page.photometric();
    switch (photometric) {
      case TiffPage.WHITE_IS_ZERO, TiffPage.BLACK_IS_ZERO -> {}
      case TiffPage.RGB -> {
        if (samples < 3) throw refused("it has RGB colours of %d samples", samples);
      }
      case TiffPage.PALETTE -> {
        if (bits > 8 || format != TiffPage.UNSIGNED || samples != 1) {
          throw refused("it has a palette for %d samples of %d bits", samples, bits);
        }
        if (page.palette().length < 3 << bits) throw refused("its palette (ColorMap) is too short");
      }
      case TiffPage.YCBCR -> {
        if (!jpeg || samples != 3) throw refused("its colours are YCbCr without JPEG");
      }
      default ->
          throw refused(
              "its colours are %s (PhotometricInterpretation)",
              PHOTOMETRICS.getOrDefault(photometric, "of kind " + photometric));
    }
    if (jpeg && (bits != 8 || format != TiffPage.UNSIGNED)) {
      throw refused("it has JPEG of %d bits", bits);
    }
    if (jpeg && samples > 3 && !page.isPlanar()) {
      throw refused("it has JPEG of %d samples a pixel", samples);
    }
  }

  private void requirePredictor(boolean jpeg) throws UnsupportedTiffException {
    int predictor = page.predictor();
    if (predictor == 1 || jpeg) return;
    boolean whole = bits == 8 || bits == 16 || bits == 32 || bits == 64;
    boolean known = predictor == 2 && whole || predictor == 3 && format == TiffPage.FLOAT;
    if (!known || !codec.predicts) {
      throw refused(
          "its predictor is %d for samples of %d bits with compression %d",
          predictor, bits, page.compression());
    }
  }

  /** Bytes of a row of so many pixels of as many samples. */
  long rowBytes(long pixels, int count) {
    return (pixels * count * bits + 7) / 8;
  }
}
