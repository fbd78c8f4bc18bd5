package sc.fiji.spyhop.engine.onednn;

import org.bytedeco.dnnl.memory;

/** How numbers are stored. */
enum DataType {
  /** In 32 bits. */
  F32(memory.data_type.f32),

  /** In 16 bits, the first 16 of those of {@link #F32} (bfloat16). */
  BF16(memory.data_type.bf16);

  private final int code;

  DataType(memory.data_type type) {
    code = type.value;
  }

  /** As in {@code dnnl_data_type_t}. */
  int code() {
    return code;
  }

  static DataType of(memory.data_type type) {
    return type.value == BF16.code ? BF16 : F32;
  }
}
