package sc.fiji.spyhop.engine.dl4j;

import com.sun.jna.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Properties;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.graph.NativeHost;

/** Loads ND4J's native library, once, with settings fit for a host application. */
final class NativeLibrary {

  // malloc.h of glibc
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_TOP_PAD = -2;
  private static final int M_MMAP_MAX = -4;

  private static final Cuda CUDA = Cuda.ofMachine();

  /** Where its version stands. */
  private static final String POM = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";

  /** With OpenBLAS. */
  private static final long UNPACKED_BYTES = 450L << 20;

  private static boolean tried;
  private static SpyhopException problem;

  private NativeLibrary() {}

  /** Whether the library is there for this platform; loads it at the first call, in seconds. */
  static synchronized boolean isAvailable() {
    if (!tried) {
      tried = true;
      try {
        load();
      } catch (Exception | LinkageError e) {
        problem = NativeHost.notLoaded("ND4J", UNPACKED_BYTES, e);
        if (CUDA.gpu().isPresent()) CUDA.refuse(String.valueOf(e.getMessage()));
      }
    }
    return problem == null;
  }

  /** Name of the GPU that ND4J will use or uses; loads no more than is needed to tell. */
  static Optional<String> gpu() {
    return CUDA.gpu();
  }

  private static void load() {
    if (CUDA.isPresent() && CUDA.gpu().isEmpty()) {
      ND4JClassLoading.setNd4jClassloader(new WithoutCuda(Nd4j.class.getClassLoader()));
    }
    NativeHost.prepare();
    setDefault("org.slf4j.simpleLogger.log.org.nd4j", "warn");
    keepFreedMemory();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(Nd4j.class.getClassLoader());
    try {
      try (INDArray probe = Nd4j.createUninitializedDetached(DataType.FLOAT, 1)) {
        probe.assign(1);
        if (probe.getFloat(0) != 1) throw new IllegalStateException("ND4J computes nothing");
      }
      // everything here is closed by hand: no need for full collections every few seconds
      Nd4j.getMemoryManager().togglePeriodicGc(false);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /**
   * oneDNN allocates and frees large buffers in every convolution. By default the C library maps
   * them anew each time, and clearing their pages takes up to a third of a U-Net's time.
   */
  private static void keepFreedMemory() {
    if (!Platform.isLinux()) return;
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, Integer.MAX_VALUE);
    mallopt(M_TOP_PAD, 1 << 26);
  }

  private static void mallopt(int parameter, int value) {
    try {
      NativeHost.c("mallopt", parameter, value);
    } catch (UnsatisfiedLinkError e) {
      // another C library than glibc, which manages without
    }
  }

  private static void setDefault(String key, String value) {
    if (System.getProperty(key) == null) System.setProperty(key, value);
  }

  /**
   * ND4J as it runs here.
   *
   * @throws SpyhopException if it cannot be loaded
   */
  static Library library() {
    if (!isAvailable()) throw problem;
    String core = System.getenv("OPENBLAS_CORETYPE");
    return new Library(
        "ND4J " + version() + (hasOneDnn() ? " with oneDNN" : ""),
        instructions(),
        threads(),
        core == null ? "" : "OPENBLAS_CORETYPE=" + core);
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = Nd4j.class.getResourceAsStream(POM)) {
      if (in != null) properties.load(in);
    } catch (IOException e) {
      // then it is not told
    }
    return properties.getProperty("version", "of an unknown version");
  }

  /** Those that its native library was built for. */
  private static String instructions() {
    if (!Nd4j.getEnvironment().isCPU()) return "";
    return switch (NativeOpsHolder.getInstance().getDeviceNativeOps().binaryLevel()) {
      case 2 -> "AVX2";
      case 3 -> "AVX-512";
      default -> "";
    };
  }

  static int threads() {
    return NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads();
  }

  static boolean hasOneDnn() {
    return Nd4j.getEnvironment().isCPU() && Nd4jCpu.Environment.getInstance().isUseONEDNN();
  }

  /** Several GPUs would be dealt out to threads in turn; all work is done on the first. */
  static void useFirstDevice() {
    AffinityManager manager = Nd4j.getAffinityManager();
    if (manager.getDeviceForCurrentThread() != 0) manager.unsafeSetDevice(0);
  }

  /** Runs what oneDNN cannot do. Another thread's work in the meantime is right, but slower. */
  static synchronized void withoutOneDnn(Runnable work) {
    if (!hasOneDnn()) {
      work.run();
      return;
    }
    Nd4jCpu.Environment.getInstance().setUseONEDNN(false);
    try {
      work.run();
    } finally {
      Nd4jCpu.Environment.getInstance().setUseONEDNN(true);
    }
  }
}
