package sc.fiji.spyhop.image.tiff;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the directory of one page says; what it leaves out is as TIFF 6.0 says. */
public final class TiffPage {

  /** How values are stored: SampleFormat. */
  public static final int UNSIGNED = 1;

  /** Whole numbers with a sign. */
  public static final int SIGNED = 2;

  /** Floating-point numbers. */
  public static final int FLOAT = 3;

  /** What values mean: PhotometricInterpretation. */
  public static final int WHITE_IS_ZERO = 0;

  /** Grey, of which the lowest value is black. */
  public static final int BLACK_IS_ZERO = 1;

  /** Red, green and blue. */
  public static final int RGB = 2;

  /** Numbers of colours in a table. */
  public static final int PALETTE = 3;

  /** Brightness and two differences of colour, as JPEG has them. */
  public static final int YCBCR = 6;

  private static final int SUBFILE = 254;
  private static final int OLD_SUBFILE = 255;
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int FILL_ORDER = 266;
  private static final int DESCRIPTION = 270;
  private static final int STRIP_OFFSETS = 273;
  private static final int SAMPLES = 277;
  private static final int ROWS = 278;
  private static final int STRIP_COUNTS = 279;
  private static final int X_RESOLUTION = 282;
  private static final int Y_RESOLUTION = 283;
  private static final int PLANAR = 284;
  private static final int RESOLUTION_UNIT = 296;
  private static final int PREDICTOR = 317;
  private static final int COLORS = 320;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_COUNTS = 325;
  private static final int EXTRA_SAMPLES = 338;
  private static final int FORMAT = 339;
  private static final int JPEG_TABLES = 347;
  private static final int METAMORPH = 33629;
  private static final int METADATA_COUNTS = 50838;
  private static final int METADATA = 50839;

  private static final Set<Integer> NEEDED =
      Set.of(
          SUBFILE,
          OLD_SUBFILE,
          WIDTH,
          HEIGHT,
          BITS,
          COMPRESSION,
          PHOTOMETRIC,
          FILL_ORDER,
          DESCRIPTION,
          STRIP_OFFSETS,
          SAMPLES,
          ROWS,
          STRIP_COUNTS,
          X_RESOLUTION,
          Y_RESOLUTION,
          PLANAR,
          RESOLUTION_UNIT,
          PREDICTOR,
          COLORS,
          TILE_WIDTH,
          TILE_HEIGHT,
          TILE_OFFSETS,
          TILE_COUNTS,
          EXTRA_SAMPLES,
          FORMAT,
          JPEG_TABLES,
          METADATA_COUNTS);

  private final Map<Integer, TiffField> fields;
  private final boolean sound;

  TiffPage(Map<Integer, TiffField> fields, boolean sound) {
    this.fields = fields;
    this.sound = sound;
  }

  /** Whether all that the directory points to lies in the file, be it needed here or not. */
  public boolean isSound() {
    return sound;
  }

  /** Whether the values of a tag are read with the directory. */
  static boolean needs(int tag) {
    return NEEDED.contains(tag);
  }

  private Optional<TiffField> field(int tag) {
    return Optional.ofNullable(fields.get(tag));
  }

  private long number(int tag, long absent) {
    return field(tag).map(f -> f.numbers()[0]).orElse(absent);
  }

  private int small(int tag, int absent) {
    return (int) Math.max(-1, Math.min(Integer.MAX_VALUE, number(tag, absent)));
  }

  private long[] numbers(int tag) {
    return field(tag).map(TiffField::numbers).orElse(new long[0]);
  }

  /** Columns. */
  public long width() {
    return number(WIDTH, 0);
  }

  /** Rows. */
  public long height() {
    return number(HEIGHT, 0);
  }

  /** Numbers of each pixel. */
  public int samples() {
    return small(SAMPLES, 1);
  }

  /** Bits of each number; 0: they differ. */
  public int bits() {
    return same(BITS, 1);
  }

  /** How numbers are stored; 0: they differ. */
  public int format() {
    return same(FORMAT, UNSIGNED);
  }

  private int same(int tag, int absent) {
    long[] values = numbers(tag);
    if (values.length == 0) return absent;
    boolean alike = Arrays.stream(values).limit(Math.max(1, samples())).distinct().count() == 1;
    return alike ? (int) Math.max(0, Math.min(1 << 16, values[0])) : 0;
  }

  /** Number of the method by which strips or tiles are packed; 1 if they are not. */
  public int compression() {
    return small(COMPRESSION, 1);
  }

  /** What numbers mean; without the tag colours if there are three of a pixel, else grey. */
  public int photometric() {
    return small(PHOTOMETRIC, samples() >= 3 ? RGB : BLACK_IS_ZERO);
  }

  /** Whether the samples of a pixel lie in planes of their own. */
  public boolean isPlanar() {
    return number(PLANAR, 1) == 2 && samples() > 1;
  }

  /**
   * Number of the method by which values were told from their neighbours before packing; 1 if they
   * were not.
   */
  public int predictor() {
    return small(PREDICTOR, 1);
  }

  /** Whether the first pixel is in the lowest bit of a byte. */
  public boolean isReversed() {
    return number(FILL_ORDER, 1) == 2;
  }

  /** Whether this is a picture of a page, and no thumbnail, no mask. */
  public boolean isMain() {
    return (number(SUBFILE, 0) & 0b101) == 0 && number(OLD_SUBFILE, 1) != 2;
  }

  /** Whether it is stored in tiles, and not in strips of whole rows. */
  public boolean isTiled() {
    return fields.containsKey(TILE_WIDTH) || fields.containsKey(TILE_OFFSETS);
  }

  /** Columns of a tile, or of the page if it has strips. */
  public long tileWidth() {
    return isTiled() ? number(TILE_WIDTH, 0) : width();
  }

  /** Rows of a tile or strip. */
  public long tileHeight() {
    if (isTiled()) return number(TILE_HEIGHT, 0);
    long rows = number(ROWS, height());
    return rows <= 0 ? height() : Math.min(rows, height());
  }

  /** Where strips or tiles begin. */
  public long[] offsets() {
    return numbers(isTiled() && fields.containsKey(TILE_OFFSETS) ? TILE_OFFSETS : STRIP_OFFSETS);
  }

  /** Bytes of strips or tiles; none if the file does not tell. */
  public long[] byteCounts() {
    return numbers(isTiled() && fields.containsKey(TILE_COUNTS) ? TILE_COUNTS : STRIP_COUNTS);
  }

  /** Meanings of the samples behind grey or colours: 0 unspecified, 1 and 2 transparency. */
  public long[] extraSamples() {
    return numbers(EXTRA_SAMPLES);
  }

  /** Reds, then greens, then blues of the entries of a palette, 16 bits each. */
  public int[] palette() {
    return Arrays.stream(numbers(COLORS)).mapToInt(v -> (int) v & 0xFFFF).toArray();
  }

  /** ImageDescription; empty if there is none. */
  public String description() {
    return field(DESCRIPTION).map(TiffField::text).orElse("");
  }

  /** Tables that all strips of JPEG share; empty if there are none. */
  byte[] jpegTables() {
    return field(JPEG_TABLES).map(TiffField::bytes).orElse(new byte[0]);
  }

  /** Pixels per {@link #resolutionUnit} in x and y; 0 if not told. */
  public double[] resolution() {
    return new double[] {
      field(X_RESOLUTION).map(TiffField::rational).orElse(0.0),
      field(Y_RESOLUTION).map(TiffField::rational).orElse(0.0)
    };
  }

  /** 1 none, 2 inch, 3 centimetre; 0 if not told. */
  public int resolutionUnit() {
    return small(RESOLUTION_UNIT, 0);
  }

  /** Planes that MetaMorph has put behind this one, itself included, without directories (STK). */
  public long metaMorphPlanes() {
    return field(METAMORPH).map(TiffField::count).orElse(1L);
  }

  /** Whether ImageJ has put an overlay, regions or tables of colours into the file. */
  public boolean hasMetadata() {
    return fields.containsKey(METADATA);
  }

  long[] metadataCounts() {
    return numbers(METADATA_COUNTS);
  }

  long metadataOffset() {
    return fields.get(METADATA).offset();
  }

  /** Whether what ImageJ has put into the file ends before it does. */
  boolean isMetadataInside(long fileLength) {
    TiffField data = fields.get(METADATA);
    long sum = 0;
    for (long count : metadataCounts()) {
      if (count < 0 || count > data.count()) return false;
      sum += count;
    }
    return sum <= data.count() && data.offset() <= fileLength - data.count();
  }
}
