package sc.fiji.spyhop.engine.onednn;

import java.util.List;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Loader;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.graph.NativeHost;

/** The native library: loaded once, with settings fit for a host application. */
final class OneDnn {

  static final int SUCCESS = 0;

  /** What oneDNN says of an operation that it does not have. */
  static final int UNIMPLEMENTED = 3;

  private static final long UNPACKED_BYTES = 100L << 20;

  /** As in {@code dnnl_types.h}. */
  private static final int CPU = 1;

  /** A set of instructions as {@code dnnl_cpu_isa_t} has it. */
  private record Instructions(int bits, String name) {}

  /** The richest first. */
  private static final List<Instructions> INSTRUCTIONS =
      List.of(
          new Instructions(dnnl.dnnl_cpu_isa_avx10_2_amx_2, "AVX10.2 with AMX"),
          new Instructions(dnnl.dnnl_cpu_isa_avx10_2, "AVX10.2"),
          new Instructions(dnnl.dnnl_cpu_isa_avx512_core_amx, "AVX-512 with AMX"),
          new Instructions(dnnl.dnnl_cpu_isa_avx512_core_fp16, "AVX-512 with FP16"),
          new Instructions(dnnl.dnnl_cpu_isa_avx512_core_bf16, "AVX-512 with BF16"),
          new Instructions(dnnl.dnnl_cpu_isa_avx512_core_vnni, "AVX-512 with VNNI"),
          new Instructions(dnnl.dnnl_cpu_isa_avx512_core, "AVX-512"),
          new Instructions(dnnl.dnnl_cpu_isa_avx2_vnni, "AVX2 with VNNI"),
          new Instructions(dnnl.dnnl_cpu_isa_avx2, "AVX2"),
          new Instructions(dnnl.dnnl_cpu_isa_avx, "AVX"),
          new Instructions(dnnl.dnnl_cpu_isa_sse41, "SSE4.1"));

  private static boolean tried;
  private static SpyhopException problem;
  private static engine engine;
  private static stream stream;

  private OneDnn() {}

  /** Whether the library is there for this platform; loads it at the first call. */
  static synchronized boolean isAvailable() {
    if (!tried) {
      tried = true;
      try {
        load();
      } catch (Exception | LinkageError e) {
        problem = NativeHost.notLoaded("oneDNN", UNPACKED_BYTES, e);
      }
    }
    return problem == null;
  }

  private static void load() {
    NativeHost.prepare();
    Loader.load(dnnl.class);
    engine = new engine(CPU, 0);
    stream = new stream(engine);
  }

  /**
   * The library and the instructions that it takes, which the environment variable {@code
   * ONEDNN_MAX_CPU_ISA} can bound.
   *
   * @throws SpyhopException if it cannot be loaded
   */
  static Library library() {
    if (!isAvailable()) throw problem;
    dnnl_version_t v = dnnl.dnnl_version();
    return new Library(
        "oneDNN " + v.major() + "." + v.minor() + "." + v.patch(),
        instructions(dnnl.dnnl_get_effective_cpu_isa()),
        NativeHost.threads(),
        "JavaCPP " + javaCpp());
  }

  /** Another program's may come first on the class path. */
  private static String javaCpp() {
    String version = Loader.class.getPackage().getImplementationVersion();
    return version == null ? "of an unknown version" : version;
  }

  private static String instructions(int isa) {
    return INSTRUCTIONS.stream()
        .filter(i -> (isa & i.bits()) == i.bits())
        .map(Instructions::name)
        .findFirst()
        .orElse("");
  }

  /** Whether the processor computes with numbers of 16 bits, and may. */
  static boolean hasBfloat16() {
    return has(dnnl.dnnl_cpu_isa_avx512_core_bf16);
  }

  /** Whether it has the wide instructions, and may use them. */
  static boolean hasAvx512() {
    return has(dnnl.dnnl_cpu_isa_avx512_core);
  }

  private static boolean has(int isa) {
    return isAvailable() && (dnnl.dnnl_get_effective_cpu_isa() & isa) == isa;
  }

  static engine engine() {
    return engine;
  }

  static dnnl_engine c() {
    return engine.get();
  }

  static stream stream() {
    return stream;
  }

  /** Refuses all codes but success. */
  static void check(String what, int status) {
    if (status != SUCCESS) {
      throw new IllegalStateException("oneDNN cannot make a " + what + ": status " + status);
    }
  }
}
