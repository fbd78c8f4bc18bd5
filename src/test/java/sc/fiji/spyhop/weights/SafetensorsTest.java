package sc.fiji.spyhop.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

class SafetensorsTest {

  /** Header length, header, data: all by hand. */
  private static byte[] file(String header, int... data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    for (int b : data) bytes.put((byte) b);
    return bytes.array();
  }

  private static Safetensors.Content read(byte[] bytes) throws IOException {
    return Safetensors.read(new ByteArrayInputStream(bytes), bytes.length);
  }

  private static String refused(byte[] bytes) {
    return assertThrows(SpyhopException.class, () -> read(bytes)).getMessage();
  }

  private static String refused(String header, int... data) {
    return refused(file(header, data));
  }

  private static Weights weights(Object... namesAndTensors) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTensors.length; i += 2) {
      tensors.put((String) namesAndTensors[i], (Tensor) namesAndTensors[i + 1]);
    }
    return new Weights(tensors);
  }

  @Test
  void readsBytesAssembledByHand() throws IOException {
    // 1.5f is 0x3fc00000, -2f is 0xc0000000
    Safetensors.Content content =
        read(
            file(
                "{\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,8]},"
                    + "\"__metadata__\":{\"author\":\"Ærø\"},"
                    + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},"
                    + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[8,8]}}   ",
                0,
                0,
                0xc0,
                0x3f,
                0,
                0,
                0,
                0xc0));
    assertEquals(List.of("a", "b", "none"), List.copyOf(content.weights().tensors().keySet()));
    assertArrayEquals(new float[] {1.5f}, content.weights().get("a").data());
    assertEquals(Axes.OI, content.weights().get("a").axes());
    assertArrayEquals(new float[] {-2}, content.weights().get("b").data());
    assertEquals(0, content.weights().get("b").rank());
    assertArrayEquals(new int[] {0, 3}, content.weights().get("none").shape());
    assertEquals(Map.of("author", "Ærø"), content.metadata());
  }

  @Test
  void writesTheSameBytes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(
        out,
        weights("a", new Tensor(Axes.OI, new int[] {1, 2}, new float[] {1.5f, -2})),
        Map.of("k", "v"));
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
    header += " ".repeat((8 - header.length() % 8) % 8);
    assertArrayEquals(file(header, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0), out.toByteArray());
  }

  @Test
  void everyBitComesBack(@TempDir Path folder) throws IOException {
    int[] bits = new int[70_000];
    for (int i = 0; i < bits.length; i++) bits[i] = i * 0x9e3779b9;
    bits[0] = 0x7fc12345; // quiet NaN with a payload
    bits[1] = 0x7f812345; // signalling NaN
    bits[2] = 0xffffffff;
    bits[3] = 0x80000000; // -0
    bits[4] = 1; // smallest subnormal
    float[] values = new float[bits.length];
    ByteBuffer buffer = ByteBuffer.allocate(4 * bits.length);
    buffer.asIntBuffer().put(bits);
    buffer.asFloatBuffer().get(values);
    Weights weights =
        weights(
            "z.weight",
            new Tensor(new Axes("OIDHW"), new int[] {7, 10, 10, 10, 10}, values),
            "a.bias",
            Tensor.zeros(Axes.C, 3));
    Path file = folder.resolve("w.safetensors");
    Safetensors.write(file, weights, Map.of());
    Safetensors.write(file, weights, Map.of());
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(List.of(file), all.toList());
    }
    Weights back = Safetensors.read(file).weights();
    assertEquals(List.of("z.weight", "a.bias"), List.copyOf(back.tensors().keySet()));
    assertEquals("OIDHW[7, 10, 10, 10, 10]", back.get("z.weight").toString());
    int[] read = new int[bits.length];
    buffer.asFloatBuffer().put(back.get("z.weight").data());
    buffer.asIntBuffer().get(read);
    assertArrayEquals(bits, read);
  }

  @Test
  void otherTypesAreConverted() throws IOException {
    // 1, -2, 65504, 2^-24, infinity, -0 in binary16
    assertValues(
        "F16",
        new float[] {1, -2, 65504, 0x1p-24f, Float.POSITIVE_INFINITY, -0f},
        0x00,
        0x3c,
        0x00,
        0xc0,
        0xff,
        0x7b,
        0x01,
        0x00,
        0x00,
        0x7c,
        0x00,
        0x80);
    assertValues("BF16", new float[] {1.5f, -2}, 0xc0, 0x3f, 0x00, 0xc0);
    assertValues("F64", new float[] {1.5f}, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f);
    assertValues("I64", new float[] {-2}, 0xfe, 255, 255, 255, 255, 255, 255, 255);
    assertValues("I32", new float[] {258}, 2, 1, 0, 0);
    assertValues("I16", new float[] {-2}, 0xfe, 255);
    assertValues("I8", new float[] {-2}, 0xfe);
    assertValues("U8", new float[] {254}, 0xfe);
    assertValues("BOOL", new float[] {1, 0}, 1, 0);
    assertTrue(Float.isNaN(convert("F16", 1, 0x01, 0x7e)[0]));
  }

  private static void assertValues(String type, float[] expected, int... data) throws IOException {
    assertArrayEquals(expected, convert(type, expected.length, data), type);
  }

  private static float[] convert(String type, int length, int... data) throws IOException {
    return read(file(tensor("x", type, "[" + length + "]", 0, data.length), data))
        .weights()
        .get("x")
        .data();
  }

  private static String tensor(String name, String type, String shape, long begin, long end) {
    return "{" + field(name, type, shape, begin, end) + "}";
  }

  private static String field(String name, String type, String shape, long begin, long end) {
    return Strings.format(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
        name, type, shape, begin, end);
  }

  @Test
  void whatFloatsCannotHoldIsRefused() {
    // 2^24 + 1
    assertEquals(
        "safetensors: tensor x: 16777217 does not fit in 32-bit floating point exactly",
        refused(tensor("x", "I32", "[1]", 0, 4), 1, 0, 0, 1));
    assertTrue(
        refused(tensor("x", "F8_E4M3", "[1]", 0, 1), 1)
            .startsWith(
                "safetensors: tensor x: data type F8_E4M3 cannot be read; known are [F64,"));
  }

  @Test
  void layoutIsChecked() {
    String hole = field("a", "U8", "[1]", 0, 1) + "," + field("b", "U8", "[1]", 2, 3);
    assertEquals(
        "safetensors: tensor b: expected its data to begin at byte 1, where the one before ends;"
            + " the header says 2",
        refused("{" + hole + "}", 1, 2, 3));
    String overlap = field("a", "U8", "[2]", 0, 2) + "," + field("b", "U8", "[2]", 1, 3);
    assertEquals(
        "safetensors: tensor b: expected its data to begin at byte 2, where the one before ends;"
            + " the header says 1",
        refused("{" + overlap + "}", 1, 2, 3));
    assertEquals(
        "safetensors: tensor a: expected 8 bytes for shape [2] of F32, data_offsets are [0, 4]",
        refused(tensor("a", "F32", "[2]", 0, 4), 1, 2, 3, 4));
    assertEquals(
        "safetensors: tensor a: expected 8 bytes for shape [2] of F32, data_offsets are [8, 0]",
        refused(tensor("a", "F32", "[2]", 8, 0), 1, 2, 3, 4));
    String twice = field("a", "U8", "[1]", 0, 1) + "," + field("a", "U8", "[1]", 1, 2);
    assertTrue(refused("{" + twice + "}", 1, 2).contains("Duplicate field 'a'"));
  }

  @Test
  void truncatedAndOverlongFilesAreRefused() {
    byte[] whole = file(tensor("a", "U8", "[3]", 0, 3), 1, 2, 3);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(SpyhopException.class, () -> read(part));
      assertThrows(
          SpyhopException.class,
          () -> Safetensors.read(new ByteArrayInputStream(part), Long.MAX_VALUE));
    }
    byte[] part = Arrays.copyOf(whole, whole.length - 1);
    assertEquals(
        "safetensors: is cut off within the data of tensor a",
        assertThrows(
                SpyhopException.class,
                () -> Safetensors.read(new ByteArrayInputStream(part), Long.MAX_VALUE))
            .getMessage());
    assertEquals(
        "safetensors: holds more bytes than its header lists",
        refused(Arrays.copyOf(whole, whole.length + 1)));
  }

  @Test
  void memoryIsNotTakenOnTheFilesWord() {
    assertTrue(
        refused(tensor("a", "U8", "[2147483639]", 0, 2147483639L), 1).contains("may be at most"));
    assertTrue(refused(tensor("a", "U8", "[4294967296,4294967296]", 0, 0), 1).contains("at most"));
    assertTrue(refused(tensor("a", "U8", "[9999999999999999999]", 0, 0)).contains("whole numbers"));
    byte[] length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(-1).array();
    assertEquals(
        "safetensors: expected a header of 2 to 100000000 bytes, the file says"
            + " 18446744073709551615",
        refused(length));
  }

  @Test
  void strangeHeadersAreRefused() {
    assertTrue(refused("[]").contains("begins with {"));
    assertTrue(refused("{}{}").contains("nothing after"));
    assertTrue(refused("{\"a\":1}").contains("an object"));
    assertTrue(refused("{\"a\":{}}").contains("dtype, shape and two data_offsets"));
    assertTrue(refused("{\"a\":").contains("cannot be read"));
    assertTrue(refused("{\"__metadata__\":{\"k\":1}}").contains("text"));
    assertTrue(
        refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,0]}}")
            .contains("whole numbers from 0 for shape"));
    assertTrue(
        refused("{\"a\":{\"dtype\":\"U8\",\"stride\":[1]}}").contains("unknown field stride"));
    assertTrue(refused("{" + "\"a\":{".repeat(5000)).startsWith("safetensors: "));
  }

  @Test
  void filesAreNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "hello");
    assertEquals(
        "notes.txt: safetensors: expected 8 bytes of header length, received 5",
        assertThrows(SpyhopException.class, () -> Safetensors.read(file)).getMessage());
    assertThrows(IOException.class, () -> Safetensors.read(folder.resolve("absent")));
    assertThrows(
        SpyhopException.class,
        () ->
            Safetensors.write(
                folder.resolve("w"), weights("__metadata__", Tensor.zeros(Axes.C, 1)), Map.of()));
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(List.of(file), all.toList());
    }
  }
}
