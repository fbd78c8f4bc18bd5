package sc.fiji.spyhop.engine.onednn;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.javacpp.Pointer;
import sc.fiji.spyhop.network.Layer;

/**
 * An operation compiled by oneDNN for certain sizes and layouts. What it holds natively is small
 * and goes with the garbage collector.
 *
 * <p>Where oneDNN has an operation in 32 bits only, it is done in 32 bits on copies of maps that
 * are kept in 16.
 */
final class Primitive {

  private final String what;
  private final Description describer;

  /** In which maps are kept. */
  private final DataType kept;

  /** In which it computes. */
  private final DataType type;

  /** The argument that it writes a map to. */
  private final int result;

  private final primitive_desc_base description;
  private final primitive compiled;
  private final IntMemoryMap map = new IntMemoryMap();
  private final int[] arguments;
  private final memory[] memories;
  private final long scratchBytes;
  private final Map<Integer, Layout> layouts = new HashMap<>();
  private primitive_desc_base wide;

  /** Asks oneDNN to describe an operation. */
  @FunctionalInterface
  interface Description {
    /**
     * @param result to be filled in
     * @param type of the maps that are to be kept in 16 bits
     * @return oneDNN's status
     */
    int into(dnnl_primitive_desc result, DataType type);
  }

  /**
   * @param what for messages, such as {@code convolution}
   * @param kept how maps are kept that go in and come out
   * @param arguments what {@link #run} will be given, in this order, as {@code DNNL_ARG_...}
   */
  Primitive(String what, DataType kept, Description describer, int... arguments) {
    this(what, kept, kept, dnnl.DNNL_ARG_DST, describer, arguments);
  }

  /**
   * The way back of another operation.
   *
   * @param describer may ask for {@link #description(DataType)} of the other
   */
  Primitive(String what, Primitive forward, Description describer, int... arguments) {
    this(what, forward.kept, forward.type, dnnl.DNNL_ARG_DIFF_SRC, describer, arguments);
  }

  /**
   * @param first in which it computes if oneDNN can; else in 32 bits
   */
  Primitive(String what, DataType kept, DataType first, Description describer, int... arguments) {
    this(what, kept, first, dnnl.DNNL_ARG_DST, describer, arguments);
  }

  private Primitive(
      String what,
      DataType kept,
      DataType first,
      int result,
      Description describer,
      int... arguments) {
    dnnl_primitive_desc described = new dnnl_primitive_desc();
    int status = describer.into(described, first);
    boolean refused = first == DataType.BF16 && status == OneDnn.UNIMPLEMENTED;
    this.what = what;
    this.kept = kept;
    this.describer = describer;
    this.result = result;
    type = refused ? DataType.F32 : first;
    if (refused) described = new dnnl_primitive_desc();
    OneDnn.check(what, refused ? describer.into(described, type) : status);
    description = new primitive_desc(described);
    this.arguments = arguments;
    compiled = new primitive(description.get());
    memories = new memory[arguments.length + 1];
    scratchBytes = prepare();
  }

  /** As described. */
  Primitive(primitive_desc_base description, int... arguments) {
    this.description = description;
    this.arguments = arguments;
    what = "operation";
    describer = (result, any) -> OneDnn.UNIMPLEMENTED;
    kept = type = DataType.F32;
    result = dnnl.DNNL_ARG_DST;
    compiled = new primitive(description.get());
    memories = new memory[arguments.length + 1];
    scratchBytes = prepare();
  }

  private long prepare() {
    memory.desc scratch = description.scratchpad_desc();
    long bytes = scratch.get_size();
    for (int i = 0; i < memories.length; i++) {
      boolean last = i == arguments.length;
      if (last && bytes == 0) continue;
      memory.desc desc = last ? scratch : desc(arguments[i]);
      memories[i] = new memory(desc, OneDnn.engine(), new Pointer());
      map.put(last ? dnnl.DNNL_ARG_SCRATCHPAD : arguments[i], memories[i]);
    }
    return bytes;
  }

  private memory.desc desc(int argument) {
    return description.query_md(dnnl.dnnl_query_exec_arg_md, argument);
  }

  /** In which it computes. */
  DataType type() {
    return type;
  }

  /** For the description of the way back, in 32 bits too if it computes in 16. */
  dnnl_primitive_desc description(DataType in) {
    if (in == type) return description.get();
    if (wide == null) {
      dnnl_primitive_desc result = new dnnl_primitive_desc();
      OneDnn.check(what, describer.into(result, in));
      wide = new primitive_desc(result);
    }
    return wide.get();
  }

  /** The layout in which it computes with an argument. */
  Layout layout(int argument) {
    return layouts.computeIfAbsent(argument, a -> Layout.of(desc(a)));
  }

  /** The layout it wants a map in that is kept between operations. */
  Layout kept(int argument) {
    return type == kept ? layout(argument) : layout(argument).in(kept);
  }

  /**
   * Runs it.
   *
   * @param blobs in the order of the arguments, in the layouts it wants
   */
  void run(Maps maps, Blob... blobs) {
    if (type == kept) {
      execute(maps.pool, blobs);
      return;
    }
    Blob[] inside = blobs.clone();
    for (int i = 0; i < blobs.length; i++) {
      if (blobs[i].layout().type() != DataType.BF16) continue;
      int same = first(blobs, i);
      inside[i] = same < i ? inside[same] : maps.take(layout(arguments[i]));
      if (same == i && arguments[i] != result) maps.copy(blobs[i], inside[i]);
    }
    execute(maps.pool, inside);
    for (int i = 0; i < blobs.length; i++) {
      if (inside[i] != blobs[i] && arguments[i] == result) maps.copy(inside[i], blobs[i]);
    }
    for (int i = 0; i < blobs.length; i++) {
      if (inside[i] != blobs[i] && first(blobs, i) == i) maps.free(inside[i]);
    }
  }

  /** The first argument in the same memory. */
  private static int first(Blob[] blobs, int i) {
    int k = 0;
    while (blobs[k].memory() != blobs[i].memory()) k++;
    return k;
  }

  private void execute(Pool pool, Blob... blobs) {
    for (int i = 0; i < arguments.length; i++) memories[i].set_data_handle(blobs[i].memory());
    if (scratchBytes == 0) {
      compiled.execute(OneDnn.stream(), map);
      return;
    }
    Pool.Chunk scratch = pool.take(scratchBytes);
    try {
      memories[arguments.length].set_data_handle(scratch);
      compiled.execute(OneDnn.stream(), map);
    } finally {
      pool.give(scratch);
    }
  }

  private static final primitive_attr PLAIN = attributes(Layer.Function.IDENTITY);
  private static final primitive_attr RELU = attributes(Layer.Function.RELU);

  /** Attributes of an operation that applies a function, the identity or ReLU, to its result. */
  static dnnl_primitive_attr with(Layer.Function function) {
    return (function == Layer.Function.RELU ? RELU : PLAIN).get();
  }

  static dnnl_primitive_attr plain() {
    return PLAIN.get();
  }

  static primitive_attr plainAttributes() {
    return PLAIN;
  }

  private static primitive_attr attributes(Layer.Function function) {
    primitive_attr attributes = new primitive_attr();
    attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
    if (function == Layer.Function.RELU) {
      post_ops after = new post_ops();
      after.append_eltwise(dnnl.algorithm.eltwise_relu, 0, 0);
      attributes.set_post_ops(after);
    }
    return attributes;
  }
}
