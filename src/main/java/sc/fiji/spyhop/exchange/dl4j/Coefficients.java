package sc.fiji.spyhop.exchange.dl4j;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.util.Strings;

/**
 * All parameters of a network in one row, as ND4J writes an array: a buffer of whole numbers that
 * tells its shape, then a buffer of its values. A buffer is the name of its mode, its length (64
 * bits), the name of its type, and its values, big end first.
 */
final class Coefficients {

  private static final String MODE = "MIXED_DATA_TYPES";

  /** Mode of versions before 1.0.0-beta4, laid out alike. */
  private static final String OLD_MODE = "LONG_SHAPE";

  private static final int MAX_RANK = 32;

  private Coefficients() {}

  /** Hands out values from front to back. */
  static final class Reader {

    private static final int BLOCK = 1 << 18;

    private final DataInputStream in;
    private final boolean isDouble;
    private long left;

    /**
     * Reads up to the first value.
     *
     * @throws SpyhopException if it is not a row of floats or doubles
     */
    Reader(InputStream bytes) throws IOException {
      in = new DataInputStream(new BufferedInputStream(bytes, 1 << 16));
      long expected = count();
      requireMode();
      left = in.readLong();
      String type = in.readUTF();
      isDouble = type.equals("DOUBLE");
      if (!isDouble && !type.equals("FLOAT")) {
        throw new SpyhopException(
            "expected parameters of type FLOAT or DOUBLE, received "
                + Strings.visible(type)
                + ". Convert the network (convertDataType) and save it again.");
      }
      if (left != expected) throw unsound();
    }

    private static SpyhopException unsound() {
      return new SpyhopException("the parameters are not a row of numbers as ND4J writes it.");
    }

    private void requireMode() throws IOException {
      String mode = in.readUTF();
      if (mode.equals(MODE) || mode.equals(OLD_MODE)) return;
      throw new SpyhopException(
          "the parameters are in a format of ND4J that is not known ("
              + Strings.visible(mode)
              + "). Expected what versions from 1.0.0-beta on write: load the network there and save"
              + " it again.");
    }

    /** Number of values that the shape tells of. */
    private long count() throws IOException {
      requireMode();
      long length = in.readLong();
      boolean isInt = in.readUTF().equals("INT");
      long rank = isInt ? in.readInt() : in.readLong();
      if (rank < 0 || rank > MAX_RANK || length != 2 * rank + 4) throw unsound();
      long count = 1;
      int wide = 0;
      for (int i = 1; i < length; i++) {
        long number = isInt ? in.readInt() : in.readLong();
        if (i > rank) continue;
        if (number < 1) throw unsound();
        if (number > 1) wide++;
        count = Math.max(count, number);
      }
      if (wide > 1) throw unsound();
      return count;
    }

    /**
     * The next values.
     *
     * @throws Unsupported if there are not as many
     */
    float[] next(long count) throws IOException {
      if (count > left || count > Integer.MAX_VALUE - 8) {
        throw new Unsupported(
            Strings.format("needs %d parameters, the file has %d left for it", count, left));
      }
      left -= count;
      // a damaged file may tell of more values than it has
      float[] values = new float[(int) Math.min(count, BLOCK)];
      for (int i = 0; i < count; i++) {
        if (i == values.length) {
          values = Arrays.copyOf(values, (int) Math.min(count, 2L * values.length));
        }
        values[i] = isDouble ? (float) in.readDouble() : in.readFloat();
      }
      return values;
    }

    /**
     * @throws SpyhopException if there are more values
     */
    void requireEnd() {
      if (left == 0) return;
      throw new SpyhopException(
          Strings.format(
              "has %d parameters more than its layers need, so that it is unclear whose they are.",
              left));
    }
  }

  /** Gathers values from front to back. */
  static final class Writer {

    private static final int FLOAT = 0x2000;

    private final List<float[]> parts = new ArrayList<>();
    private long count;

    void add(float[] values) {
      parts.add(values);
      count += values.length;
    }

    float[] all() {
      float[] all = new float[Math.toIntExact(count)];
      int at = 0;
      for (float[] part : parts) {
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
      return all;
    }

    void write(OutputStream bytes) throws IOException {
      DataOutputStream out = new DataOutputStream(new BufferedOutputStream(bytes, 1 << 16));
      // rank, size, step, type, step again, order c
      long[] shape = {1, count, 1, FLOAT, 1, 'c'};
      header(out, shape.length, "LONG");
      for (long number : shape) out.writeLong(number);
      header(out, count, "FLOAT");
      for (float[] part : parts) {
        for (float value : part) out.writeFloat(value);
      }
      out.flush();
    }

    private static void header(DataOutputStream out, long length, String type) throws IOException {
      out.writeUTF(MODE);
      out.writeLong(length);
      out.writeUTF(type);
    }
  }
}
