package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sc.fiji.spyhop.SpyhopException;

/**
 * One output of a network of another program that stays what it is, an ONNX file, and that ONNX
 * Runtime computes. It is fed by an input of the network, and predicts only: nobody here knows what
 * is in it. Several outputs of one file are as many layers. Layers of ours may follow.
 *
 * @param file the whole file, of which the layer gives one output
 * @param output its name in the file
 * @param channels of the output, in our order of axes; of a vector, all values of an image in the
 *     order of the file
 * @param stride pixels of the input per position of the output; 0 if that is a vector
 * @param halo pixels of the input that a position sees beyond those that it covers, as far as that
 *     was found by trying
 * @param multiple sizes of the input are multiples of this, and so are shifts that change nothing
 * @param channelsLast whether the file has channels behind rows and columns
 * @param missing operators that have no layer here; empty if the file was kept as it is on purpose
 */
@JsonTypeName("onnx")
public record OnnxGraph(
    String name,
    String input,
    OnnxContent file,
    String output,
    int channels,
    int stride,
    int halo,
    int multiple,
    @JsonProperty("channelsLast") boolean channelsLast,
    List<String> missing)
    implements Layer {

  /**
   * Refuses a stride above 4096, a halo above 65,536 pixels, and a multiple that the stride does
   * not divide.
   */
  public OnnxGraph {
    Checks.names(name, input);
    Checks.present(name, "file", file);
    Checks.name("layer " + name + ": output", output);
    Checks.positive(name, "channels", channels);
    Checks.range(name, "a stride", stride, stride >= 0 && stride <= 4096, "from 0 to 4096");
    Checks.range(name, "a halo", halo, halo >= 0 && halo <= 1 << 16, "from 0 to 65536");
    Checks.range(
        name,
        "a multiple",
        multiple,
        multiple >= 1 && multiple <= 4096 && (stride == 0 || multiple % stride == 0),
        "from 1 to 4096 that the stride divides");
    missing = Checks.list("layer " + name + ": missing", missing);
  }

  /** The file that is within a network, if there is one. */
  public static Optional<OnnxContent> fileIn(Network network) {
    return graphs(network).stream().map(OnnxGraph::file).findFirst();
  }

  private static List<OnnxGraph> graphs(Network network) {
    return network.layers().stream()
        .filter(OnnxGraph.class::isInstance)
        .map(OnnxGraph.class::cast)
        .toList();
  }

  /** Why a network predicts only, a sentence; empty if all of it is layers. */
  public static Optional<String> predictionOnly(Network network) {
    return graphs(network).stream().map(OnnxGraph::why).findFirst();
  }

  /**
   * Refuses a network whose layers would have to be known.
   *
   * @param called names the network at the begin of a sentence
   * @param what such as "it cannot be fine-tuned"
   * @throws SpyhopException if it predicts only
   */
  public static void refuse(Network network, String called, String what) {
    predictionOnly(network)
        .ifPresent(
            why -> {
              throw new SpyhopException(called + ": " + what + ". " + why);
            });
  }

  private String why() {
    return "It is for prediction only: its ONNX file is kept as it is and computed by ONNX Runtime"
        + (missing.isEmpty()
            ? ", as was asked for when it was imported."
            : ", because Spyhop has no layer for " + String.join(", ", missing) + ".");
  }

  /** To be thrown by what knows layers alone. */
  public SpyhopException refused() {
    return new SpyhopException("layer " + name + ": " + why());
  }

  /** The same network with its file, which text only names. */
  public static Network with(Network network, OnnxContent content) {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : network.layers()) {
      if (!(layer instanceof OnnxGraph g)) {
        layers.add(layer);
      } else if (g.file.equals(content)) {
        layers.add(
            new OnnxGraph(
                g.name,
                g.input,
                content,
                g.output,
                g.channels,
                g.stride,
                g.halo,
                g.multiple,
                g.channelsLast,
                g.missing));
      } else {
        throw new SpyhopException(
            "network: expected the ONNX file with the SHA-256 "
                + g.file
                + ", received "
                + content
                + "; one of them was changed");
      }
    }
    return new Network(network.inputs(), layers, network.outputs());
  }

  @Override
  public Shape output(Received in) {
    Shape map = in.map(2);
    if (stride == 0) return Shape.of(channels);
    for (int size : map.space()) {
      if (size != Shape.ANY && size % multiple != 0) {
        throw in.refusedSize(
            "expected sizes that are multiples of "
                + multiple
                + ", received "
                + Shape.sizes(map.space())
                + in.from(0));
      }
    }
    return new Shape(channels, in.sizes((d, size) -> size / stride));
  }

  @Override
  public Reach reach(int dimension) {
    return stride == 0 ? Reach.EVERYTHING : new Sight(stride, halo, multiple);
  }

  private record Sight(int pixels, int halo, int grid) implements Reach {
    @Override
    public long first(long at, OptionalInt size) {
      return at * pixels - halo;
    }

    @Override
    public long last(long at, OptionalInt size) {
      return (at + 1) * pixels - 1 + halo;
    }
  }

  @Override
  public OnnxGraph renamed(String other, List<String> sources) {
    return new OnnxGraph(
        other,
        sources.get(0),
        file,
        output,
        channels,
        stride,
        halo,
        multiple,
        channelsLast,
        missing);
  }

  @Override
  public String description() {
    return "ONNX file, output " + output;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
