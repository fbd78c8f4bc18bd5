package sc.fiji.spyhop.exchange.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Reads ONNX files, with the field numbers of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>. A file is data: no
 * more memory is taken than it is long, and the values of large tensors stay in the file until they
 * are asked for. Values in other files are read if these lie in the same folder or below.
 */
public final class OnnxReader {

  /** Most bytes of a file, and of one with values: what one protocol buffer can have. */
  private static final long MOST_BYTES = Integer.MAX_VALUE;

  private static final int MOST_DIMENSIONS = 16;

  /** Most numbers in one attribute. */
  private static final int MOST_SETTINGS = 1 << 20;

  /** Most nodes, and most constants. */
  private static final int MOST_NODES = 200_000;

  private final Path file;
  private final ByteBuffer content;
  private final CodedInputStream in;

  private OnnxReader(Path file, ByteBuffer content) {
    this.file = file;
    this.content = content;
    this.in = CodedInputStream.newInstance(new BufferInput(content));
    in.setSizeLimit(Integer.MAX_VALUE);
  }

  /**
   * Reads a model.
   *
   * @throws SpyhopException if it cannot be read, is not an ONNX model, is cut off, or refers to
   *     files elsewhere; names the file
   */
  public static OnnxModel read(Path file) {
    try {
      OnnxReader reader = new OnnxReader(file, map(file));
      OnnxModel model = reader.model();
      if (model.graph().nodes().isEmpty()) {
        throw new SpyhopException(
            file + ": expected an ONNX model, received a file without a single operation.");
      }
      return model;
    } catch (IOException e) {
      boolean format = e instanceof com.google.protobuf.InvalidProtocolBufferException;
      throw new SpyhopException(
          format
              ? file + ": is not an ONNX model, or is cut off (" + e.getMessage().strip() + ")"
              : file + ": cannot be read (" + AtomicFile.reason(e) + ").",
          e);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
      throw new SpyhopException(file + ": is not a sound ONNX model (" + e.getMessage() + ").", e);
    }
  }

  private static ByteBuffer map(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new SpyhopException(file + ": there is no such file.");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > MOST_BYTES) {
        throw new SpyhopException(
            file + ": expected an ONNX file of less than 2 GB; larger ones keep values in others.");
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    }
  }

  private OnnxModel model() throws IOException {
    long[] version = {0};
    Map<String, Long> opsets = new LinkedHashMap<>();
    String[] text = {"", "", ""};
    Map<String, String> metadata = new LinkedHashMap<>();
    List<OnnxGraph> graphs = new ArrayList<>();
    fields(
        (field, tag) -> {
          switch (field) {
            case 1 -> version[0] = in.readInt64();
            case 2 -> text[0] = in.readString();
            case 3 -> text[1] = in.readString();
            case 6 -> text[2] = in.readString();
            case 7 -> graphs.add(message(this::graph));
            case 8 -> opsets.putAll(message(this::opset));
            case 14 -> metadata.putAll(message(this::pair));
            default -> in.skipField(tag);
          }
        });
    if (graphs.size() != 1) {
      throw new SpyhopException(
          file + ": expected an ONNX model with one graph, received " + graphs.size() + ".");
    }
    return new OnnxModel(version[0], opsets, text[0], text[1], text[2], metadata, graphs.get(0));
  }

  private Map<String, Long> opset() throws IOException {
    String[] domain = {""};
    long[] version = {0};
    fields(
        (field, tag) -> {
          switch (field) {
            case 1 -> domain[0] = in.readString();
            case 2 -> version[0] = in.readInt64();
            default -> in.skipField(tag);
          }
        });
    return Map.of(domain[0].equals("ai.onnx") ? "" : domain[0], version[0]);
  }

  private Map<String, String> pair() throws IOException {
    String[] text = {"", ""};
    fields(
        (field, tag) -> {
          switch (field) {
            case 1 -> text[0] = in.readString();
            case 2 -> text[1] = in.readString();
            default -> in.skipField(tag);
          }
        });
    return Map.of(text[0], text[1]);
  }

  private OnnxGraph graph() throws IOException {
    String[] name = {""};
    List<OnnxNode> nodes = new ArrayList<>();
    List<OnnxTensor> initializers = new ArrayList<>();
    List<OnnxValue> inputs = new ArrayList<>();
    List<OnnxValue> outputs = new ArrayList<>();
    List<OnnxValue> values = new ArrayList<>();
    fields(
        (field, tag) -> {
          switch (field) {
            case 1 -> bounded(nodes, MOST_NODES).add(message(this::node));
            case 2 -> name[0] = in.readString();
            case 5 -> bounded(initializers, MOST_NODES).add(message(this::tensor));
            case 11 -> message(this::value).ifPresent(inputs::add);
            case 12 -> message(this::value).ifPresent(outputs::add);
            case 13 -> message(this::value).ifPresent(values::add);
            default -> in.skipField(tag);
          }
        });
    return new OnnxGraph(name[0], nodes, initializers, inputs, outputs, values);
  }

  private OnnxNode node() throws IOException {
    String[] text = {"", "", ""};
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
    fields(
        (field, tag) -> {
          switch (field) {
            case 1 -> inputs.add(in.readString());
            case 2 -> outputs.add(in.readString());
            case 3 -> text[0] = in.readString();
            case 4 -> text[1] = in.readString();
            case 5 -> attributes.putAll(message(this::attribute));
            case 7 -> text[2] = in.readString();
            default -> in.skipField(tag);
          }
        });
    String domain = text[2].equals("ai.onnx") ? "" : text[2];
    return new OnnxNode(text[0], domain, text[1], inputs, outputs, attributes);
  }

  /** Older files do not say of which kind an attribute is: then it is what it holds. */
  private Map<String, OnnxAttribute> attribute() throws IOException {
    String[] name = {""};
    long[] type = {0};
    Map<Integer, OnnxAttribute> held = new LinkedHashMap<>();
    List<Float> reals = new ArrayList<>();
    List<Long> ints = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    fields(
        (field, tag) -> {
          switch (field) {
            case 1 -> name[0] = in.readString();
            case 2 -> held.put(1, new OnnxAttribute.Real(in.readFloat()));
            case 3 -> held.put(2, new OnnxAttribute.Int(in.readInt64()));
            case 4 -> held.put(3, new OnnxAttribute.Text(in.readBytes().toStringUtf8()));
            case 5 -> held.put(4, new OnnxAttribute.Constant(message(this::tensor)));
            case 7 -> repeated(tag, () -> bounded(reals, MOST_SETTINGS).add(in.readFloat()));
            case 8 -> repeated(tag, () -> bounded(ints, MOST_SETTINGS).add(in.readInt64()));
            case 9 -> texts.add(in.readBytes().toStringUtf8());
            case 20 -> type[0] = in.readInt64();
            default -> in.skipField(tag);
          }
        });
    if (!reals.isEmpty() || type[0] == 6) held.put(6, new OnnxAttribute.Reals(reals));
    if (!ints.isEmpty() || type[0] == 7) held.put(7, new OnnxAttribute.Ints(ints));
    if (!texts.isEmpty() || type[0] == 8) held.put(8, new OnnxAttribute.Texts(texts));
    int kind = type[0] == 0 && held.size() == 1 ? held.keySet().iterator().next() : (int) type[0];
    OnnxAttribute value = held.get(kind);
    if (value == null && kind == 1) value = new OnnxAttribute.Real(0);
    if (value == null && kind == 2) value = new OnnxAttribute.Int(0);
    if (value == null && kind == 3) value = new OnnxAttribute.Text("");
    return Map.of(name[0], value == null ? new OnnxAttribute.Other(type[0]) : value);
  }

  private OnnxTensor tensor() throws IOException {
    String[] name = {""};
    long[] type = {0};
    List<Long> shape = new ArrayList<>();
    Numbers numbers = new Numbers();
    Map<String, String> elsewhere = new LinkedHashMap<>();
    List<ByteBuffer> raw = new ArrayList<>();
    fields(
        (field, tag) -> {
          switch (field) {
            case 1 -> repeated(tag, () -> bounded(shape, MOST_DIMENSIONS).add(in.readInt64()));
            case 2 -> type[0] = in.readInt32();
            case 4 -> repeated(tag, () -> numbers.add(in.readFloat()));
            case 5 -> repeated(tag, () -> numbers.add(in.readInt32()));
            case 7 -> repeated(tag, () -> numbers.add(in.readInt64()));
            case 8 -> name[0] = in.readString();
            case 9 -> raw.add(slice());
            case 10 -> repeated(tag, () -> numbers.add(in.readDouble()));
            case 11 -> repeated(tag, () -> numbers.add(in.readUInt64()));
            case 13 -> elsewhere.putAll(message(this::pair));
            default -> in.skipField(tag);
          }
        });
    ElementType element =
        ElementType.of(type[0])
            .orElseThrow(
                () ->
                    new SpyhopException(
                        Strings.format(
                            "%s: tensor %s has a type not known here (%d).",
                            file, name[0], type[0])));
    long count = count(name[0], shape);
    if (element == ElementType.STRING) {
      return new OnnxTensor(name[0], element, shape, new OnnxTensor.Longs(new long[0]));
    }
    OnnxTensor.Values values;
    if (!elsewhere.isEmpty()) {
      values = new OnnxTensor.Raw(external(name[0], elsewhere, count * element.bytes()));
    } else if (!raw.isEmpty()) {
      values = new OnnxTensor.Raw(raw.get(raw.size() - 1));
    } else {
      values = numbers.values(element);
    }
    long received =
        values instanceof OnnxTensor.Raw r
            ? r.bytes().remaining() / Math.max(1, element.bytes())
            : numbers.size();
    if (received != count) {
      throw new SpyhopException(
          Strings.format(
              "%s: tensor %s: expected %d values for shape %s, received %d.",
              file, name[0], count, shape, received));
    }
    return new OnnxTensor(name[0], element, shape, values);
  }

  private long count(String name, List<Long> shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new SpyhopException(
            Strings.format("%s: tensor %s has the impossible shape %s.", file, name, shape));
      }
      count = Math.multiplyExact(count, size);
    }
    if (count > Integer.MAX_VALUE) {
      throw new SpyhopException(
          Strings.format(
              "%s: tensor %s of shape %s has more values than can be held.", file, name, shape));
    }
    return count;
  }

  /** Values in a file beside this one. */
  private ByteBuffer external(String name, Map<String, String> where, long expected)
      throws IOException {
    String location = where.getOrDefault("location", "");
    Path folder = file.toAbsolutePath().getParent().toRealPath();
    Path other = folder.resolve(location).normalize();
    boolean outside = location.isBlank() || !other.startsWith(folder) || other.equals(folder);
    if (!outside && Files.exists(other)) outside = !other.toRealPath().startsWith(folder);
    if (outside) {
      throw new SpyhopException(
          Strings.format(
              "%s: tensor %s: expected its values in a file within %s, but it names \"%s\"; refused.",
              file, name, folder, location));
    }
    if (!Files.isRegularFile(other)) {
      throw new SpyhopException(
          Strings.format(
              "%s: keeps values of tensor %s in %s, which is not there. Put it beside the model.",
              file, name, location));
    }
    long offset = Long.parseLong(where.getOrDefault("offset", "0"));
    long size = Files.size(other);
    long length = Long.parseLong(where.getOrDefault("length", Long.toString(size - offset)));
    if (offset < 0 || length != expected || Math.addExact(offset, length) > size) {
      throw new SpyhopException(
          Strings.format(
              "%s: tensor %s: expected %d bytes from byte %d of %s, which has %d in all.",
              file, name, expected, offset, location, size));
    }
    if (length > MOST_BYTES)
      throw new SpyhopException(file + ": tensor " + name + " is too large.");
    try (FileChannel channel = FileChannel.open(other)) {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, offset, length)
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private Optional<OnnxValue> value() throws IOException {
    String[] name = {""};
    List<OnnxValue> found = new ArrayList<>();
    fields(
        (field, tag) -> {
          switch (field) {
            case 1 -> name[0] = in.readString();
            case 2 -> message(() -> type(found));
            default -> in.skipField(tag);
          }
        });
    if (found.isEmpty()) {
      // a name without a type, as older files have for what is not told
      return Optional.of(new OnnxValue(name[0], ElementType.FLOAT, Optional.empty()));
    }
    return Optional.of(new OnnxValue(name[0], found.get(0).type(), found.get(0).shape()));
  }

  private boolean type(List<OnnxValue> found) throws IOException {
    fields(
        (field, tag) -> {
          if (field == 1) found.add(message(this::tensorType));
          else in.skipField(tag);
        });
    return true;
  }

  private OnnxValue tensorType() throws IOException {
    long[] type = {0};
    List<List<OnnxValue.Dimension>> shapes = new ArrayList<>();
    fields(
        (field, tag) -> {
          switch (field) {
            case 1 -> type[0] = in.readInt32();
            case 2 -> shapes.add(message(this::shape));
            default -> in.skipField(tag);
          }
        });
    return new OnnxValue(
        "",
        ElementType.of(type[0]).orElse(ElementType.FLOAT),
        shapes.isEmpty() ? Optional.empty() : Optional.of(shapes.get(0)));
  }

  private List<OnnxValue.Dimension> shape() throws IOException {
    List<OnnxValue.Dimension> dimensions = new ArrayList<>();
    fields(
        (field, tag) -> {
          if (field == 1) dimensions.add(message(this::dimension));
          else in.skipField(tag);
        });
    return dimensions;
  }

  private OnnxValue.Dimension dimension() throws IOException {
    OptionalLong[] size = {OptionalLong.empty()};
    String[] symbol = {""};
    fields(
        (field, tag) -> {
          switch (field) {
            case 1 -> size[0] = OptionalLong.of(in.readInt64());
            case 2 -> symbol[0] = in.readString();
            default -> in.skipField(tag);
          }
        });
    return new OnnxValue.Dimension(size[0], symbol[0]);
  }

  // -- The wire --

  private interface Field {
    void read(int field, int tag) throws IOException;
  }

  private interface Part<T> {
    T read() throws IOException;
  }

  private <T> List<T> bounded(List<T> list, int most) {
    if (list.size() < most) return list;
    throw new SpyhopException(
        file + ": is not a sound ONNX model: more than " + most + " entries in a list.");
  }

  /** All fields up to the end of this message. */
  private void fields(Field reader) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      reader.read(WireFormat.getTagFieldNumber(tag), tag);
    }
  }

  /** A message within; its kinds are not recursive, so this is not deep. */
  private <T> T message(Part<T> part) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    T value = part.read();
    in.checkLastTagWas(0);
    in.popLimit(limit);
    return value;
  }

  /** One value, or many packed together. */
  private void repeated(int tag, Part<?> value) throws IOException {
    if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      value.read();
      return;
    }
    int limit = in.pushLimit(in.readRawVarint32());
    while (!in.isAtEnd()) value.read();
    in.popLimit(limit);
  }

  /** Bytes that stay in the file. */
  private ByteBuffer slice() throws IOException {
    int length = in.readRawVarint32();
    int at = in.getTotalBytesRead();
    in.skipRawBytes(length);
    return content.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
