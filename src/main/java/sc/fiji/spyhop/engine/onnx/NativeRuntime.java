package sc.fiji.spyhop.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Unpacking;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.weights.Initialization;

/** Loads ONNX Runtime's native library, once, and makes its sessions. */
final class NativeRuntime {

  private static final System.Logger LOG = System.getLogger(NativeRuntime.class.getName());

  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  /** What its native library takes on a processor. */
  private static final long UNPACKED_BYTES = 48L << 20;

  private static final String CAUSE = " with error: ";

  private static Optional<List<Device>> devices = Optional.empty();
  private static Optional<SpyhopException> problem = Optional.empty();

  private NativeRuntime() {}

  /** One per process, however often it is asked for. */
  static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "spyhop");
  }

  /**
   * A GPU if a session can be made on it, then the CPU.
   *
   * @throws SpyhopException if the library cannot be loaded
   */
  static synchronized List<Device> devices() {
    if (problem.isPresent()) throw problem.get();
    if (devices.isEmpty()) {
      try {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Unpacking.require("ONNX Runtime", temporary, Unpacking.Place.TEMPORARY, UNPACKED_BYTES);
        Optional<NativeFiles> files = NativeFiles.unpack(temporary, UNPACKED_BYTES);
        try {
          environment().setTelemetry(false);
        } finally {
          files.ifPresent(NativeFiles::loaded);
        }
      } catch (SpyhopException e) {
        problem = Optional.of(e);
        throw e;
      } catch (OrtException | LinkageError | RuntimeException e) {
        problem = Optional.of(Unpacking.notLoaded("ONNX Runtime", e));
        throw problem.get();
      }
      List<Device> found = new ArrayList<>();
      if (OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
        Device gpu = new Device(Device.Kind.GPU, 0, "GPU 0, CUDA, " + version());
        if (works(gpu)) found.add(gpu);
      }
      found.add(new Device(Device.Kind.CPU, 0, described().onProcessor()));
      devices = Optional.of(List.copyOf(found));
    }
    return devices.get();
  }

  /**
   * ONNX Runtime as it runs here.
   *
   * @throws SpyhopException if it cannot be loaded
   */
  static Library library() {
    devices();
    return described();
  }

  /** Which instructions it takes it does not tell. */
  private static Library described() {
    return new Library(version(), "", THREADS, "");
  }

  private static String version() {
    return "ONNX Runtime " + environment().getVersion();
  }

  /** Whether a convolution can be compiled for a GPU, all of it. */
  private static boolean works(Device gpu) {
    Network probe = NetworkBuilder.image(1).convolution("probe", 1, 3).build();
    ByteBuffer model = OnnxWriter.toDirectBuffer(OnnxExport.of(probe, Initialization.of(probe, 0)));
    try (SessionOptions options = options(gpu)) {
      options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
      environment().createSession(model, options).close();
      return true;
    } catch (OrtException | LinkageError e) {
      LOG.log(
          Level.WARNING,
          "ONNX Runtime''s CUDA provider is there but cannot be used ({0}); the CPU does the work.",
          reason(String.valueOf(e.getMessage())));
      return false;
    }
  }

  /** What is at the end of ONNX Runtime's chain of codes, places and causes. */
  static String reason(String message) {
    String line = message.lines().findFirst().orElse("unknown reason");
    int at = line.lastIndexOf(CAUSE);
    return at < 0 ? line : line.substring(at + CAUSE.length());
  }

  /** Compiles a model. */
  static OrtSession session(ByteBuffer model, Device device) throws OrtException {
    try (SessionOptions options = options(device)) {
      return Runs.opened(environment().createSession(model, options));
    }
  }

  /**
   * Compiles a model of which nobody knows yet how much there is to compute: nothing is computed
   * beforehand, since that could not be broken off.
   */
  static OrtSession carefulSession(ByteBuffer model, Device device) throws OrtException {
    try (SessionOptions options = options(device)) {
      // without constant folding alone, other optimizers of version 1.23.2 abort the process
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      return Runs.opened(environment().createSession(model, options));
    }
  }

  private static SessionOptions options(Device device) throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setIntraOpNumThreads(THREADS);
      options.setInterOpNumThreads(1);
      // threads that spin while they wait take a tenth to a fifth of the processor from those that
      // read, take apart and write
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // the plan of a tile's memory is kept beside the memory itself: a third more, and no faster
      options.setMemoryPatternOptimization(false);
      // it takes zeros around a map for the padding of a pooling, where they do not count
      options.addConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
      // failures arrive as exceptions, and the library's log may be closed before the last of them
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      if (device.kind() == Device.Kind.GPU) {
        OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.index());
        try (cuda) {
          // trying all algorithms takes seconds for each new size of image
          cuda.add("cudnn_conv_algo_search", "HEURISTIC");
          options.addCUDA(cuda);
        }
      }
      return options;
    } catch (OrtException e) {
      options.close();
      throw e;
    }
  }
}
