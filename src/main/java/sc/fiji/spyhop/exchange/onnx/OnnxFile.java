package sc.fiji.spyhop.exchange.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.proto.GraphProto;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.exchange.onnx.proto.NodeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataLocation;
import sc.fiji.spyhop.exchange.onnx.proto.ValueInfoProto;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.OnnxContent;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.util.AtomicFile;

/**
 * An ONNX file that stays as it is: what goes in and comes out is read, its operators are named,
 * and values that lie beside it are taken in.
 */
public final class OnnxFile {

  /**
   * An input or output.
   *
   * @param sizes of its axes, the batch in front; {@link Shape#ANY} where one is left open
   */
  public record Port(String name, List<Integer> sizes) {}

  /** A function that the file ends with, and the value before it. */
  public record Ending(Function function, String before) {}

  /** What stands between the last function and an output without changing more than its type. */
  private static final Set<String> PASSED = Set.of("Identity", "Cast");

  private final ModelProto known;
  private final byte[] bytes;
  private final Set<String> operators;

  private OnnxFile(ModelProto known, byte[] bytes) {
    this.known = known;
    this.bytes = bytes;
    this.operators = OnnxSafety.check(ByteBuffer.wrap(bytes));
  }

  /**
   * Reads a file.
   *
   * @throws SpyhopException if it is not sound, is too large, or reaches for anything but values
   *     beside it; names the file
   */
  public static OnnxFile read(Path file) {
    ModelProto known = OnnxReader.read(file);
    long size = known.getSerializedSize();
    if (size < 0 || size > OnnxContent.MAX_BYTES) {
      throw new SpyhopException(
          file
              + ": an ONNX network that is kept as it is may have "
              + (OnnxContent.MAX_BYTES >> 20)
              + " MB with the values beside it, this one has more.");
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      return new OnnxFile(known, withValues(known, bytes));
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    } catch (SpyhopException e) {
      throw new SpyhopException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * A file in memory.
   *
   * @throws SpyhopException if it is not sound, or has values elsewhere
   */
  public static OnnxFile of(byte[] bytes) {
    try {
      return new OnnxFile(whole(bytes), bytes);
    } catch (IOException e) {
      throw new SpyhopException("The ONNX file is not sound: " + e.getMessage(), e);
    }
  }

  /** With all that is not known here. */
  private static ModelProto whole(byte[] bytes) throws IOException {
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
    in.enableAliasing(true);
    return ModelProto.parseFrom(in);
  }

  /** The bytes, with values that were in other files. */
  private static byte[] withValues(ModelProto known, byte[] bytes) throws IOException {
    GraphProto graph = known.getGraph();
    boolean apart =
        graph.getInitializerList().stream().anyMatch(OnnxFile::isApart)
            || graph.getNodeList().stream()
                .flatMap(n -> n.getAttributeList().stream())
                .anyMatch(a -> isApart(a.getT()));
    if (!apart) return bytes;
    ModelProto.Builder whole = whole(bytes).toBuilder();
    GraphProto.Builder to = whole.getGraphBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      TensorProto t = graph.getInitializer(i);
      if (isApart(t)) to.setInitializer(i, inside(t));
    }
    for (int i = 0; i < graph.getNodeCount(); i++) {
      for (int k = 0; k < graph.getNode(i).getAttributeCount(); k++) {
        TensorProto t = graph.getNode(i).getAttribute(k).getT();
        if (isApart(t)) to.getNodeBuilder(i).getAttributeBuilder(k).setT(inside(t));
      }
    }
    return whole.build().toByteArray();
  }

  private static boolean isApart(TensorProto tensor) {
    return tensor.getExternalDataCount() > 0;
  }

  private static TensorProto inside(TensorProto tensor) {
    return tensor.toBuilder().clearExternalData().setDataLocation(DataLocation.DEFAULT).build();
  }

  /** Types of the operators it is made of, sorted. */
  public Set<String> operators() {
    return operators;
  }

  /** What has to be given. */
  public List<Port> inputs() {
    Set<String> constants = new HashSet<>();
    known.getGraph().getInitializerList().forEach(t -> constants.add(t.getName()));
    return known.getGraph().getInputList().stream()
        .filter(i -> !constants.contains(i.getName()))
        .map(OnnxFile::port)
        .toList();
  }

  /** What comes out, in the order of the file. */
  public List<Port> outputs() {
    return known.getGraph().getOutputList().stream().map(OnnxFile::port).toList();
  }

  private static Port port(ValueInfoProto value) {
    List<Integer> sizes =
        value.getType().getTensorType().getShape().getDimList().stream()
            .map(d -> d.getDimValue() > 0 ? (int) Math.min(d.getDimValue(), 1 << 30) : Shape.ANY)
            .toList();
    return new Port(value.getName(), sizes);
  }

  /**
   * A softmax over channels, a sigmoid, ReLU or tanh that gives an output.
   *
   * @param channels axis of the channels of the output
   * @param rank number of its axes
   * @throws SpyhopException if it ends with a softmax over something else
   */
  public Optional<Ending> ending(String output, int channels, int rank) {
    String value = output;
    for (int i = 0; i < known.getGraph().getNodeCount(); i++) {
      Optional<NodeProto> node = giver(value);
      if (node.isEmpty() || node.get().getInputCount() == 0) return Optional.empty();
      String type = node.get().getOpType();
      if (type.equals("Sigmoid")) {
        return Optional.of(new Ending(Function.SIGMOID, node.get().getInput(0)));
      }
      if (type.equals("Softmax")) {
        requireOver(node.get(), channels, rank);
        return Optional.of(new Ending(Function.SOFTMAX, node.get().getInput(0)));
      }
      if (type.equals("Relu")) {
        return Optional.of(new Ending(Function.RELU, node.get().getInput(0)));
      }
      if (type.equals("Tanh")) {
        return Optional.of(new Ending(Function.TANH, node.get().getInput(0)));
      }
      if (!PASSED.contains(type)) return Optional.empty();
      value = node.get().getInput(0);
    }
    return Optional.empty();
  }

  private static void requireOver(NodeProto softmax, int channels, int rank) {
    long axis =
        softmax.getAttributeList().stream()
            .filter(a -> a.getName().equals("axis"))
            .map(a -> a.getI())
            .findFirst()
            .orElse((long) rank - 1);
    if ((axis + rank) % rank != channels) {
      throw new SpyhopException(
          "The network ends with a softmax over axis "
              + axis
              + ", which is not that of its channels ("
              + channels
              + "): it gives no probabilities of classes.");
    }
  }

  private Optional<NodeProto> giver(String value) {
    return known.getGraph().getNodeList().stream()
        .filter(n -> n.getOutputList().contains(value))
        .findFirst();
  }

  /** The file. */
  public OnnxContent content() {
    return OnnxContent.of(bytes);
  }

  /** The file, which gives one value in the place of all its outputs. */
  public OnnxContent giving(String value) {
    try {
      ModelProto.Builder whole = whole(bytes).toBuilder();
      List<ValueInfoProto> others = new ArrayList<>(whole.getGraph().getValueInfoList());
      ValueInfoProto output =
          others.stream()
              .filter(v -> v.getName().equals(value))
              .findFirst()
              .orElse(ValueInfoProto.newBuilder().setName(value).build());
      whole.getGraphBuilder().clearOutput().addOutput(output);
      return OnnxContent.of(whole.build().toByteArray());
    } catch (IOException e) {
      throw new SpyhopException("The ONNX file is not sound: " + e.getMessage(), e);
    }
  }
}
