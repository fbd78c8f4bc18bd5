package sc.fiji.spyhop.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;

/**
 * Weights in the safetensors format (version 0.x of its specification, huggingface/safetensors):
 * the length of a JSON header as 8 bytes, little-endian; the header with data type, shape and
 * position of each tensor; the data, row-major and little-endian. Files hold data only and are safe
 * to read whoever made them: the header is checked in full before any tensor is read.
 */
public final class Safetensors {

  /** Longest header, in bytes; the limit of the reference implementation. */
  public static final int MAX_HEADER = 100_000_000;

  /** Most tensors in one file. */
  public static final int MAX_TENSORS = 100_000;

  private static final String METADATA = "__metadata__";
  private static final int CHUNK = 1 << 16;
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private Safetensors() {}

  /**
   * What a file holds.
   *
   * @param weights in the order of their data. The format knows no axes: tensors of rank 1, 2, 4
   *     and 5 get those of parameters (C, OI, OIHW, OIDHW); {@link Weights#fittedTo} sets them
   *     right
   * @param metadata free text by key
   */
  public record Content(Weights weights, Map<String, String> metadata) {
    /** Copies the metadata, sorted by key. */
    public Content {
      metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }
  }

  /** Data types that can be read; all but {@code F32} are converted. */
  private enum Type {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  private record Entry(String name, Type type, int[] shape, int length, long begin, long end) {}

  private record Header(List<Entry> entries, Map<String, String> metadata) {}

  // -- Writing --

  /**
   * Writes a file of type F32. The bits of every value are kept. The file appears complete or not
   * at all, and outlasts a power cut.
   *
   * @param file whose folder exists
   * @param weights whose axes are not written
   * @param metadata free text by key
   * @throws IOException if the file cannot be written; what was there before is kept
   */
  public static void write(Path file, Weights weights, Map<String, String> metadata)
      throws IOException {
    AtomicFile.replace(file, out -> write(out, weights, metadata), true);
  }

  /**
   * Writes to a stream, which stays open.
   *
   * @throws IOException if the stream fails
   */
  public static void write(OutputStream out, Weights weights, Map<String, String> metadata)
      throws IOException {
    byte[] header = header(weights, metadata);
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    out.write(buffer.putLong(0, header.length).array(), 0, Long.BYTES);
    out.write(header);
    for (Tensor t : weights.tensors().values()) {
      float[] data = t.data();
      int step = CHUNK / Float.BYTES;
      for (int at = 0; at < data.length; at += step) {
        int n = Math.min(step, data.length - at);
        buffer.asFloatBuffer().put(data, at, n);
        out.write(buffer.array(), 0, n * Float.BYTES);
      }
    }
    out.flush();
  }

  private static byte[] header(Weights weights, Map<String, String> metadata) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> e : new TreeMap<>(metadata).entrySet()) {
          json.writeStringField(e.getKey(), e.getValue());
        }
        json.writeEndObject();
      }
      long at = 0;
      for (Map.Entry<String, Tensor> e : weights.tensors().entrySet()) {
        if (e.getKey().equals(METADATA)) {
          throw new SpyhopException("weights: no tensor may be named " + METADATA);
        }
        json.writeObjectFieldStart(e.getKey());
        json.writeStringField("dtype", Type.F32.name());
        json.writeFieldName("shape");
        int[] shape = e.getValue().shape();
        json.writeArray(shape, 0, shape.length);
        json.writeFieldName("data_offsets");
        long end = at + (long) Float.BYTES * e.getValue().length();
        json.writeArray(new long[] {at, end}, 0, 2);
        json.writeEndObject();
        at = end;
      }
      json.writeEndObject();
    }
    while (bytes.size() % Long.BYTES != 0) bytes.write(' ');
    if (bytes.size() > MAX_HEADER) {
      throw new SpyhopException("weights: names and metadata exceed " + MAX_HEADER + " bytes");
    }
    return bytes.toByteArray();
  }

  // -- Reading --

  /**
   * Reads a file.
   *
   * @param file of one piece; an index of several files is none
   * @throws SpyhopException if it is not a safetensors file, is cut off, or holds what floats
   *     cannot; the message names the file
   * @throws IOException if it cannot be opened or read
   */
  public static Content read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, Files.size(file));
    } catch (SpyhopException e) {
      throw new SpyhopException(FileNames.last(file) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a stream to its end; it stays open.
   *
   * @param mostBytes refuse, before memory is taken for the data, what says it is longer than this
   * @throws SpyhopException if it is not a safetensors file, is cut off, too long, or holds what
   *     floats cannot
   * @throws IOException if it cannot be read
   */
  public static Content read(InputStream in, long mostBytes) throws IOException {
    byte[] prefix = in.readNBytes(Long.BYTES);
    if (prefix.length < Long.BYTES) {
      throw bad("expected 8 bytes of header length, received " + prefix.length);
    }
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > MAX_HEADER) {
      throw bad(
          "expected a header of 2 to "
              + MAX_HEADER
              + " bytes, the file says "
              + Long.toUnsignedString(length));
    }
    if (length > mostBytes - Long.BYTES) throw tooLong(Long.BYTES + length, mostBytes);
    byte[] text = in.readNBytes((int) length);
    if (text.length < length) {
      throw bad("is cut off: expected a header of " + length + " bytes, received " + text.length);
    }
    Header header = parse(text);
    long total = Long.BYTES + length + checkLayout(header.entries());
    if (total > mostBytes) throw tooLong(total, mostBytes);

    Map<String, Tensor> tensors = new LinkedHashMap<>();
    byte[] chunk = new byte[CHUNK];
    for (Entry e : header.entries()) tensors.put(e.name(), data(in, e, chunk));
    if (in.read() >= 0) throw bad("holds more bytes than its header lists");
    return new Content(new Weights(tensors), header.metadata());
  }

  private static SpyhopException tooLong(long total, long most) {
    return bad("lists " + total + " bytes, but there are or may be at most " + most);
  }

  private static SpyhopException bad(String what) {
    return new SpyhopException("safetensors: " + what);
  }

  /** Sorts by position and checks that the data lies side by side; gives its length. */
  private static long checkLayout(List<Entry> entries) {
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    for (Entry e : entries) {
      if (e.begin() != at) {
        throw bad(
            "tensor "
                + e.name()
                + ": expected its data to begin at byte "
                + at
                + ", where the one before ends; the header says "
                + e.begin());
      }
      at = e.end();
    }
    return at;
  }

  private static Tensor data(InputStream in, Entry e, byte[] chunk) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[e.length()];
    int step = chunk.length / e.type().bytes;
    for (int at = 0; at < values.length; at += step) {
      int n = Math.min(step, values.length - at);
      int bytes = n * e.type().bytes;
      if (in.readNBytes(chunk, 0, bytes) < bytes) {
        throw bad("is cut off within the data of tensor " + e.name());
      }
      convert(e, buffer, values, at, n);
    }
    return new Tensor(axes(e.shape().length), e.shape(), values);
  }

  private static void convert(Entry e, ByteBuffer buffer, float[] values, int at, int n) {
    switch (e.type()) {
      case F32 -> buffer.asFloatBuffer().get(values, at, n);
      case F64 -> {
        for (int i = 0; i < n; i++) values[at + i] = (float) buffer.getDouble(8 * i);
      }
      case F16 -> {
        for (int i = 0; i < n; i++) values[at + i] = half(buffer.getShort(2 * i));
      }
      case BF16 -> {
        for (int i = 0; i < n; i++) {
          values[at + i] = Float.intBitsToFloat(buffer.getShort(2 * i) << 16);
        }
      }
      case I64 -> {
        for (int i = 0; i < n; i++) values[at + i] = exact(e, buffer.getLong(8 * i));
      }
      case I32 -> {
        for (int i = 0; i < n; i++) values[at + i] = exact(e, buffer.getInt(4 * i));
      }
      case I16 -> {
        for (int i = 0; i < n; i++) values[at + i] = buffer.getShort(2 * i);
      }
      case I8 -> {
        for (int i = 0; i < n; i++) values[at + i] = buffer.get(i);
      }
      case U8, BOOL -> {
        for (int i = 0; i < n; i++) values[at + i] = buffer.get(i) & 0xff;
      }
    }
  }

  private static float exact(Entry e, long value) {
    float f = value;
    if ((long) f != value || f == 0x1p63f) {
      throw bad(
          "tensor " + e.name() + ": " + value + " does not fit in 32-bit floating point exactly");
    }
    return f;
  }

  /** IEEE 754 binary16. */
  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    int sign = bits << 16 & 0x80000000;
    if (exponent == 0) return Math.copySign(fraction * 0x1p-24f, Float.intBitsToFloat(sign));
    int wide = exponent == 0x1f ? 0xff : exponent + 127 - 15;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  private static Axes axes(int rank) {
    return switch (rank) {
      case 1 -> Axes.C;
      case 2 -> Axes.OI;
      case 4 -> Axes.OIHW;
      case 5 -> new Axes("OIDHW");
      default -> new Axes("ABCDEFGHIJKLMNOPQRSTUVWXYZ".substring(0, rank));
    };
  }

  // -- The header --

  private static Header parse(byte[] bytes) {
    if (bytes[0] != '{') throw bad("expected a header that begins with {");
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new SpyhopException("safetensors: expected a header in UTF-8", e);
    }
    try (JsonParser json = JSON.createParser(text)) {
      List<Entry> entries = new ArrayList<>();
      Map<String, String> metadata = Map.of();
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        require(json.nextToken() == JsonToken.START_OBJECT, name, "an object");
        if (name.equals(METADATA)) {
          metadata = metadata(json);
        } else {
          if (entries.size() == MAX_TENSORS) {
            throw bad("expected at most " + MAX_TENSORS + " tensors");
          }
          entries.add(entry(json, name));
        }
      }
      if (json.nextToken() != null) throw bad("expected nothing after the header's object");
      return new Header(entries, metadata);
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("not JSON");
      throw new SpyhopException("safetensors: the header cannot be read: " + reason, e);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, String> metadata(JsonParser json) throws IOException {
    Map<String, String> metadata = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      require(json.nextToken() == JsonToken.VALUE_STRING, METADATA, "text for each key");
      metadata.put(key, json.getText());
    }
    return metadata;
  }

  private static Entry entry(JsonParser json, String name) throws IOException {
    String type = null;
    long[] shape = null;
    long[] offsets = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken token = json.nextToken();
      switch (field) {
        case "dtype" -> {
          require(token == JsonToken.VALUE_STRING, name, "text for dtype");
          type = json.getText();
        }
        case "shape" -> shape = numbers(json, name, field);
        case "data_offsets" -> offsets = numbers(json, name, field);
        default -> throw bad("tensor " + name + ": unknown field " + field);
      }
    }
    require(
        type != null && shape != null && offsets != null && offsets.length == 2,
        name,
        "dtype, shape and two data_offsets");
    Type known = type(name, type);
    long length = length(name, shape);
    require(
        offsets[0] <= offsets[1] && offsets[1] - offsets[0] == length * known.bytes,
        name,
        length * known.bytes
            + " bytes for shape "
            + Arrays.toString(shape)
            + " of "
            + known
            + ", data_offsets are "
            + Arrays.toString(offsets));
    int[] sizes = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
    return new Entry(name, known, sizes, (int) length, offsets[0], offsets[1]);
  }

  private static Type type(String name, String type) {
    return Arrays.stream(Type.values())
        .filter(t -> t.name().equals(type))
        .findFirst()
        .orElseThrow(
            () ->
                bad(
                    "tensor "
                        + name
                        + ": data type "
                        + type
                        + " cannot be read; known are "
                        + Arrays.toString(Type.values())));
  }

  /** Number of values of a shape, each of its sizes and their product within what arrays hold. */
  private static long length(String name, long[] shape) {
    require(shape.length <= 26, name, "at most 26 dimensions");
    long length = 1;
    for (long size : shape) {
      length = size > MAX_ARRAY || length > MAX_ARRAY ? Long.MAX_VALUE : length * size;
    }
    require(
        length <= MAX_ARRAY,
        name,
        "at most " + MAX_ARRAY + " values, the shape is " + Arrays.toString(shape));
    return length;
  }

  private static long[] numbers(JsonParser json, String name, String field) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, name, "a list for " + field);
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(
          json.currentToken() == JsonToken.VALUE_NUMBER_INT
              && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
              && json.getLongValue() >= 0
              && numbers.size() < 64,
          name,
          "whole numbers from 0 for " + field);
      numbers.add(json.getLongValue());
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private static void require(boolean holds, String name, String expected) {
    if (!holds) throw bad("tensor " + name + ": expected " + expected);
  }
}
