package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.NumpyTensors;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.NumpyArray.Type;

/** Files that NumPy 2.4 wrote: {@code numpy.save(name, numpy.array([[...], [...]], type))}. */
class NumpyFileTest {

  private static final Path FILES = Path.of("src/test/resources/sc/fiji/spyhop/util/npy");

  @TempDir Path folder;

  private static Path file(String name) {
    return FILES.resolve(name + ".npy");
  }

  /** What was typed in when the files were written. */
  static Stream<Arguments> types() {
    double inf = Double.POSITIVE_INFINITY;
    return Stream.of(
        Arguments.of("b1", Type.BOOL, new double[] {1, 0, 1, 0, 0, 1}),
        Arguments.of("i1", Type.INT8, new double[] {0, 1, 2, -6, -5, -4}),
        Arguments.of("u1", Type.UINT8, new double[] {0, 1, 2, 250, 251, 252}),
        Arguments.of("i2", Type.INT16, new double[] {0, 1, 2, -300, -5, 30000}),
        Arguments.of("u2", Type.UINT16, new double[] {0, 1, 2, 40000, 251, 65535}),
        Arguments.of("i4", Type.INT32, new double[] {0, 1, 2, -300, -5, 30000}),
        Arguments.of("u4", Type.UINT32, new double[] {0, 1, 2, 3e9, 251, 4294967295.0}),
        Arguments.of("i8", Type.INT64, new double[] {0, 1, 2, -300, -5, 30000}),
        Arguments.of("u8", Type.UINT64, new double[] {0, 1, 2, 0x1p63, 251, 0x1p40}),
        // 6e-8 is nearest to 2^-24, the smallest half float
        Arguments.of("f2", Type.FLOAT16, new double[] {0, 1, -0.5, 65504, 0x1p-24, inf}),
        Arguments.of("f4", Type.FLOAT32, new double[] {0, 1, -0.5, 1e30f, 6e-8f, inf}),
        Arguments.of("f8", Type.FLOAT64, new double[] {0, 1, -0.5, 1e300, 0.1, -7}),
        Arguments.of("big-f4", Type.FLOAT32, new double[] {0, 1, -0.5, 1e30f, 6e-8f, -3}),
        Arguments.of("big-u2", Type.UINT16, new double[] {0, 1, 2, 40000, 251, 65535}),
        Arguments.of("version2", Type.FLOAT32, new double[] {0, 1, 2, 3, 4, 5}),
        Arguments.of("version3", Type.FLOAT32, new double[] {0, 1, 2, 3, 4, 5}),
        Arguments.of("fortran", Type.INT32, new double[] {0, 1, 2, 3, 4, 5}));
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeIsRead(String name, Type type, double[] expected) {
    NumpyArray array = NumpyFile.read(file(name));
    assertEquals(type, array.type());
    assertArrayEquals(new int[] {2, 3}, array.shape());
    assertArrayEquals(expected, IntStream.range(0, 6).mapToDouble(array::get).toArray());
    float[] floats = new float[6];
    for (int i = 0; i < 6; i++) floats[i] = (float) expected[i];
    assertArrayEquals(floats, array.floats());
  }

  @ParameterizedTest
  @MethodSource("types")
  void whatIsWrittenIsReadAgain(String name, Type type, double[] expected) {
    NumpyArray array = NumpyFile.read(file(name));
    Path copy = folder.resolve("copy.npy");
    NumpyFile.write(array, copy);
    NumpyArray again = NumpyFile.read(copy);
    assertArrayEquals(
        expected, IntStream.range(0, 6).mapToDouble(again::get).toArray(), again.toString());
    assertEquals(type == Type.FLOAT16 ? Type.FLOAT32 : type, again.type());
  }

  /** Byte for byte what NumPy writes. */
  @ParameterizedTest
  @ValueSource(strings = {"u1", "i2", "u4", "i8", "f4", "f8", "b1", "scalar", "vector", "empty"})
  void itIsWrittenAsNumpyDoes(String name) throws IOException {
    Path copy = folder.resolve("copy.npy");
    NumpyFile.write(NumpyFile.read(file(name)), copy);
    assertArrayEquals(Files.readAllBytes(file(name)), Files.readAllBytes(copy));
  }

  @Test
  void shapesOfAnyRank() {
    assertEquals("FLOAT32[]", NumpyFile.read(file("scalar")).toString());
    assertEquals(1.5, NumpyFile.read(file("scalar")).get(0));
    assertEquals("UINT8[5]", NumpyFile.read(file("vector")).toString());
    assertEquals(0, NumpyFile.read(file("empty")).length());
    NumpyArray cube = NumpyFile.read(file("fortran-3d"));
    assertArrayEquals(new int[] {2, 3, 4}, cube.shape());
    for (int i = 0; i < 24; i++) assertEquals(i, cube.get(i));
  }

  @Test
  void tensorsGoInAndOut() throws IOException {
    float[] data = new float[24];
    for (int i = 0; i < 24; i++) data[i] = i;
    Path copy = folder.resolve("tensor.npy");
    NumpyTensors.write(Tensor.of(Axes.NCHW, data, 1, 2, 3, 4), copy);
    assertArrayEquals(Files.readAllBytes(file("written-f4")), Files.readAllBytes(copy));
    assertEquals("NCHW[1, 2, 3, 4]", NumpyTensors.read(copy, Axes.NCHW).toString());
    assertEquals(-300, NumpyTensors.read(file("i2"), Axes.NC).get(1, 0));
    says(
        () -> NumpyTensors.read(file("i2"), Axes.NCHW),
        "4 dimensions (NCHW), received INT16[2, 3]");
  }

  private static void says(org.junit.jupiter.api.function.Executable reading, String... words) {
    String message = assertThrows(SpyhopException.class, reading).getMessage();
    for (String word : words) assertTrue(message.contains(word), message);
  }

  @Test
  void whatIsNoArrayOfNumbersIsRefused() {
    says(() -> NumpyFile.read(file("object")), "object.npy", "Python objects", "astype");
    says(() -> NumpyFile.read(file("complex")), "complex numbers");
    says(() -> NumpyFile.read(file("text")), "text");
    says(() -> NumpyFile.read(file("record")), "records of several fields");
    says(() -> NumpyFile.read(file("time")), "times");
    says(() -> NumpyFile.read(Path.of("pom.xml")), "pom.xml is no NumPy file");
    says(() -> NumpyFile.read(folder.resolve("none.npy")), "there is no such file");
  }

  /** Cut off anywhere it is told so, and a header cannot ask for more than there is. */
  @Test
  void damageIsTold() throws IOException {
    byte[] whole = Files.readAllBytes(file("f8"));
    Path damaged = folder.resolve("damaged.npy");
    for (int length : List.of(7, 9, 40, 127, 130, whole.length - 1)) {
      Files.write(damaged, Arrays.copyOf(whole, length));
      says(() -> NumpyFile.read(damaged), "damaged.npy is cut short");
    }
    header(damaged, "(2000, 1000, 1000)");
    says(() -> NumpyFile.read(damaged), "cut short");
    header(damaged, "(20000000, 30000000)");
    says(() -> NumpyFile.read(damaged), "at most 2147483639 numbers");
    header(damaged, "(99999999999, 1)");
    says(() -> NumpyFile.read(damaged), "at most 2147483639 numbers");
    header(damaged, "(-2, 3)");
    says(() -> NumpyFile.read(damaged), "damaged header");
    whole[6] = 9;
    Files.write(damaged, whole);
    says(() -> NumpyFile.read(damaged), "version 9");
    Files.write(damaged, new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, 127});
    says(() -> NumpyFile.read(damaged), "a header of 2147483647 bytes");
  }

  private static void header(Path file, String shape) throws IOException {
    String dict = "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }";
    byte[] bytes = new byte[128 + 48];
    System.arraycopy(
        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0}, 0, bytes, 0, 10);
    Arrays.fill(bytes, 10, 128, (byte) ' ');
    byte[] text = dict.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, bytes, 10, text.length);
    Files.write(file, bytes);
  }
}
