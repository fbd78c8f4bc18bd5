package sc.fiji.spyhop.engine.onednn;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.lang.management.ManagementFactory;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Loader;

/** The native library: loaded once, with settings fit for a host application. */
final class OneDnn {

  static final int SUCCESS = 0;

  /** As in {@code dnnl_types.h}. */
  private static final int CPU = 1;

  private static boolean tried;
  private static Throwable problem;
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
        problem = e;
      }
    }
    return problem == null;
  }

  private static void load() {
    // memory is taken outside the heap, yet JavaCPP would limit it to the heap's size
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    setDefault("org.bytedeco.javacpp.maxbytes", Long.toString(memory));
    setDefault("org.bytedeco.javacpp.maxphysicalbytes", "0");
    letThreadsSleep();
    Loader.load(dnnl.class);
    engine = new engine(CPU, 0);
    stream = new stream(engine);
  }

  /**
   * OpenMP's threads spin while they wait, which on a busy machine slows everything down
   * severalfold; asleep at once, they take longer to wake than a small operation takes. So they
   * spin for some ten microseconds. Only the environment can tell them, before they are loaded.
   */
  private static void letThreadsSleep() {
    if (Platform.isWindows()) return;
    setEnvironment("OMP_WAIT_POLICY", "passive");
    setEnvironment("GOMP_SPINCOUNT", "20000");
  }

  /** Unless the user has set it. */
  private static void setEnvironment(String key, String value) {
    Function.getFunction(Platform.C_LIBRARY_NAME, "setenv").invokeInt(new Object[] {key, value, 0});
  }

  /** Returns freed memory to the system, which the C library of Linux would keep in part. */
  static void trim() {
    if (!Platform.isLinux()) return;
    try {
      Function.getFunction(Platform.C_LIBRARY_NAME, "malloc_trim").invokeInt(new Object[] {0L});
    } catch (UnsatisfiedLinkError e) {
      // another C library than glibc, which keeps nothing
    }
  }

  private static void setDefault(String key, String value) {
    if (System.getProperty(key) == null) System.setProperty(key, value);
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
