package sc.fiji.spyhop.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorTest {

  /** A value for each place: 100 n + 10 c + x. */
  private static Tensor tensor(int from, int to) {
    float[] data = new float[(to - from) * 2 * 3];
    int at = 0;
    for (int n = from; n < to; n++) {
      for (int c = 0; c < 2; c++) {
        for (int x = 0; x < 3; x++) data[at++] = 100 * n + 10 * c + x;
      }
    }
    return new Tensor(new Axes("NCW"), new int[] {to - from, 2, 3}, data);
  }

  @Test
  void theLastAxisIsTheFastest() {
    Tensor t = tensor(0, 4);
    assertEquals(0, t.get(0, 0, 0));
    assertEquals(312, t.get(3, 1, 2));
    assertEquals(201, t.get(2, 0, 1));
    assertEquals(201, t.data()[2 * 6 + 1]);
    assertEquals(24, t.length());
    assertEquals(3, t.rank());
    assertEquals("NCW[4, 2, 3]", t.toString());
  }

  @Test
  void sizesAreThoseOfAxesAndOneWhereThereIsNone() {
    Tensor t = tensor(0, 4);
    assertEquals(new Axes("NCW"), t.axes());
    assertEquals(2, t.size(1));
    assertEquals(3, t.size(2));
    assertEquals(4, t.size('N'));
    assertEquals(2, t.size('C'));
    assertEquals(3, t.size('W'));
    assertEquals(1, t.size('H'));
    assertArrayEquals(new int[] {4, 2, 3}, t.shape());
  }

  @Test
  void theShapeIsItsOwnAndTheDataIsShared() {
    int[] shape = {1, 2};
    float[] data = {5, 6};
    Tensor t = new Tensor(Axes.NC, shape, data);
    shape[1] = 9;
    t.shape()[1] = 9;
    assertEquals(2, t.size('C'));
    assertSame(data, t.data());
  }

  @ParameterizedTest
  @CsvSource({"4,0,0", "-1,0,0", "0,2,0", "0,-1,0", "0,0,3"})
  void beyondTheShapeThereIsNothing(int n, int c, int x) {
    assertThrows(IndexOutOfBoundsException.class, () -> tensor(0, 4).get(n, c, x));
  }

  @Test
  void aShapeThatDoesNotFitIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new Tensor(Axes.NC, new int[] {6}, new float[6]));
    assertThrows(
        IllegalArgumentException.class, () -> new Tensor(Axes.NC, new int[] {2, 3}, new float[7]));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Tensor(Axes.NC, new int[] {-2, -3}, new float[6]))
            .getMessage();
    assertTrue(message.contains("negative"), message);
  }

  @Test
  void lengthsMayExceedThoseOfArrays() {
    assertEquals(1, Tensor.length(new int[0]));
    assertEquals(0, Tensor.length(5, 0, 7));
    assertEquals(1L << 40, Tensor.length(1 << 20, 1 << 20));
    assertThrows(ArithmeticException.class, () -> Tensor.length(1 << 30, 1 << 30, 1 << 30));
    assertThrows(ArithmeticException.class, () -> Tensor.zeros(Axes.NC, 1 << 16, 1 << 15));
  }

  @Test
  void zerosAreZero() {
    Tensor t = Tensor.zeros(Axes.NC, 2, 3);
    assertEquals("NC[2, 3]", t.toString());
    assertArrayEquals(new float[6], t.data());
  }

  @Test
  void anotherShapeSharesTheData() {
    Tensor t = tensor(0, 4);
    Tensor flat = t.reshape(Axes.NC, 4, 6);
    assertEquals("NC[4, 6]", flat.toString());
    assertSame(t.data(), flat.data());
    assertEquals(312, flat.get(3, 5));
    assertThrows(IllegalArgumentException.class, () -> t.reshape(Axes.NC, 4, 5));
    assertThrows(IllegalArgumentException.class, () -> t.reshape(Axes.NC, 24));
  }

  @Test
  void aSliceIsACopyOfSomeEntries() {
    Tensor t = tensor(0, 4);
    Tensor middle = t.slice(1, 3);
    assertEquals("NCW[2, 2, 3]", middle.toString());
    assertArrayEquals(tensor(1, 3).data(), middle.data());
    middle.data()[0] = -1;
    assertEquals(100, t.get(1, 0, 0));
    assertNotSame(t.data(), t.slice(0, 4).data());
    assertEquals("NCW[0, 2, 3]", t.slice(2, 2).toString());
    assertEquals("NC[0, 3]", Tensor.zeros(Axes.NC, 0, 3).slice(0, 0).toString());
  }

  /** An array copied beyond its end would be filled up with zeros. */
  @ParameterizedTest
  @CsvSource({"0,5", "-1,1", "4,5", "3,2"})
  void aSliceDoesNotReachBeyondTheEntries(int from, int to) {
    assertThrows(IndexOutOfBoundsException.class, () -> tensor(0, 4).slice(from, to));
  }

  @Test
  void partsAreJoinedInOrder() {
    Tensor joined = Tensor.concatenate(tensor(0, 1), tensor(1, 3), tensor(3, 3), tensor(3, 4));
    assertEquals("NCW[4, 2, 3]", joined.toString());
    assertArrayEquals(tensor(0, 4).data(), joined.data());
    Tensor one = tensor(0, 2);
    assertNotSame(one.data(), Tensor.concatenate(one).data());
  }

  @Test
  void partsOfOtherShapeOrAxesAreRefused() {
    Tensor a = Tensor.zeros(Axes.NC, 2, 3);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Tensor.concatenate(a, Tensor.zeros(Axes.NC, 2, 4)))
            .getMessage();
    assertTrue(message.contains("NC[2, 3] and NC[2, 4]"), message);
    assertThrows(
        IllegalArgumentException.class, () -> Tensor.concatenate(a, Tensor.zeros(Axes.OI, 2, 3)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Tensor.concatenate(a, Tensor.zeros(new Axes("NCW"), 2, 3, 1)));
  }
}
