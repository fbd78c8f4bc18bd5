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

  /** Row-major. */
  static Layout plain(int... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strided(longs(shape), strides);
  }

  /** Row-major, but for the first two dimensions, which are exchanged. */
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
    return strided(sizes, strides);
  }

  /** Row-major, but for the channels, which come last. */
  static Layout channelsLast(int... shape) {
    long[] strides = new long[shape.length];
    long stride = shape[1];
    strides[1] = 1;
    for (int i = shape.length - 1; i >= 2; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    strides[0] = stride;
    return strided(longs(shape), strides);
  }

  private static Layout strided(long[] shape, long[] strides) {
    dnnl_memory_desc out = new dnnl_memory_desc();
    OneDnn.check(
        "layout",
        dnnl.dnnl_memory_desc_create_with_strides(
            out, shape.length, shape, memory.data_type.f32.value, strides));
    return new Layout(new memory.desc(out));
  }

  /** What leaves the choice to a primitive. */
  static memory.desc any(int... shape) {
    dnnl_memory_desc out = new dnnl_memory_desc();
    OneDnn.check(
        "layout",
        dnnl.dnnl_memory_desc_create_with_tag(
            out,
            shape.length,
            longs(shape),
            memory.data_type.f32.value,
            memory.format_tag.any.value));
    return new memory.desc(out);
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
