package sc.fiji.spyhop.engine.graph;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Unpacking;

/**
 * What native libraries that compute with OpenMP and are called through JavaCPP have to be told
 * before they are loaded into a host application. Whatever the user has set stays.
 */
public final class NativeHost {

  /** Whether JNA can unpack its own small library; where it cannot, it tells so at length. */
  private static final boolean HAS_ROOM =
      Stream.of("java.io.tmpdir", "user.home")
          .map(System::getProperty)
          .anyMatch(folder -> folder != null && Unpacking.isWritable(Path.of(folder)));

  private NativeHost() {}

  /** To be called before the first class of JavaCPP is used. */
  public static void prepare() {
    // memory is taken outside the heap, yet JavaCPP would limit it to the heap's size
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    setProperty("org.bytedeco.javacpp.maxbytes", Long.toString(memory));
    setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
    // it warns of bindings that were made for another version of it, which engines are checked for
    setProperty("org.bytedeco.javacpp.logger", "slf4j");
    setProperty("org.slf4j.simpleLogger.log.org.bytedeco.javacpp", "error");
    if (!HAS_ROOM || Platform.isWindows()) return;
    // A container may allow fewer processors than there are.
    setEnvironment("OMP_NUM_THREADS", Integer.toString(threads()));
    // Threads that spin while they wait slow everything down on a busy machine; asleep at once,
    // they take longer to wake than a small operation takes. So they spin for ten microseconds.
    setEnvironment("OMP_WAIT_POLICY", "passive");
    setEnvironment("GOMP_SPINCOUNT", "20000");
  }

  /** How many threads OpenMP takes: what the user says, or as many as Java has processors. */
  public static int threads() {
    String said = System.getenv("OMP_NUM_THREADS");
    if (said != null && said.strip().matches("[1-9][0-9]{0,3}(,.*)?")) {
      return Integer.parseInt(said.strip().split(",")[0]);
    }
    return Runtime.getRuntime().availableProcessors();
  }

  /** Returns freed memory to the system, which the C library of Linux would keep in part. */
  public static void trim() {
    if (!HAS_ROOM || !Platform.isLinux()) return;
    try {
      c("malloc_trim", 0L);
    } catch (UnsatisfiedLinkError e) {
      // another C library than glibc, which keeps nothing
    }
  }

  /**
   * Calls a function of the C library that returns an int.
   *
   * @throws UnsatisfiedLinkError if it has none of that name, or cannot be called
   */
  public static int c(String function, Object... arguments) {
    if (!HAS_ROOM) throw new UnsatisfiedLinkError("JNA cannot be unpacked");
    return Function.getFunction(Platform.C_LIBRARY_NAME, function).invokeInt(arguments);
  }

  /**
   * Explains in one sentence why a library is not there.
   *
   * @param bytes that it takes once unpacked
   * @return an {@link Unpacking.Failure} if the folder for it is the cause and not the platform
   */
  public static SpyhopException notLoaded(String library, long bytes, Throwable problem) {
    try {
      Unpacking.require(library, cache(), Unpacking.Place.CACHE, bytes);
    } catch (Unpacking.Failure e) {
      return e;
    }
    return Unpacking.notLoaded(library, problem);
  }

  /** Where JavaCPP unpacks libraries, unless it finds that it cannot. */
  private static Path cache() {
    String named = System.getProperty("org.bytedeco.javacpp.cachedir");
    return named == null
        ? Path.of(System.getProperty("user.home"), ".javacpp", "cache")
        : Path.of(named);
  }

  private static void setEnvironment(String key, String value) {
    c("setenv", key, value, 0);
  }

  private static void setProperty(String key, String value) {
    if (System.getProperty(key) == null) System.setProperty(key, value);
  }
}
