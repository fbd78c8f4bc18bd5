package sc.fiji.spyhop.exchange.caffe;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import sc.fiji.spyhop.exchange.caffe.proto.BlobProto;

/** Values of a layer, row-major. */
record CaffeBlob(List<Integer> shape, float[] values) {

  private static final int MAX_DIMENSIONS = 16;

  /**
   * @param bytes of a {@link BlobProto}
   * @throws IllegalArgumentException if they are not one, or its values do not fill its shape
   */
  static CaffeBlob of(ByteString bytes) {
    BlobProto blob;
    try {
      blob = BlobProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    List<Integer> shape = shape(blob);
    boolean isDouble = blob.getDoubleDataCount() > 0;
    int count = isDouble ? blob.getDoubleDataCount() : blob.getDataCount();
    long expected = 1;
    for (int size : shape) {
      if (size < 0) throw new IllegalArgumentException("a blob of shape " + shape);
      expected = Math.multiplyExact(expected, (long) size);
    }
    if (expected != count) {
      throw new IllegalArgumentException("a blob of shape " + shape + " with " + count + " values");
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = isDouble ? (float) blob.getDoubleData(i) : blob.getData(i);
    }
    return new CaffeBlob(shape, values);
  }

  private static List<Integer> shape(BlobProto blob) {
    if (blob.getShape().getDimCount() > MAX_DIMENSIONS) {
      throw new IllegalArgumentException("too many dimensions");
    }
    boolean old = blob.hasNum() || blob.hasChannels() || blob.hasHeight() || blob.hasWidth();
    return blob.getShape().getDimCount() == 0 && old
        ? List.of(blob.getNum(), blob.getChannels(), blob.getHeight(), blob.getWidth())
        : blob.getShape().getDimList().stream().map(Math::toIntExact).toList();
  }
}
