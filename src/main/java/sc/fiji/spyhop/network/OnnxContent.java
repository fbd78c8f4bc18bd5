package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;

/**
 * An ONNX file in one piece. Text has its SHA-256 alone, by which the bytes are put beside it
 * again; two are equal if that is.
 */
public final class OnnxContent {

  /** Most bytes; ONNX Runtime takes less than 2 GB in one piece. */
  public static final int MAX_BYTES = 1 << 30;

  private final String sha256;
  private final Optional<byte[]> bytes;

  private OnnxContent(String sha256, Optional<byte[]> bytes) {
    this.sha256 = sha256;
    this.bytes = bytes;
  }

  /**
   * Of the bytes of a file, which are not copied.
   *
   * @throws SpyhopException if there are more than {@link #MAX_BYTES}
   */
  public static OnnxContent of(byte[] file) {
    if (file.length > MAX_BYTES) {
      throw new SpyhopException(
          "An ONNX network that is kept as it is may have "
              + (MAX_BYTES >> 20)
              + " MB, this one has "
              + (file.length >> 20)
              + " MB.");
    }
    return new OnnxContent(sum(file), Optional.of(file));
  }

  /** What text says of one. */
  @JsonCreator
  static OnnxContent named(String sha256) {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new SpyhopException(
          "expected the SHA-256 of an ONNX file, 64 hexadecimal digits, received " + sha256);
    }
    return new OnnxContent(sha256, Optional.empty());
  }

  private static String sum(byte[] file) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Lower-case hexadecimal, 64 digits. */
  @JsonValue
  public String sha256() {
    return sha256;
  }

  /** Whether its bytes are there, and not only their sum. */
  public boolean isThere() {
    return bytes.isPresent();
  }

  /** Number of bytes. */
  public int size() {
    return bytes().length;
  }

  /** The bytes, read only. */
  public ByteBuffer read() {
    return ByteBuffer.wrap(bytes()).asReadOnlyBuffer();
  }

  /**
   * Writes the whole file; the stream stays open.
   *
   * @throws SpyhopException if its bytes are not there
   * @throws IOException if the stream fails
   */
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes());
  }

  private byte[] bytes() {
    return bytes.orElseThrow(
        () ->
            new SpyhopException(
                "The ONNX file " + sha256 + " of this network is not there. Get the model again."));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OnnxContent c && c.sha256.equals(sha256);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  @Override
  public String toString() {
    return sha256;
  }
}
