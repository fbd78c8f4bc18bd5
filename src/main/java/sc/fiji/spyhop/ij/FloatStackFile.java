package sc.fiji.spyhop.ij;

import ij.ImageJ;
import ij.measure.Calibration;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * A TIFF file of 32-bit numbers as ImageJ writes them (TIFF 6.0, one strip; all planes follow each
 * other), written part by part, so that no plane of it is ever in memory. Several threads may write
 * different parts.
 */
public final class FloatStackFile implements FloatStackSink, AutoCloseable {

  /** Offsets have 32 bits, and the directory comes first. */
  private static final long MAX_BYTES = 0xFFFFFFFFL - (1 << 24);

  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int RATIONAL = 5;

  private static final int INFO = 0x696e666f;
  private static final int LABELS = 0x6c61626c;
  private static final int MAGIC = 0x494a494a;

  private final Path file;
  private final FloatStack.Size size;
  private final Calibration calibration;
  private final List<String> labels;
  private final AtomicFile.Draft draft;
  private final long start;

  private FloatStackFile(
      Path file,
      FloatStack.Size size,
      Calibration calibration,
      List<String> labels,
      String info,
      AtomicFile.Draft draft)
      throws IOException {
    byte[] head = head(size, calibration, labels, info);
    this.file = file;
    this.size = size;
    this.calibration = calibration.copy();
    this.labels = List.copyOf(labels);
    this.draft = draft;
    this.start = head.length;
    write(ByteBuffer.wrap(head), 0);
    // all of it is there from the start: what is not written is 0
    write(ByteBuffer.wrap(new byte[1]), start + size.bytes() - 1);
  }

  /**
   * Begins a file.
   *
   * @param labels name of each channel
   * @param info text that ImageJ keeps with the image (Image, Show Info)
   * @throws SpyhopException if it would be larger than a TIFF file can be, or cannot be written
   */
  public static FloatStackFile begin(
      Path file, FloatStack.Size size, Calibration calibration, List<String> labels, String info) {
    if (size.bytes() > MAX_BYTES) {
      throw new SpyhopException(
          Strings.format(
              "%s would have %.1f GB, and a TIFF file holds 4 GB. Leave out the probabilities, or cut"
                  + " the image into parts.",
              FileNames.last(file), size.bytes() / 1e9));
    }
    AtomicFile.Draft draft = AtomicFile.draft(file);
    try {
      return new FloatStackFile(file, size, calibration, labels, info, draft);
    } catch (IOException e) {
      draft.close();
      throw AtomicFile.cannotWrite(file.toAbsolutePath(), e);
    }
  }

  @Override
  public void put(
      int channel,
      int z,
      int t,
      int x,
      int y,
      int w,
      int h,
      float[] values,
      int offset,
      int stride) {
    ByteBuffer row = ByteBuffer.allocate(4 * w);
    long plane = start + 4L * size.width() * size.height() * size.index(channel, z, t);
    try {
      for (int j = 0; j < h; j++) {
        row.clear();
        row.asFloatBuffer().put(values, offset + j * stride, w);
        write(row, plane + 4 * ((long) (y + j) * size.width() + x));
      }
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file.toAbsolutePath(), e);
    }
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    FileChannel channel = draft.channel();
    long to = at;
    while (bytes.hasRemaining()) to += channel.write(bytes, to);
  }

  /**
   * Puts the file in its place.
   *
   * @param info replaces the text that it was begun with, and is as long
   */
  public void commit(String info) {
    try {
      byte[] head = head(size, calibration, labels, info);
      if (head.length != start) throw new IllegalArgumentException("text of another length");
      write(ByteBuffer.wrap(head), 0);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file.toAbsolutePath(), e);
    }
    draft.commit();
  }

  /** Gives it up, unless it is in its place. */
  @Override
  public void close() {
    draft.close();
  }

  // ---- what stands before the pixels

  private static byte[] head(
      FloatStack.Size size, Calibration calibration, List<String> labels, String info)
      throws IOException {
    byte[] description = description(size, calibration).getBytes(StandardCharsets.ISO_8859_1);
    byte[] metadata = metadata(size, labels, info);
    int[] counts = counts(size, labels, info);
    Fields fields = new Fields();
    fields.number(254, LONG, 0);
    fields.number(256, LONG, size.width());
    fields.number(257, LONG, size.height());
    fields.number(258, SHORT, 32);
    fields.number(259, SHORT, 1);
    fields.number(262, SHORT, 1);
    fields.bytes(270, 2, description.length, description);
    fields.number(273, LONG, 0); // where the pixels begin: see below
    fields.number(277, SHORT, 1);
    fields.number(278, LONG, size.height());
    fields.number(279, LONG, 4L * size.width() * size.height());
    fields.bytes(282, RATIONAL, 1, rational(calibration.pixelWidth));
    fields.bytes(283, RATIONAL, 1, rational(calibration.pixelHeight));
    fields.number(296, SHORT, 1);
    fields.number(339, SHORT, 3);
    ByteBuffer lengths = ByteBuffer.allocate(4 * counts.length);
    for (int count : counts) lengths.putInt(count);
    fields.bytes(50838, LONG, counts.length, lengths.array());
    fields.bytes(50839, 1, metadata.length, metadata);
    long length = fields.write().length;
    fields.number(273, LONG, length);
    return fields.write();
  }

  /** The fields of a directory, in the order of their numbers, and what they point to. */
  private static final class Fields {

    private record Field(int type, int count, byte[] value) {}

    private final TreeMap<Integer, Field> fields = new TreeMap<>();

    void number(int tag, int type, long value) {
      ByteBuffer four = ByteBuffer.allocate(4);
      if (type == SHORT) four.putShort((short) value);
      else four.putInt((int) value);
      fields.put(tag, new Field(type, 1, four.array()));
    }

    void bytes(int tag, int type, int count, byte[] value) {
      fields.put(tag, new Field(type, count, value));
    }

    byte[] write() throws IOException {
      int pointed = 8 + 2 + 12 * fields.size() + 4;
      ByteArrayOutputStream more = new ByteArrayOutputStream();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.write('M');
      out.write('M');
      out.writeShort(42);
      out.writeInt(8);
      out.writeShort(fields.size());
      for (var entry : fields.entrySet()) {
        Field f = entry.getValue();
        out.writeShort(entry.getKey());
        out.writeShort(f.type);
        out.writeInt(f.count);
        if (f.value.length <= 4) {
          out.write(f.value);
          out.write(new byte[4 - f.value.length]);
        } else {
          out.writeInt(pointed + more.size());
          more.write(f.value);
          if (more.size() % 2 == 1) more.write(0);
        }
      }
      out.writeInt(0);
      more.writeTo(bytes);
      bytes.write(new byte[Math.floorMod(-bytes.size(), 4)]);
      return bytes.toByteArray();
    }
  }

  /** Pixels for each unit, as ImageJ rounds it. */
  private static byte[] rational(double side) {
    double pixels = side > 0 && Double.isFinite(side) ? 1 / side : 1;
    int scale = pixels > 1000 ? 1000 : 1_000_000;
    return ByteBuffer.allocate(8).putInt((int) (pixels * scale + 0.5)).putInt(scale).array();
  }

  /** What ImageJ tells itself. */
  private static String description(FloatStack.Size size, Calibration c) {
    StringBuilder text = new StringBuilder("ImageJ=" + ImageJ.VERSION + "\n");
    text.append("images=").append(size.planes()).append('\n');
    text.append("channels=").append(size.channels()).append('\n');
    text.append("slices=").append(size.slices()).append('\n');
    text.append("frames=").append(size.frames()).append('\n');
    text.append("hyperstack=true\nmode=grayscale\n");
    String unit = c.getUnit();
    if (c.scaled() && unit != null && !unit.isBlank()) {
      text.append("unit=").append(escaped(unit)).append('\n');
    }
    if (c.pixelDepth != 1) text.append("spacing=").append(c.pixelDepth).append('\n');
    if (c.frameInterval != 0) text.append("finterval=").append(c.frameInterval).append('\n');
    if (c.xOrigin != 0) text.append("xorigin=").append(c.xOrigin).append('\n');
    if (c.yOrigin != 0) text.append("yorigin=").append(c.yOrigin).append('\n');
    if (c.zOrigin != 0) text.append("zorigin=").append(c.zOrigin).append('\n');
    return text.append("loop=false\nmin=0.0\nmax=1.0\n\0").toString();
  }

  private static String escaped(String unit) {
    StringBuilder text = new StringBuilder();
    for (char c : unit.replace("\n", " ").toCharArray()) {
      text.append(c < 128 ? String.valueOf(c) : Strings.format("\\u%04X", (int) c));
    }
    return text.toString();
  }

  private static int[] counts(FloatStack.Size size, List<String> labels, String info) {
    int[] counts = new int[2 + size.planes()];
    counts[0] = 4 + 8 + 8;
    counts[1] = 2 * info.length();
    for (int i = 0; i < size.planes(); i++) {
      counts[2 + i] = 2 * labels.get(i % size.channels()).length();
    }
    return counts;
  }

  private static byte[] metadata(FloatStack.Size size, List<String> labels, String info)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int word : new int[] {MAGIC, INFO, 1, LABELS, size.planes()}) out.writeInt(word);
    out.writeChars(info);
    for (int i = 0; i < size.planes(); i++) out.writeChars(labels.get(i % size.channels()));
    return bytes.toByteArray();
  }
}
