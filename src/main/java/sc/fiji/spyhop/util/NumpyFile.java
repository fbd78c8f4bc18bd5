package sc.fiji.spyhop.util;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;

/**
 * Files of one array, {@code .npy}, as NumPy's {@code save} writes them (NEP 1): formats 1 to 3,
 * both byte orders, both orders of axes, Booleans, whole numbers and floats. What is not a plain
 * array of real numbers is refused; objects, which NumPy keeps as Python's pickles and which could
 * run code, are never looked at.
 */
public final class NumpyFile {

  /** First bytes of such a file. */
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Longest header that is read. */
  private static final int MAX_HEADER = 1 << 16;

  /** Where values begin is a multiple of it. */
  private static final int ALIGNED = 64;

  private static final int BUFFER = 1 << 16;

  private static final Pattern DESCR = Pattern.compile("'descr':\\s*'([<>|=])?(\\w+)'");
  private static final Pattern OTHER_DESCR = Pattern.compile("'descr':\\s*(.{1,60})");
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9, L]*)\\)");

  private NumpyFile() {}

  /** What a header says. */
  private record Header(NumpyArray.Type type, ByteOrder bytes, boolean fortran, int[] shape) {}

  /**
   * Reads an array.
   *
   * @throws SpyhopException if the file is missing, is no such file, is cut short, holds something
   *     else than real numbers, or more of them than fit into an array; names the file
   */
  public static NumpyArray read(Path file) {
    try (InputStream raw = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(new BufferedInputStream(raw, BUFFER))) {
      Header header = header(file, in);
      long length = NumpyArray.length(header.shape);
      Object values =
          java.lang.reflect.Array.newInstance(
              header.type.array.getComponentType(), Math.toIntExact(length));
      fill(values, header, in);
      Object ordered = header.fortran ? transposed(values, header.shape) : values;
      return new NumpyArray(header.type, header.shape, ordered);
    } catch (EOFException e) {
      throw cutShort(file, e);
    } catch (IOException e) {
      throw new SpyhopException(
          Files.exists(file)
              ? file + " cannot be read; is permission missing?"
              : file + ": there is no such file.",
          e);
    } catch (OutOfMemoryError e) {
      throw SpyhopException.outOfMemory(file, e);
    }
  }

  /**
   * Type and shape of an array, without its values.
   *
   * @throws SpyhopException as {@link #read}, as far as it is seen
   */
  public static String describe(Path file) {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      Header header = header(file, in);
      return header.type.name().toLowerCase(Locale.ROOT) + Arrays.toString(header.shape);
    } catch (IOException e) {
      throw cutShort(file, e);
    }
  }

  private static SpyhopException cutShort(Path file, Throwable e) {
    return new SpyhopException(
        file + " is cut short: it holds less than its header says. Copy it again.", e);
  }

  private static Header header(Path file, DataInputStream in) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new SpyhopException(
          file + " is no NumPy file: expected an array that numpy.save wrote (.npy).");
    }
    int version = in.readUnsignedByte();
    in.readUnsignedByte();
    if (version < 1 || version > 3) {
      throw new SpyhopException(
          Strings.format(
              "%s is a NumPy file of version %d: expected 1 to 3. Save it anew with numpy.save.",
              file, version));
    }
    byte[] size = new byte[version == 1 ? 2 : 4];
    in.readFully(size);
    ByteBuffer number = ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN);
    long length = version == 1 ? number.getShort() & 0xFFFF : number.getInt() & 0xFFFFFFFFL;
    if (length > MAX_HEADER) {
      throw new SpyhopException(
          Strings.format(
              "%s has a header of %d bytes: expected at most %d, as those of plain arrays have.",
              file, length, MAX_HEADER));
    }
    byte[] bytes = new byte[(int) length];
    in.readFully(bytes);
    Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    Header header = parsed(file, new String(bytes, charset));
    long before = MAGIC.length + 2L + size.length + length;
    requireRoom(file, header, Files.size(file) - before);
    return header;
  }

  private static Header parsed(Path file, String text) {
    String dict = text.replace('"', '\'');
    Matcher descr = DESCR.matcher(dict);
    Matcher order = ORDER.matcher(dict);
    Matcher shape = SHAPE.matcher(dict);
    if (!descr.find()) throw otherType(file, dict);
    if (!order.find() || !shape.find()) {
      throw new SpyhopException(
          file + " has a damaged header: expected a type, an order of axes and a shape.");
    }
    String code = descr.group(2);
    NumpyArray.Type type =
        Stream.of(NumpyArray.Type.values())
            .filter(t -> t.code.equals(code))
            .findFirst()
            .orElseThrow(() -> otherType(file, dict));
    ByteOrder bytes = ">".equals(descr.group(1)) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    int[] sizes;
    try {
      sizes =
          Arrays.stream(shape.group(1).split(","))
              .map(s -> s.replace("L", "").strip())
              .filter(s -> !s.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
    } catch (NumberFormatException e) {
      throw tooLarge(file, "(" + shape.group(1) + ")");
    }
    return new Header(type, bytes, order.group(1).equals("True"), sizes);
  }

  private static SpyhopException otherType(Path file, String dict) {
    Matcher found = OTHER_DESCR.matcher(dict);
    String type = found.find() ? found.group(1).replaceAll("[,}].*", "").strip() : "none";
    Optional<String> word =
        Stream.of(
                new String[] {"'\\|?O\\d?'", "Python objects"},
                new String[] {"'[<>]?c\\d+'", "complex numbers"},
                new String[] {"'[<>|]?[USa]\\d*'", "text"},
                new String[] {"'[<>]?[mM]8.*", "times"},
                new String[] {"\\[.*", "records of several fields"})
            .filter(w -> type.matches(w[0]))
            .map(w -> w[1])
            .findFirst();
    return new SpyhopException(
        Strings.format(
            "%s: expected Booleans, whole numbers of 8 to 64 bits or floats of 16 to 64, received"
                + " %s. Convert it, for example with array.astype('float32').",
            file, word.orElse("the type " + type)));
  }

  private static SpyhopException tooLarge(Path file, String shape) {
    return new SpyhopException(
        Strings.format(
            "%s: expected at most %d numbers, received an array of shape %s. Save it in parts.",
            file, Integer.MAX_VALUE - 8, shape));
  }

  /** Refuses what does not fit, before room is made for it. */
  private static void requireRoom(Path file, Header header, long bytes) {
    long length;
    try {
      length = NumpyArray.length(header.shape);
    } catch (ArithmeticException e) {
      length = Long.MAX_VALUE;
    }
    if (length > Integer.MAX_VALUE - 8) throw tooLarge(file, Arrays.toString(header.shape));
    if (length * header.type.bytes > bytes) throw cutShort(file, new EOFException());
  }

  private static void fill(Object values, Header header, DataInputStream in) throws IOException {
    int length = java.lang.reflect.Array.getLength(values);
    byte[] chunk = new byte[BUFFER];
    int perChunk = BUFFER / header.type.bytes;
    for (int from = 0; from < length; from += perChunk) {
      int n = Math.min(perChunk, length - from);
      in.readFully(chunk, 0, n * header.type.bytes);
      ByteBuffer b = ByteBuffer.wrap(chunk, 0, n * header.type.bytes).order(header.bytes);
      if (values instanceof byte[] v) {
        b.get(v, from, n);
      } else if (values instanceof short[] v) {
        b.asShortBuffer().get(v, from, n);
      } else if (values instanceof int[] v) {
        b.asIntBuffer().get(v, from, n);
      } else if (values instanceof long[] v) {
        b.asLongBuffer().get(v, from, n);
      } else if (values instanceof double[] v) {
        b.asDoubleBuffer().get(v, from, n);
      } else if (values instanceof float[] v && header.type == NumpyArray.Type.FLOAT16) {
        for (int i = 0; i < n; i++) v[from + i] = half(b.getShort());
      } else if (values instanceof float[] v) {
        b.asFloatBuffer().get(v, from, n);
      }
    }
    if (header.type == NumpyArray.Type.BOOL) {
      byte[] v = (byte[]) values;
      for (int i = 0; i < v.length; i++) v[i] = (byte) (v[i] == 0 ? 0 : 1);
    }
  }

  /** A float of 16 bits (IEEE 754). */
  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      float small = fraction * 0x1p-24f;
      return sign == 0 ? small : -small;
    }
    int wide = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  /** Values whose first axis is the fastest, in C order. */
  private static Object transposed(Object values, int[] shape) {
    int length = java.lang.reflect.Array.getLength(values);
    Object ordered =
        java.lang.reflect.Array.newInstance(values.getClass().getComponentType(), length);
    int[] steps = new int[shape.length];
    int step = 1;
    for (int d = 0; d < shape.length; d++) {
      steps[d] = step;
      step *= Math.max(1, shape[d]);
    }
    int[] at = new int[shape.length];
    int from = 0;
    for (int to = 0; to < length; to++) {
      System.arraycopy(values, from, ordered, to, 1);
      for (int d = shape.length - 1; d >= 0; d--) {
        from += steps[d];
        if (++at[d] < shape[d]) break;
        from -= steps[d] * shape[d];
        at[d] = 0;
      }
    }
    return ordered;
  }

  /**
   * Writes an array, in format 1, C order and the byte order of Intel's processors.
   *
   * @throws SpyhopException if it cannot be written
   */
  public static void write(NumpyArray array, Path file) {
    AtomicFile.write(file, out -> write(array, out));
  }

  private static void write(NumpyArray array, OutputStream out) throws IOException {
    NumpyArray.Type type =
        array.type() == NumpyArray.Type.FLOAT16 ? NumpyArray.Type.FLOAT32 : array.type();
    String sizes =
        Arrays.stream(array.shape()).mapToObj(s -> s + ",").collect(Collectors.joining(" "));
    if (array.shape().length > 1) sizes = sizes.substring(0, sizes.length() - 1);
    String dict =
        Strings.format(
            "{'descr': '%s%s', 'fortran_order': False, 'shape': (%s), }",
            type.bytes == 1 ? "|" : "<", type.code, sizes);
    int head = MAGIC.length + 4;
    int length = (head + dict.length() + 1 + ALIGNED - 1) / ALIGNED * ALIGNED - head;
    ByteBuffer header = ByteBuffer.allocate(head + length).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    header.put(dict.getBytes(StandardCharsets.US_ASCII));
    while (header.remaining() > 1) header.put((byte) ' ');
    header.put((byte) '\n');
    out.write(header.array());
    Object values = array.values();
    int perChunk = BUFFER / type.bytes;
    for (int from = 0; from < array.length(); from += perChunk) {
      int n = Math.min(perChunk, array.length() - from);
      ByteBuffer b = ByteBuffer.allocate(n * type.bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (values instanceof byte[] v) {
        b.put(v, from, n);
      } else if (values instanceof short[] v) {
        b.asShortBuffer().put(v, from, n);
      } else if (values instanceof int[] v) {
        b.asIntBuffer().put(v, from, n);
      } else if (values instanceof long[] v) {
        b.asLongBuffer().put(v, from, n);
      } else if (values instanceof float[] v) {
        b.asFloatBuffer().put(v, from, n);
      } else {
        b.asDoubleBuffer().put((double[]) values, from, n);
      }
      out.write(b.array());
    }
  }
}
