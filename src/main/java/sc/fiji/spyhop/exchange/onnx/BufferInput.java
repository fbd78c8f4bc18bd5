package sc.fiji.spyhop.exchange.onnx;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** A buffer as a stream. */
final class BufferInput extends InputStream {

  private final ByteBuffer bytes;

  BufferInput(ByteBuffer bytes) {
    this.bytes = bytes.duplicate();
  }

  @Override
  public int read() {
    return bytes.hasRemaining() ? bytes.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) {
    if (length == 0) return 0;
    if (!bytes.hasRemaining()) return -1;
    int n = Math.min(length, bytes.remaining());
    bytes.get(to, offset, n);
    return n;
  }

  @Override
  public long skip(long count) {
    int n = (int) Math.max(0, Math.min(count, bytes.remaining()));
    bytes.position(bytes.position() + n);
    return n;
  }
}
