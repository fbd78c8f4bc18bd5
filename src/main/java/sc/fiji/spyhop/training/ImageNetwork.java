package sc.fiji.spyhop.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Architectures;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Preset;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.task.ImageTask;

/** Networks for tasks on whole images. */
public final class ImageNetwork {

  /** Six convolutions at three scales, for images of any size. */
  public static final String SMALL = "small";

  private static final String LAYERS =
      "32C3 BN 32C3 BN MP2 64C3 BN 64C3 BN MP2 128C3 BN 128C3 BN GAP D25 FC";

  private static final Pattern LAST_DENSE = Pattern.compile(".*FC(\\d*)", Pattern.DOTALL);

  private ImageNetwork() {}

  /**
   * A network by name or by its layers.
   *
   * @param text {@link #SMALL}, the name of a preset, or layers in the notation of {@link
   *     sc.fiji.spyhop.network.Notation}; a last layer for the task is added if it is not there
   * @param input channels, height, width
   * @param task whose head the last layer is made for
   * @throws sc.fiji.spyhop.SpyhopException if the text is not understood, or does not fit the input
   */
  public static Network of(String text, Shape input, ImageTask<?> task) {
    String asked = text.strip();
    int outputs = task.names().size();
    String spec =
        asked.equalsIgnoreCase(SMALL)
            ? LAYERS
            : Preset.isName(asked) ? asked : ended(asked, outputs);
    Network network = Architectures.of(spec, Optional.of(input), OptionalInt.of(outputs));
    Layer.Function wanted = task.heads().get(0).activation();
    return wanted == Layer.Function.SOFTMAX
        ? network
        : ending(withoutProbabilities(network), wanted);
  }

  private static String ended(String layers, int outputs) {
    Matcher last = LAST_DENSE.matcher(layers.toUpperCase(Locale.ROOT));
    boolean there =
        last.matches() && (last.group(1).isEmpty() || last.group(1).equals("" + outputs));
    return there ? layers : layers + " FC";
  }

  private static Network withoutProbabilities(Network network) {
    Layer last = network.layer(network.outputs().get(0));
    return last instanceof Activation a
            && (a.function() == Layer.Function.SOFTMAX || a.function() == Layer.Function.SIGMOID)
        ? Surgery.cutAfter(network, a.input())
        : network;
  }

  private static Network ending(Network network, Layer.Function function) {
    if (function == Layer.Function.IDENTITY) return network;
    List<Layer> layers = new ArrayList<>(network.layers());
    layers.add(new Activation("prob", network.outputs().get(0), function));
    return new Network(network.inputs(), layers, List.of("prob"));
  }
}
