package sc.fiji.spyhop.engine.dl4j;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.ptr.IntByReference;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import sc.fiji.spyhop.SpyhopException;

/**
 * Whether ND4J's CUDA backend, if it is on the class path, can work here. ND4J itself finds out too
 * late: it prints the trace of what failed.
 */
final class Cuda {

  /** Of ND4J's CUDA backend: its jar is recognised by it. */
  static final String BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";

  /** What the backend is linked with, and itself. */
  private static final List<String> LIBRARIES =
      List.of(
          "org.bytedeco.cuda.global.cudart",
          "org.bytedeco.cuda.global.cublas",
          "org.bytedeco.cuda.global.cusolver",
          "org.nd4j.linalg.jcublas.bindings.Nd4jCuda");

  /** The driver of the machine's GPUs. */
  interface Driver {

    /**
     * Name of the first GPU.
     *
     * @throws SpyhopException if there is none
     */
    String firstGpu();
  }

  private static final System.Logger LOG = System.getLogger(Cuda.class.getName());

  private final ClassLoader jars;
  private final Driver driver;
  private Optional<String> gpu = Optional.empty();
  private boolean tried;

  Cuda(ClassLoader jars, Driver driver) {
    this.jars = jars;
    this.driver = driver;
  }

  /** That of the machine. */
  static Cuda ofMachine() {
    return new Cuda(Cuda.class.getClassLoader(), Cuda::firstGpuOfMachine);
  }

  /** Whether the backend is on the class path. */
  boolean isPresent() {
    return jars.getResource(BACKEND) != null;
  }

  /**
   * Name of the GPU the backend will use; loads its libraries. If the backend is there but cannot
   * work, the log says so once.
   */
  synchronized Optional<String> gpu() {
    if (tried || !isPresent()) return gpu;
    tried = true;
    try {
      String name = driver.firstGpu();
      for (String library : LIBRARIES) load(library);
      gpu = Optional.of(name);
    } catch (SpyhopException e) {
      refuse(e.getMessage());
    }
    return gpu;
  }

  private void load(String library) {
    try {
      Loader.load(Class.forName(library, true, jars));
    } catch (ClassNotFoundException | LinkageError e) {
      Throwable cause = e;
      while (cause.getCause() != null) cause = cause.getCause();
      throw new SpyhopException(library + " cannot be loaded: " + cause.getMessage(), e);
    }
  }

  /** Explains why the CPU does the work. */
  void refuse(String reason) {
    gpu = Optional.empty();
    LOG.log(
        Level.WARNING,
        "ND4J''s CUDA backend is there but cannot be used ({0}); the CPU does the work.",
        reason.lines().findFirst().orElse("unknown reason"));
  }

  private static String firstGpuOfMachine() {
    NativeLibrary library;
    try {
      library = NativeLibrary.getInstance(Platform.isWindows() ? "nvcuda" : "libcuda.so.1");
    } catch (UnsatisfiedLinkError e) {
      throw new SpyhopException("no NVIDIA driver found", e);
    }
    IntByReference count = new IntByReference();
    if (call(library, "cuInit", 0) != 0
        || call(library, "cuDeviceGetCount", count) != 0
        || count.getValue() == 0) {
      throw new SpyhopException("the NVIDIA driver finds no GPU");
    }
    try (Memory name = new Memory(256)) {
      name.clear();
      IntByReference device = new IntByReference();
      call(library, "cuDeviceGet", device, 0);
      call(library, "cuDeviceGetName", name, (int) name.size(), device.getValue());
      return name.getString(0);
    }
  }

  private static int call(NativeLibrary library, String function, Object... arguments) {
    return library.getFunction(function, Function.ALT_CONVENTION).invokeInt(arguments);
  }
}
