package sc.fiji.spyhop.image.tiff;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;

/** Writes TIFF files of any layout, straight from TIFF 6.0 and its supplements, for tests. */
public final class TiffWriter {

  /** The pages of a file. */
  private final List<TiffWriter> pages = new ArrayList<>();

  private final Map<Integer, long[]> tags = new TreeMap<>();
  private String description = "";
  public final int width;
  public final int height;
  public int bits = 8;
  public int format = 1;
  public int samples = 1;
  public int compression = 1;
  public int predictor = 1;
  public int photometric = 1;
  public boolean planar;
  public boolean little;
  public boolean big;
  public int rows;
  public int tile;
  public byte[] jpeg = {};

  /** Bits of each sample: sample, row, column. */
  private final long[][][] values;

  /** A page with room for up to 8 samples. */
  public TiffWriter(int width, int height) {
    this.width = width;
    this.height = height;
    this.rows = height;
    this.values = new long[8][height][width];
    pages.add(this);
  }

  public void set(int sample, int x, int y, long stored) {
    values[sample][y][x] = stored;
  }

  public TiffWriter tag(int tag, long... numbers) {
    tags.put(tag, numbers);
    return this;
  }

  public TiffWriter description(String text) {
    description = text;
    return this;
  }

  /** One more page. */
  public TiffWriter add(TiffWriter page) {
    pages.add(page);
    return this;
  }

  private ByteOrder order() {
    return little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  /** The file. */
  public byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(1 << 17).order(order());
    out.put((little ? "II" : "MM").getBytes(StandardCharsets.US_ASCII));
    out.putShort((short) (big ? 43 : 42));
    if (big) out.putShort((short) 8).putShort((short) 0);
    int link = out.position();
    skip(out, big ? 8 : 4);
    for (TiffWriter page : pages) {
      page.little = little;
      page.big = big;
      link = page.write(out, link);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void skip(ByteBuffer out, int n) {
    out.position(out.position() + n);
  }

  private void word(ByteBuffer out, int at, long value) {
    if (big) out.putLong(at, value);
    else out.putInt(at, (int) value);
  }

  private int write(ByteBuffer out, int link) {
    List<byte[]> blocks = blocks();
    long[] offsets = new long[blocks.size()];
    long[] counts = new long[blocks.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = out.position();
      counts[i] = blocks.get(i).length;
      out.put(blocks.get(i));
    }
    Map<Integer, long[]> all = new HashMap<>();
    all.put(256, new long[] {width});
    all.put(257, new long[] {height});
    long[] each = new long[samples];
    Arrays.fill(each, bits);
    all.put(258, each.clone());
    all.put(259, new long[] {compression});
    all.put(262, new long[] {photometric});
    all.put(tile > 0 ? 324 : 273, offsets);
    all.put(277, new long[] {samples});
    if (tile == 0) all.put(278, new long[] {rows});
    all.put(tile > 0 ? 325 : 279, counts);
    all.put(284, new long[] {planar ? 2 : 1});
    if (predictor != 1) all.put(317, new long[] {predictor});
    if (tile > 0) all.put(322, new long[] {tile});
    if (tile > 0) all.put(323, new long[] {tile});
    Arrays.fill(each, format);
    all.put(339, each);
    all.putAll(tags);
    if (!description.isEmpty()) {
      byte[] text = (description + "\0").getBytes(StandardCharsets.UTF_8);
      long[] numbers = new long[text.length];
      for (int i = 0; i < text.length; i++) numbers[i] = text[i];
      all.put(270, numbers);
    }
    all.values().removeIf(v -> v.length == 0);
    if (out.position() % 2 == 1) out.put((byte) 0);
    word(out, link, out.position());
    if (big) out.putLong(all.size());
    else out.putShort((short) all.size());
    int entry = out.position();
    int size = big ? 20 : 12;
    int word = big ? 8 : 4;
    int next = entry + size * all.size();
    out.position(next + word);
    for (var e : new TreeMap<>(all).entrySet()) {
      long[] numbers = e.getValue();
      int tag = e.getKey();
      int type = tag == 270 ? 2 : tag == 282 || tag == 283 ? 5 : tag == 347 ? 7 : offsets(tag);
      out.putShort(entry, (short) tag);
      out.putShort(entry + 2, (short) type);
      int bytes = TiffField.width(type) * numbers.length / (type == 5 ? 2 : 1);
      word(out, entry + 4, type == 5 ? numbers.length / 2 : numbers.length);
      int at = entry + 4 + word;
      if (bytes > word) {
        word(out, at, out.position());
        at = out.position();
        skip(out, bytes + bytes % 2);
      }
      for (long number : numbers) {
        switch (type) {
          case 2, 7 -> out.put(at, (byte) number);
          case 3 -> out.putShort(at, (short) number);
          case 16 -> out.putLong(at, number);
          default -> out.putInt(at, (int) number);
        }
        at += type == 5 ? 4 : TiffField.width(type);
      }
      entry += size;
    }
    return next;
  }

  private int offsets(int tag) {
    boolean place = tag == 50838 || tag == 273 || tag == 279 || tag == 324 || tag == 325;
    return place ? big ? 16 : 4 : 3;
  }

  private List<byte[]> blocks() {
    List<byte[]> blocks = new ArrayList<>();
    int w = tile > 0 ? tile : width;
    int h = tile > 0 ? tile : rows;
    for (int plane = 0; plane < (planar ? samples : 1); plane++) {
      for (int y = 0; y < height; y += h) {
        for (int x = 0; x < width; x += w) {
          int lines = tile > 0 ? h : Math.min(h, height - y);
          int first = planar ? plane : 0;
          blocks.add(compress(rows(first, planar ? 1 : samples, x, y, w, lines)));
        }
      }
    }
    return blocks;
  }

  private byte[] rows(int first, int count, int x0, int y0, int w, int h) {
    int rowBytes = (w * count * bits + 7) / 8;
    byte[] out = new byte[rowBytes * h];
    for (int y = 0; y < h; y++) {
      for (int x = w - 1; x >= 0; x--) {
        for (int s = 0; s < count; s++) {
          long value = value(first + s, x0 + x, y0 + y);
          if (predictor == 2 && x > 0) value -= value(first + s, x0 + x - 1, y0 + y);
          put(out, y * rowBytes * 8L + (long) (x * count + s) * bits, value);
        }
      }
      if (predictor == 3) difference(out, y * rowBytes, rowBytes, count);
    }
    return out;
  }

  private long value(int s, int x, int y) {
    return x < width && y < height ? values[s][y][x] : 0;
  }

  private void put(byte[] out, long bit, long value) {
    if (bits % 8 == 0) {
      int n = bits / 8;
      int at = (int) (bit / 8);
      boolean lowFirst = little && predictor != 3;
      for (int i = 0; i < n; i++) {
        out[lowFirst ? at + i : at + n - 1 - i] = (byte) (value >> 8 * i);
      }
      return;
    }
    for (int i = 0; i < bits; i++) {
      long at = bit + bits - 1 - i;
      if ((value >> i & 1) == 1) out[(int) (at / 8)] |= (byte) (0x80 >> at % 8);
    }
  }

  /** Highest bytes of all numbers of a row first, then their differences. */
  private void difference(byte[] out, int start, int rowBytes, int count) {
    int n = bits / 8;
    int numbers = rowBytes / n;
    byte[] row = Arrays.copyOfRange(out, start, start + rowBytes);
    byte[] sorted = new byte[rowBytes];
    for (int i = 0; i < numbers; i++) {
      for (int b = 0; b < n; b++) sorted[b * numbers + i] = row[i * n + b];
    }
    for (int i = 0; i < rowBytes; i++) {
      out[start + i] = (byte) (sorted[i] - (i >= count ? sorted[i - count] : 0));
    }
  }

  private byte[] compress(byte[] bytes) {
    return switch (compression) {
      case 5 -> lzw(bytes);
      case 7 -> jpeg;
      case 8, 32946 -> deflate(bytes);
      case 32773 -> packBits(bytes);
      case 50000 -> zstd(bytes);
      default -> bytes;
    };
  }

  private static byte[] deflate(byte[] bytes) {
    Deflater deflater = new Deflater();
    deflater.setInput(bytes);
    deflater.finish();
    byte[] out = new byte[bytes.length * 2 + 100];
    int n = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, n);
  }

  private static byte[] packBits(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; ) {
      int run = 1;
      while (run < 128 && i + run < bytes.length && bytes[i + run] == bytes[i]) run++;
      if (run > 1) {
        out.write(1 - run);
        out.write(bytes[i]);
        i += run;
      } else {
        int n = Math.min(5, bytes.length - i);
        out.write(n - 1);
        out.write(bytes, i, n);
        i += n;
      }
      out.write(-128);
    }
    return out.toByteArray();
  }

  /** A frame of RFC 8878 whose blocks are stored, the last one but for its end being empty. */
  private static byte[] zstd(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, (byte) 0xA0});
    for (int i = 0; i < 4; i++) out.write(bytes.length >> 8 * i);
    for (int i = 0; i < bytes.length; i += 1000) {
      int n = Math.min(1000, bytes.length - i);
      int head = n << 3 | (i + n == bytes.length ? 1 : 0);
      for (int k = 0; k < 3; k++) out.write(head >> 8 * k);
      out.write(bytes, i, n);
    }
    return out.toByteArray();
  }

  private static byte[] lzw(byte[] bytes) {
    StringBuilder bits = new StringBuilder();
    Map<String, Integer> table = new HashMap<>();
    int[] next = {0};
    int width = clear(table, next, bits, 9);
    String before = "";
    for (byte b : bytes) {
      String longer = before + (char) (b & 0xFF);
      if (table.containsKey(longer)) {
        before = longer;
        continue;
      }
      append(bits, table.get(before), width);
      table.put(longer, next[0]++);
      if (next[0] == 512 || next[0] == 1024 || next[0] == 2048) width++;
      if (next[0] == 4094) width = clear(table, next, bits, width);
      before = "" + (char) (b & 0xFF);
    }
    append(bits, table.get(before), width);
    next[0]++;
    if (next[0] == 512 || next[0] == 1024 || next[0] == 2048) width++;
    append(bits, 257, width);
    byte[] out = new byte[(bits.length() + 7) / 8];
    for (int i = 0; i < bits.length(); i++) {
      if (bits.charAt(i) == '1') out[i / 8] |= (byte) (0x80 >> i % 8);
    }
    return out;
  }

  private static int clear(Map<String, Integer> table, int[] next, StringBuilder bits, int width) {
    append(bits, 256, width);
    table.clear();
    for (int i = 0; i < 256; i++) table.put("" + (char) i, i);
    next[0] = 258;
    return 9;
  }

  private static void append(StringBuilder bits, int code, int width) {
    for (int i = width - 1; i >= 0; i--) bits.append(code >> i & 1);
  }
}
