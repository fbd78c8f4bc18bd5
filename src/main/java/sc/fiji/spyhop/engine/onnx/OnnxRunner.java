package sc.fiji.spyhop.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.FileRunner;
import sc.fiji.spyhop.exchange.onnx.OnnxSafety;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.tensor.Tensor;

/** Runs a file of another program, after a look at whether it is data and nothing else. */
final class OnnxRunner implements FileRunner {

  private final OnnxContent file;
  private final Optional<Duration> limit;
  private final Device device;
  private OrtSession session;
  private boolean closed;

  /**
   * @throws SpyhopException if the file would reach for anything but itself, or is not sound
   */
  OnnxRunner(OnnxContent file, Optional<Duration> limit, Device device) {
    this.file = file;
    this.limit = limit;
    this.device = device;
    OnnxSafety.check(file.read());
    try {
      Runs.use(options -> session());
    } catch (OrtException e) {
      throw failed("compile", e);
    }
  }

  private OrtSession session() throws OrtException {
    if (session == null) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(file.size()).put(file.read()).rewind();
      session =
          limit.isPresent()
              ? NativeRuntime.carefulSession(bytes, device)
              : NativeRuntime.session(bytes, device);
    }
    return session;
  }

  @Override
  public synchronized Map<String, Values> run(
      Tensor image, boolean channelsLast, Collection<String> outputs) {
    if (closed) throw new IllegalStateException("network: already closed");
    AtomicBoolean late = new AtomicBoolean();
    try {
      return Runs.use(
          options -> limited(options, late, () -> run(image, channelsLast, outputs, options)));
    } catch (OrtException e) {
      if (late.get()) {
        throw new SpyhopException(
            "ONNX Runtime was broken off after "
                + limit.orElseThrow().toSeconds()
                + " s, the most that is allowed for one image of "
                + image.size('H')
                + " x "
                + image.size('W')
                + " pixels (rows x columns).",
            e);
      }
      throw failed("run", e);
    }
  }

  private interface Run<T> {
    T run() throws OrtException;
  }

  @SuppressWarnings(
      "FutureReturnValueIgnored") // the run ends on its own where it cannot be stopped
  private <T> T limited(RunOptions options, AtomicBoolean late, Run<T> run) throws OrtException {
    if (limit.isEmpty()) return run.run();
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "spyhop-onnx-limit");
              thread.setDaemon(true);
              return thread;
            });
    Object running = new Object();
    boolean[] over = {false};
    try {
      clock.schedule(
          () -> {
            synchronized (running) {
              if (over[0]) return null;
              late.set(true);
              options.setTerminate(true);
              return null;
            }
          },
          limit.get().toMillis(),
          TimeUnit.MILLISECONDS);
      return run.run();
    } finally {
      synchronized (running) {
        over[0] = true;
      }
      clock.shutdownNow();
    }
  }

  private Map<String, Values> run(
      Tensor image, boolean channelsLast, Collection<String> outputs, RunOptions options)
      throws OrtException {
    OrtSession compiled = session();
    String input = compiled.getInputNames().iterator().next();
    TensorInfo info = (TensorInfo) compiled.getInputInfo().get(input).getInfo();
    Set<String> wanted =
        outputs.isEmpty() ? compiled.getOutputNames() : new LinkedHashSet<>(outputs);
    try (OnnxTensor given = tensor(image, channelsLast, info.type);
        OrtSession.Result result = compiled.run(Map.of(input, given), wanted, options)) {
      Map<String, Values> found = new LinkedHashMap<>();
      for (String name : wanted) {
        OnnxValue value = result.get(name).orElseThrow();
        if (!(value instanceof OnnxTensor t)) {
          throw new SpyhopException(
              "output " + name + ": expected a tensor, received " + value.getType());
        }
        found.put(name, values(name, t));
      }
      return found;
    }
  }

  private static OnnxTensor tensor(Tensor image, boolean channelsLast, OnnxJavaType type)
      throws OrtException {
    int channels = image.size('C');
    int places = image.size('H') * image.size('W');
    float[] values = image.data();
    long[] shape = Arrays.stream(image.shape()).asLongStream().toArray();
    if (channelsLast) {
      values = channelsLast(values, channels, places);
      shape = new long[] {1, image.size('H'), image.size('W'), channels};
    }
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.multiplyExact(values.length, size(type)))
            .order(ByteOrder.nativeOrder());
    for (float v : values) {
      switch (type) {
        case FLOAT -> bytes.putFloat(v);
        case DOUBLE -> bytes.putDouble(v);
        case FLOAT16 -> bytes.putShort(ai.onnxruntime.platform.Fp16Conversions.floatToFp16(v));
        case UINT8 -> bytes.put((byte) Math.round(Math.max(0, Math.min(255, v))));
        default -> throw unknown(type);
      }
    }
    return OnnxTensor.createTensor(NativeRuntime.environment(), bytes.rewind(), shape, type);
  }

  private static int size(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> Float.BYTES;
      case DOUBLE -> Double.BYTES;
      case FLOAT16 -> Short.BYTES;
      case UINT8 -> 1;
      default -> throw unknown(type);
    };
  }

  private static SpyhopException unknown(OnnxJavaType type) {
    return new SpyhopException(
        "ONNX network: expected an input of float, float16, double or uint8, received "
            + type
            + ".");
  }

  private static float[] channelsLast(float[] values, int channels, int places) {
    float[] last = new float[values.length];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < places; i++) last[i * channels + c] = values[c * places + i];
    }
    return last;
  }

  private static Values values(String name, OnnxTensor tensor) throws OrtException {
    TensorInfo info = tensor.getInfo();
    List<Integer> shape = new ArrayList<>();
    for (long size : info.getShape()) shape.add(Math.toIntExact(size));
    float[] values = new float[Math.toIntExact(info.getNumElements())];
    switch (info.type) {
      case FLOAT, FLOAT16, BFLOAT16 -> tensor.getFloatBuffer().get(values);
      case DOUBLE -> {
        double[] wide = new double[values.length];
        tensor.getDoubleBuffer().get(wide);
        for (int i = 0; i < wide.length; i++) values[i] = (float) wide[i];
      }
      case INT32 -> {
        int[] whole = new int[values.length];
        tensor.getIntBuffer().get(whole);
        for (int i = 0; i < whole.length; i++) values[i] = whole[i];
      }
      case INT64 -> {
        long[] whole = new long[values.length];
        tensor.getLongBuffer().get(whole);
        for (int i = 0; i < whole.length; i++) values[i] = whole[i];
      }
      case UINT8 -> {
        ByteBuffer whole = tensor.getByteBuffer();
        for (int i = 0; i < values.length; i++) values[i] = whole.get(i) & 0xff;
      }
      default ->
          throw new SpyhopException(
              "output " + name + ": expected numbers, received the type " + info.type + ".");
    }
    return new Values(shape, values);
  }

  private SpyhopException failed(String what, OrtException e) {
    String reason = e.getMessage().replaceAll("\\s+", " ");
    return new SpyhopException(
        "ONNX Runtime could not " + what + " this network on " + device + ": " + reason, e);
  }

  /** A session keeps the memory of the largest image; it is compiled anew if needed. */
  @Override
  public synchronized void trim() {
    if (session == null) return;
    try {
      Runs.close(session);
    } catch (OrtException e) {
      throw failed("close", e);
    }
    session = null;
  }

  @Override
  public synchronized void close() {
    closed = true;
    trim();
  }
}
