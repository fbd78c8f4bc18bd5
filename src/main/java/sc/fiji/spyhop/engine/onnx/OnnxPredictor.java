package sc.fiji.spyhop.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.MapShapes;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Predicts; calls from several threads are done one after the other. Each set of layers that is
 * asked for is compiled once, so that what nobody asked for can be fused away.
 */
final class OnnxPredictor implements Predictor {

  /** Each holds the weights once more. */
  private static final int MAX_SESSIONS = 3;

  private final Network network;
  private final Weights weights;
  private final Quantization quantization;
  private final Device device;
  private final Set<String> layers = new LinkedHashSet<>();

  /** By the layers they compute, the one used last at the end. */
  private final Map<Set<String>, OrtSession> sessions = new LinkedHashMap<>(4, 0.75f, true);

  /** Memory outside of Java's heap for inputs and outputs, by name; used again and again. */
  private final Map<String, FloatBuffer> buffers = new HashMap<>();

  private boolean closed;

  OnnxPredictor(Network network, Weights weights, Quantization quantization, Device device) {
    this.network = network;
    this.weights = weights.fittedTo(network);
    this.quantization = quantization;
    this.device = device;
    network.layers().stream().map(Layer::name).forEach(layers::add);
    try {
      Runs.use(options -> session(new LinkedHashSet<>(network.outputs())));
    } catch (OrtException e) {
      throw failed("compile", e);
    }
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public Device device() {
    return quantization.isNone() ? device : device.in("int8");
  }

  @Override
  public synchronized Map<String, Tensor> activations(
      Map<String, Tensor> inputs, Collection<String> asked) {
    if (closed) throw new IllegalStateException("network: already closed");
    for (String layer : asked) {
      if (!layers.contains(layer)) {
        throw new SpyhopException(
            "activations: the network has no layer named \"" + layer + "\"; it has " + layers);
      }
    }
    Map<String, int[]> shapes = MapShapes.of(network, inputs);
    Set<String> outputs = new LinkedHashSet<>(asked);
    if (outputs.isEmpty()) return Map.of();
    try {
      return Runs.use(options -> run(outputs, inputs, shapes, options));
    } catch (OrtException e) {
      throw failed("run", e);
    }
  }

  private Map<String, Tensor> run(
      Set<String> outputs,
      Map<String, Tensor> inputs,
      Map<String, int[]> shapes,
      RunOptions options)
      throws OrtException {
    OrtSession session = session(outputs);
    List<OnnxTensor> opened = new ArrayList<>();
    try {
      Map<String, OnnxTensor> given = new LinkedHashMap<>();
      for (String name : session.getInputNames()) {
        Tensor t = inputs.get(name);
        FloatBuffer buffer = buffer(name, t.length()).put(0, t.data());
        given.put(name, open(buffer, t.shape(), opened));
      }
      Map<String, OnnxTensor> wanted = new LinkedHashMap<>();
      for (String name : outputs) {
        int[] shape = shapes.get(name);
        FloatBuffer buffer = buffer(name, Math.toIntExact(Tensor.length(shape)));
        wanted.put(name, open(buffer, shape, opened));
      }
      session.run(given, Set.of(), wanted, options).close();
      Map<String, Tensor> found = new LinkedHashMap<>();
      for (String name : outputs) found.put(name, tensor(buffers.get(name), shapes.get(name)));
      return found;
    } finally {
      opened.forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor open(FloatBuffer buffer, int[] shape, List<OnnxTensor> opened)
      throws OrtException {
    long[] sizes = Arrays.stream(shape).asLongStream().toArray();
    OnnxTensor tensor = OnnxTensor.createTensor(NativeRuntime.environment(), buffer, sizes);
    opened.add(tensor);
    return tensor;
  }

  private static Tensor tensor(FloatBuffer buffer, int[] shape) {
    float[] values = new float[buffer.limit()];
    buffer.get(0, values);
    return new Tensor(new Axes("NC" + "DHW".substring(5 - shape.length)), shape, values);
  }

  /** Limited to a length, its content whatever was there before. */
  private FloatBuffer buffer(String name, int length) {
    if (length > Integer.MAX_VALUE / Float.BYTES) {
      throw new SpyhopException(
          name
              + ": a map of "
              + length
              + " values is too large for ONNX Runtime; use smaller tiles or fewer at a time");
    }
    FloatBuffer buffer = buffers.get(name);
    if (buffer == null || buffer.capacity() < length) {
      buffer =
          ByteBuffer.allocateDirect(length * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      buffers.put(name, buffer);
    }
    return buffer.clear().limit(length);
  }

  private OrtSession session(Set<String> outputs) {
    OrtSession known = sessions.get(outputs);
    if (known != null) return known;
    ByteBuffer model =
        OnnxWriter.toDirectBuffer(OnnxExport.of(network, weights, quantization, outputs));
    try {
      OrtSession session = NativeRuntime.session(model, device);
      sessions.put(outputs, session);
      if (sessions.size() > MAX_SESSIONS) {
        Set<String> eldest = sessions.keySet().iterator().next();
        Runs.close(sessions.remove(eldest));
      }
      return session;
    } catch (OrtException e) {
      throw failed("compile", e);
    }
  }

  private SpyhopException failed(String what, OrtException e) {
    String reason = e.getMessage().replaceAll("\\s+", " ");
    return new SpyhopException(
        "ONNX Runtime could not " + what + " this network on " + device + ": " + reason, e);
  }

  @Override
  public Tensor gradient(
      Map<String, Tensor> inputs,
      Collection<String> layers,
      UnaryOperator<Map<String, Tensor>> slopes,
      String of,
      RectifierRule rule) {
    throw new UnsupportedOperationException("onnx: this engine gives no gradients");
  }

  /**
   * A session keeps the memory of the largest input it was given; it is compiled anew if needed.
   */
  @Override
  public synchronized void trim() {
    buffers.clear();
    try {
      for (OrtSession session : sessions.values()) Runs.close(session);
    } catch (OrtException e) {
      throw failed("close", e);
    }
    sessions.clear();
  }

  @Override
  public synchronized void close() {
    if (closed) return;
    closed = true;
    trim();
  }
}
