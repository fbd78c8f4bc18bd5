package sc.fiji.spyhop.engine.onednn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.LongPointer;

/** How the values of a map lie in memory. Immutable; equal if the memory looks the same. */
final class Layout {

  private final memory.desc desc;
  private final int[] shape;
  private final long bytes;
  private final List<List<Long>> key;

  /** The same in the other type, once it was asked for. */
  private Layout other;

  private Layout(memory.desc desc) {
    this.desc = desc;
    int rank = desc.get_ndims();
    shape = Arrays.stream(array(desc.get_dims(), rank)).mapToInt(Math::toIntExact).toArray();
    bytes = desc.get_size();
    int blocks = desc.get_inner_nblks();
    key = new ArrayList<>();
    key.add(list(desc.get_dims(), rank));
    key.add(list(desc.get_padded_dims(), rank));
    key.add(list(desc.get_strides(), rank));
    key.add(list(desc.get_inner_blks(), blocks));
    key.add(list(desc.get_inner_idxs(), blocks));
    key.add(List.of(desc.get_submemory_offset(), (long) desc.get_data_type().value));
  }

  private static long[] array(LongPointer values, int n) {
    long[] array = new long[n];
    if (n > 0) values.get(array);
    return array;
  }

  private static List<Long> list(LongPointer values, int n) {
    return Arrays.stream(array(values, n)).boxed().toList();
  }

  static Layout of(memory.desc desc) {
    return new Layout(desc);
  }

  /** Row-major, in 32 bits. */
  static Layout plain(int... shape) {
    return plain(DataType.F32, shape);
  }

  /** Row-major. */
  static Layout plain(DataType type, int... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strided(type, longs(shape), strides);
  }

  /** Row-major, in 32 bits, but for the first two dimensions, which are exchanged. */
  static Layout exchanged(int... shape) {
    long[] sizes = longs(shape);
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 2; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    strides[0] = stride;
    strides[1] = stride * shape[0];
    return strided(DataType.F32, sizes, strides);
  }

  /** Row-major, but for the channels, which come last. */
  static Layout channelsLast(DataType type, int... shape) {
    long[] strides = new long[shape.length];
    long stride = shape[1];
    strides[1] = 1;
    for (int i = shape.length - 1; i >= 2; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    strides[0] = stride;
    return strided(type, longs(shape), strides);
  }

  private static Layout strided(DataType type, long[] shape, long[] strides) {
    dnnl_memory_desc out = new dnnl_memory_desc();
    OneDnn.check(
        "layout",
        dnnl.dnnl_memory_desc_create_with_strides(out, shape.length, shape, type.code(), strides));
    return new Layout(new memory.desc(out));
  }

  private static memory.desc tagged(DataType type, int tag, long[] shape) {
    dnnl_memory_desc out = new dnnl_memory_desc();
    OneDnn.check(
        "layout",
        dnnl.dnnl_memory_desc_create_with_tag(out, shape.length, shape, type.code(), tag));
    return new memory.desc(out);
  }

  /** What leaves the choice to a primitive. */
  static memory.desc any(DataType type, int... shape) {
    return tagged(type, memory.format_tag.any.value, longs(shape));
  }

  /**
   * Numbers of another type in the same order, if they lie row by row or in blocks of channels;
   * else row-major.
   */
  Layout in(DataType type) {
    if (type == type()) return this;
    if (other == null) {
      other = converted(type);
      other.other = this;
    }
    return other;
  }

  private Layout converted(DataType type) {
    int blocks = desc.get_inner_nblks();
    if (blocks == 0) {
      return strided(type, longs(shape), array(desc.get_strides(), shape.length));
    }
    boolean ofChannels = blocks == 1 && shape.length == 4 && desc.get_inner_idxs().get() == 1;
    int tag =
        switch (ofChannels ? (int) desc.get_inner_blks().get() : 0) {
          case 4 -> dnnl.dnnl_aBcd4b;
          case 8 -> dnnl.dnnl_aBcd8b;
          case 16 -> dnnl.dnnl_aBcd16b;
          default -> 0;
        };
    return tag == 0 ? plain(type, shape) : new Layout(tagged(type, tag, longs(shape)));
  }

  DataType type() {
    return DataType.of(desc.get_data_type());
  }

  /** Some consecutive channels of a map of this layout; null if they cannot be addressed. */
  Layout channels(int from, int count) {
    long[] sizes = longs(shape);
    sizes[1] = count;
    long[] offsets = new long[shape.length];
    offsets[1] = from;
    dnnl_memory_desc out = new dnnl_memory_desc();
    int status = dnnl.dnnl_memory_desc_create_submemory(out, c(), sizes, offsets);
    return status == OneDnn.SUCCESS ? new Layout(new memory.desc(out)) : null;
  }

  static long[] longs(int... values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  memory.desc desc() {
    return desc;
  }

  dnnl_memory_desc c() {
    return desc.get();
  }

  int[] shape() {
    return shape.clone();
  }

  /** Number of samples, channels, ... */
  int size(int dimension) {
    return shape[dimension];
  }

  /**
   * How many channels lie side by side: 1 where values lie row by row, all where channels come
   * last; 0 if they lie in another way.
   */
  int channelBlock() {
    int block = blockOfChannels();
    if (block == 0) return 0;
    int padded = (shape[1] + block - 1) / block * block;
    long[] strides = array(desc.get_strides(), shape.length);
    long step = block;
    for (int i = shape.length - 1; i >= 2; i--) {
      if (strides[i] != step && shape[i] > 1) return 0;
      step *= shape[i];
    }
    boolean ofChannels = padded == block || strides[1] == (block == shape[1] ? 1 : step);
    boolean ofSamples = shape[0] == 1 || strides[0] == step * (padded / block);
    return ofChannels && ofSamples ? block : 0;
  }

  private int blockOfChannels() {
    int blocks = desc.get_inner_nblks();
    if (blocks == 1 && desc.get_inner_idxs().get() == 1) return (int) desc.get_inner_blks().get();
    if (blocks != 0) return 0;
    boolean last = array(desc.get_strides(), shape.length)[1] == 1 && shape[1] > 1;
    return last ? shape[1] : 1;
  }

  /** Whether blocks of channels are not full. */
  boolean isPadded() {
    return !key.get(0).equals(key.get(1));
  }

  /** Memory it takes, padding included. */
  long bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout l && key.equals(l.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }
}
