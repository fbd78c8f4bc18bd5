package sc.fiji.spyhop.exchange.bioimage;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Tensors in NumPy's format, written as version 1.0, read up to 3.0: <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>.
 */
final class NpyFile {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

  /** Of an array that is read; some planes of 4096 x 4096 pixels. */
  private static final int MAX_VALUES = 64 << 20;

  private static final Pattern HEADER =
      Pattern.compile(
          "\\s*\\{\\s*'descr':\\s*'(?<type>[<>|=][a-z][1248])',\\s*'fortran_order':\\s*"
              + "(?<fortran>True|False),\\s*'shape':\\s*\\((?<shape>[0-9, ]{0,200})\\),?\\s*\\}\\s*");

  private NpyFile() {}

  /** Little-endian, row-major. */
  static byte[] bytes(Tensor tensor) {
    String shape =
        Arrays.stream(tensor.shape()).mapToObj(s -> s + ", ").collect(Collectors.joining());
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape.stripTrailing() + "), }";
    int before = MAGIC.length + Short.BYTES;
    int padded = (before + header.length()) / ALIGNMENT * ALIGNMENT + ALIGNMENT - before;
    ByteBuffer bytes =
        ByteBuffer.allocate(before + padded + Float.BYTES * tensor.length())
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putShort((short) padded);
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    while (bytes.position() < before + padded - 1) bytes.put((byte) ' ');
    bytes.put((byte) '\n');
    bytes.asFloatBuffer().put(tensor.data());
    return bytes.array();
  }

  /**
   * An array.
   *
   * @param shape as in the file, slowest first
   * @param values in that order
   */
  record Array(int[] shape, float[] values) {}

  /**
   * Reads numbers of any type, as floats.
   *
   * @throws SpyhopException if the file is none of this format, is cut off, or larger than is
   *     needed of a test
   */
  static Array read(Path file) {
    try {
      if (Files.size(file) > (long) MAX_VALUES * Double.BYTES) throw tooMany(file);
      return read(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected numbers in NumPy's format (.npy), in full, received something else%s.",
              file, e.getMessage() == null ? "" : " (" + e.getMessage() + ")"),
          e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    }
  }

  private static SpyhopException tooMany(Object what) {
    return new SpyhopException(
        Strings.format(
            "%s: expected an array of at most %d million numbers.", what, MAX_VALUES >> 20));
  }

  private static Array read(ByteBuffer bytes) {
    byte[] magic = new byte[6];
    bytes.get(magic);
    if (!Arrays.equals(magic, 0, 6, MAGIC, 0, 6)) throw new IllegalArgumentException("no NumPy");
    int version = bytes.get();
    bytes.get();
    int length = version == 1 ? Short.toUnsignedInt(bytes.getShort()) : bytes.getInt();
    if (version < 1 || version > 3 || length < 0 || length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] head = new byte[length];
    bytes.get(head);
    Matcher header = HEADER.matcher(new String(head, StandardCharsets.ISO_8859_1));
    if (!header.matches()) throw new IllegalArgumentException("its header");
    int[] shape =
        Arrays.stream(header.group("shape").split(","))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    String type = header.group("type");
    bytes.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    long count = Tensor.length(shape);
    int size = type.charAt(2) - '0';
    if (Math.multiplyExact(count, size) > bytes.remaining()) throw new BufferUnderflowException();
    if (count > MAX_VALUES) throw tooMany("Test tensor");
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) values[i] = number(bytes, type.substring(1));
    return new Array(shape, header.group("fortran").equals("True") ? rows(shape, values) : values);
  }

  private static float number(ByteBuffer bytes, String type) {
    return switch (type) {
      case "f4" -> bytes.getFloat();
      case "f8" -> (float) bytes.getDouble();
      case "f2" -> half(bytes.getShort());
      case "b1", "i1" -> bytes.get();
      case "u1" -> Byte.toUnsignedInt(bytes.get());
      case "i2" -> bytes.getShort();
      case "u2" -> Short.toUnsignedInt(bytes.getShort());
      case "i4" -> bytes.getInt();
      case "u4" -> Integer.toUnsignedLong(bytes.getInt());
      case "i8" -> bytes.getLong();
      default -> throw new IllegalArgumentException("numbers of the type " + type);
    };
  }

  /** IEEE 754 binary16. */
  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    float size =
        exponent == 0
            ? Math.scalb((float) fraction, -24)
            : exponent == 0x1F
                ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                : Math.scalb((float) (fraction | 0x400), exponent - 25);
    return bits < 0 ? -size : size;
  }

  /** From the first axis fastest to the last axis fastest. */
  private static float[] rows(int[] shape, float[] columns) {
    int[] steps = new int[shape.length];
    int step = 1;
    for (int d = 0; d < shape.length; d++) {
      steps[d] = step;
      step *= shape[d];
    }
    return arranged(shape, steps, columns);
  }

  /**
   * The values of an array in another order.
   *
   * @param shape to go through, last axis fastest
   * @param steps from a value to the next along each of its axes
   */
  static float[] arranged(int[] shape, int[] steps, float[] values) {
    float[] arranged = new float[values.length];
    int[] index = new int[shape.length];
    int at = 0;
    for (int i = 0; i < arranged.length; i++) {
      arranged[i] = values[at];
      for (int d = shape.length - 1; d >= 0; d--) {
        at += steps[d];
        if (++index[d] < shape[d]) break;
        at -= steps[d] * shape[d];
        index[d] = 0;
      }
    }
    return arranged;
  }
}
