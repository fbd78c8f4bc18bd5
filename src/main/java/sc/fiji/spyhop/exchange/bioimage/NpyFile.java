package sc.fiji.spyhop.exchange.bioimage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Tensors in NumPy's format, version 1.0: <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>.
 */
final class NpyFile {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

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
}
