package sc.fiji.spyhop.exchange.bioimage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Files as numpy.save writes them, byte by byte after the description of the format. */
class NpyFileTest {

  @TempDir Path folder;

  /**
   * @param data in hexadecimal
   */
  private Path file(int version, String header, String data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    byte[] text = (header + "\n").getBytes(StandardCharsets.US_ASCII);
    out.write(text.length & 0xff);
    out.write(text.length >> 8);
    if (version > 1) out.write(new byte[2]);
    out.write(text);
    out.write(HexFormat.of().parseHex(data.replace(" ", "")));
    return Files.write(folder.resolve("a.npy"), out.toByteArray());
  }

  private void assertRead(String type, String data, float... expected) throws IOException {
    String header =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + expected.length + ",), }";
    NpyFile.Array array = NpyFile.read(file(1, header, data));
    assertArrayEquals(new int[] {expected.length}, array.shape());
    assertArrayEquals(expected, array.values(), type);
  }

  @Test
  void numbersOfAllTypes() throws IOException {
    assertRead("<f4", "0000803f 000020c1", 1, -10);
    assertRead(">f4", "3f800000 c1200000", 1, -10);
    assertRead("<f8", "000000000000e0bf", -0.5f);
    assertRead("<f2", "003c 00c0 0100 ff7b", 1, -2, 5.9604645e-8f, 65504);
    assertRead("|u1", "00 ff", 0, 255);
    assertRead("|i1", "7f ff", 127, -1);
    assertRead("|b1", "00 01", 0, 1);
    assertRead("<u2", "ffff 0100", 65535, 1);
    assertRead(">u2", "ffff 0100", 65535, 256);
    assertRead("<i2", "ffff", -1);
    assertRead("<u4", "ffffffff", 4294967296f);
    assertRead("<i4", "feffffff", -2);
    assertRead("<i8", "feffffffffffffff", -2);
  }

  /** numpy.asfortranarray([[1, 2, 3], [4, 5, 6]]) is stored column by column. */
  @Test
  void bothOrdersAndLaterVersions() throws IOException {
    String shape = "'shape': (2, 3), }";
    for (int version = 1; version <= 3; version++) {
      assertArrayEquals(
          new float[] {1, 2, 3, 4, 5, 6},
          NpyFile.read(
                  file(version, "{'descr': '|u1', 'fortran_order': True, " + shape, "010402050306"))
              .values());
      assertArrayEquals(
          new float[] {1, 2, 3, 4, 5, 6},
          NpyFile.read(
                  file(
                      version, "{'descr': '|u1', 'fortran_order': False, " + shape, "010203040506"))
              .values());
    }
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    Tensor tensor = new Tensor(Axes.NC, new int[] {2, 2}, new float[] {1, -2, 0.5f, 1e9f});
    NpyFile.Array array = NpyFile.read(Files.write(folder.resolve("b.npy"), NpyFile.bytes(tensor)));
    assertArrayEquals(tensor.shape(), array.shape());
    assertArrayEquals(tensor.data(), array.values());
  }

  @Test
  void othersAreRefused() throws IOException {
    String end = "', 'fortran_order': False, 'shape': (2,), }";
    refused(file(1, "{'descr': '<f4" + end, "0000803f"));
    refused(file(1, "{'descr': '|O" + end, "00"));
    refused(file(1, "{'descr': '<c8" + end, "00".repeat(16)));
    refused(
        file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999, 9999), }", ""));
    refused(file(9, "{'descr': '|u1" + end, "0000"));
    refused(Files.writeString(folder.resolve("c.npy"), "<html>"));
  }

  private static void refused(Path file) {
    SpyhopException e = assertThrows(SpyhopException.class, () -> NpyFile.read(file));
    assertTrue(e.getMessage().startsWith(file + ": expected numbers"), e.getMessage());
  }
}
