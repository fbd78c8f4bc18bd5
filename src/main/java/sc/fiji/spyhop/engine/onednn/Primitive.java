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
 */
final class Primitive {

  private final primitive_desc_base description;
  private final primitive compiled;
  private final IntMemoryMap map = new IntMemoryMap();
  private final int[] arguments;
  private final memory[] memories;
  private final long scratchBytes;
  private final Map<Integer, Layout> layouts = new HashMap<>();

  /** Asks oneDNN to describe an operation. */
  @FunctionalInterface
  interface Description {
    /**
     * @param result to be filled in
     * @return oneDNN's status
     */
    int into(dnnl_primitive_desc result);
  }

  /**
   * @param what for messages, such as {@code convolution}
   * @param arguments what {@link #run} will be given, in this order, as {@code DNNL_ARG_...}
   */
  Primitive(String what, Description description, int... arguments) {
    this(describe(what, description), arguments);
  }

  private static primitive_desc describe(String what, Description description) {
    dnnl_primitive_desc result = new dnnl_primitive_desc();
    OneDnn.check(what, description.into(result));
    return new primitive_desc(result);
  }

  /** As described. */
  Primitive(primitive_desc_base description, int... arguments) {
    this.description = description;
    this.arguments = arguments;
    compiled = new primitive(description.get());
    memories = new memory[arguments.length + 1];
    memory.desc scratch = this.description.scratchpad_desc();
    scratchBytes = scratch.get_size();
    for (int i = 0; i < memories.length; i++) {
      boolean last = i == arguments.length;
      if (last && scratchBytes == 0) continue;
      memory.desc desc = last ? scratch : desc(arguments[i]);
      memories[i] = new memory(desc, OneDnn.engine(), new Pointer());
      map.put(last ? dnnl.DNNL_ARG_SCRATCHPAD : arguments[i], memories[i]);
    }
  }

  private memory.desc desc(int argument) {
    return description.query_md(dnnl.dnnl_query_exec_arg_md, argument);
  }

  /** For the description of the way back. */
  dnnl_primitive_desc description() {
    return description.get();
  }

  /** The layout it wants an argument in. */
  Layout layout(int argument) {
    return layouts.computeIfAbsent(argument, a -> Layout.of(desc(a)));
  }

  /**
   * Runs it.
   *
   * @param blobs in the order of the arguments, in the layouts it wants
   */
  void run(Pool pool, Blob... blobs) {
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
