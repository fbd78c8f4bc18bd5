package sc.fiji.spyhop.exchange.caffe;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Weights from a {@code .caffemodel}, with the field numbers of <a
 * href="https://github.com/BVLC/caffe/blob/master/src/caffe/proto/caffe.proto">caffe.proto</a>;
 * layers of the first version too. No more memory is taken than the file is long.
 */
final class CaffeModelReader {

  private static final int MOST_DIMENSIONS = 16;
  private static final int MOST_BLOBS = 100_000;

  private final CodedInputStream in;
  private final Map<String, List<Blob>> layers = new LinkedHashMap<>();
  private int blobs;

  private CaffeModelReader(CodedInputStream in) {
    this.in = in;
  }

  /**
   * @return by the name of the layer
   * @throws SpyhopException if it cannot be read or is no such file
   */
  static Map<String, List<Blob>> read(Path file) {
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      long size = Files.size(file);
      if (size > Integer.MAX_VALUE) {
        throw new SpyhopException(file + ": expected a caffemodel of less than 2 GB.");
      }
      CodedInputStream in = CodedInputStream.newInstance(stream);
      in.setSizeLimit(Integer.MAX_VALUE);
      in.pushLimit((int) size);
      CaffeModelReader reader = new CaffeModelReader(in);
      reader.net();
      if (reader.layers.isEmpty()) {
        throw new SpyhopException(
            file + ": expected a caffemodel with layers, received a file without any.");
      }
      return reader.layers;
    } catch (InvalidProtocolBufferException e) {
      throw new SpyhopException(
          Strings.format(
              "%s: is not a caffemodel, or is cut off (%s)", file, e.getMessage().strip()),
          e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new SpyhopException(file + ": is not a sound caffemodel (" + e.getMessage() + ").", e);
    }
  }

  private void net() throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 100 -> layer(1, 7);
        case 2 -> layer(4, 6);
        default -> in.skipField(tag);
      }
    }
  }

  private void layer(int nameField, int blobField) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    String name = "";
    List<Blob> own = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (field == nameField) name = in.readString();
      else if (field == blobField) own.add(blob());
      else in.skipField(tag);
    }
    in.checkLastTagWas(0);
    in.popLimit(limit);
    if (!own.isEmpty()) layers.put(name, own);
  }

  private Blob blob() throws IOException {
    if (++blobs > MOST_BLOBS) throw new IllegalArgumentException("too many blobs");
    int limit = in.pushLimit(in.readRawVarint32());
    int[] legacy = new int[4];
    boolean old = false;
    List<Integer> shape = new ArrayList<>();
    float[] values = {};
    int count = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      boolean packed = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (field >= 1 && field <= 4) {
        legacy[field - 1] = in.readInt32();
        old = true;
      } else if (field == 7) {
        shape(shape);
      } else if (field == 5 || field == 8) {
        int width = field == 5 ? 4 : 8;
        int length = packed ? in.readRawVarint32() : width;
        if (length < 0 || length > in.getBytesUntilLimit()) {
          throw new IllegalArgumentException("a blob longer than the file");
        }
        int n = length / width;
        if (count + n > values.length) {
          values = Arrays.copyOf(values, packed ? count + n : Math.max(16, 2 * count));
        }
        for (int i = 0; i < n; i++) {
          values[count++] = field == 5 ? in.readFloat() : (float) in.readDouble();
        }
      } else {
        in.skipField(tag);
      }
    }
    in.checkLastTagWas(0);
    in.popLimit(limit);
    if (shape.isEmpty() && old) for (int size : legacy) shape.add(size);
    long expected = 1;
    for (int size : shape) {
      if (size < 0) throw new IllegalArgumentException("a blob of shape " + shape);
      expected = Math.multiplyExact(expected, (long) size);
    }
    if (expected != count) {
      throw new IllegalArgumentException("a blob of shape " + shape + " with " + count + " values");
    }
    return new Blob(
        List.copyOf(shape), values.length == count ? values : Arrays.copyOf(values, count));
  }

  private void shape(List<Integer> shape) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) != 1) {
        in.skipField(tag);
      } else if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        int inner = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) size(shape);
        in.popLimit(inner);
      } else {
        size(shape);
      }
    }
    in.popLimit(limit);
  }

  private void size(List<Integer> shape) throws IOException {
    if (shape.size() == MOST_DIMENSIONS) throw new IllegalArgumentException("too many dimensions");
    shape.add(Math.toIntExact(in.readInt64()));
  }
}
