package sc.fiji.spyhop.generate.style;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * Which maps of a network stand for what is to be seen, and which for how it is painted. Of VGG-19
 * those of Gatys et al. (2016), behind their rectifiers: conv4_2, and the first convolution of each
 * block, conv1_1 to conv5_1. Of another network the last layer of each scale up to 16 pixels for
 * the style, and the one of 8 pixels, or the next finer, for the content.
 *
 * @param content weights by layer; they sum to one
 * @param style weights by layer; they sum to one
 */
public record StyleLayers(Map<String, Double> content, Map<String, Double> style) {

  private static final List<Integer> VGG19 =
      List.of(64, 64, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512, 512, 512, 512);

  /** Of these convolutions, from 0: conv4_2. */
  private static final int VGG19_CONTENT = 9;

  /** Of these convolutions: conv1_1, conv2_1, conv3_1, conv4_1 and conv5_1. */
  private static final List<Integer> VGG19_STYLE = List.of(0, 2, 4, 8, 12);

  private static final int COARSEST_STYLE = 16;
  private static final int COARSEST_CONTENT = 8;

  /** Divides weights by their sum, and keeps the order of layers. */
  public StyleLayers {
    content = normalized(content);
    style = normalized(style);
  }

  private static Map<String, Double> normalized(Map<String, Double> weights) {
    double sum = weights.values().stream().mapToDouble(w -> w).sum();
    Map<String, Double> all = new LinkedHashMap<>();
    weights.forEach((name, w) -> all.put(name, w / sum));
    return all;
  }

  /**
   * Of a network.
   *
   * @param content names with commas, each perhaps with its weight after a colon; empty to choose
   * @param style the same
   * @throws SpyhopException if there is no such layer, it gives no maps, a weight is none, or there
   *     is none to choose
   */
  static StyleLayers of(Network network, String content, String style) {
    List<String> named = vgg19(network);
    Map<String, Double> contentChosen = parsed(network, content);
    Map<String, Double> styleChosen = parsed(network, style);
    if (contentChosen.isEmpty()) {
      String layer =
          named.isEmpty()
              ? last(scales(network).headMap(COARSEST_CONTENT, true), scales(network))
              : named.get(VGG19_CONTENT);
      contentChosen = Map.of(layer, 1.0);
    }
    if (styleChosen.isEmpty()) {
      List<String> layers =
          named.isEmpty()
              ? List.copyOf(scales(network).headMap(COARSEST_STYLE, true).values())
              : VGG19_STYLE.stream().map(named::get).toList();
      if (layers.isEmpty()) layers = List.copyOf(scales(network).values());
      styleChosen = new LinkedHashMap<>();
      for (String layer : layers) styleChosen.put(layer, 1.0);
    }
    return new StyleLayers(contentChosen, styleChosen);
  }

  private static String last(
      NavigableMap<Integer, String> fine, NavigableMap<Integer, String> all) {
    return fine.isEmpty() ? all.firstEntry().getValue() : fine.lastEntry().getValue();
  }

  private static NavigableMap<Integer, String> scales(Network network) {
    NavigableMap<Integer, String> scales = new TreeMap<>();
    Map<String, Shape> shapes = Shapes.of(network);
    Surgery.scales(network)
        .forEach(
            (stride, layer) -> {
              if (shapes.get(layer).rank() == 2) scales.put(stride, layer);
            });
    if (!scales.isEmpty()) return scales;
    throw new SpyhopException(
        "Style: expected a network with feature maps that are whole numbers of pixels apart, this"
            + " one has none; name layers, or choose another model.");
  }

  /**
   * What follows each of the sixteen convolutions of a VGG-19, whatever its layers are called;
   * empty if the network is none.
   */
  private static List<String> vgg19(Network network) {
    List<String> behind = new ArrayList<>();
    List<Integer> channels = new ArrayList<>();
    for (Layer layer : network.layers()) {
      if (!(layer instanceof Convolution c) || !c.kernel().equals(List.of(3, 3))) continue;
      if (channels.size() == VGG19.size()) return List.of();
      channels.add(c.filters());
      behind.add(rectified(network, c.name()));
    }
    return channels.equals(VGG19) ? behind : List.of();
  }

  /** The rectifier that follows a convolution, or the convolution itself. */
  private static String rectified(Network network, String name) {
    Optional<Layer> next =
        network.layers().stream().filter(l -> l.inputs().contains(name)).findFirst();
    if (next.isEmpty()) return name;
    if (next.get() instanceof BatchNorm b) return rectified(network, b.name());
    return next.get() instanceof Activation a ? a.name() : name;
  }

  private static Map<String, Double> parsed(Network network, String text) {
    Map<String, Double> weights = new LinkedHashMap<>();
    Map<String, Shape> shapes = text.isBlank() ? Map.of() : Shapes.of(network);
    for (String part : text.split(",")) {
      if (part.isBlank()) continue;
      String name = part.strip();
      double weight = 1;
      int colon = name.lastIndexOf(':');
      if (colon > 0 && !shapes.containsKey(name)) {
        weight = Decimals.parse(name.substring(colon + 1));
        name = name.substring(0, colon).strip();
      }
      if (!(weight > 0) || Double.isInfinite(weight)) {
        throw new SpyhopException(
            "Layers: expected names, each perhaps with a weight above 0 after a colon, such as"
                + " conv1_1:0.5, received \""
                + part.strip()
                + "\".");
      }
      network.layer(name);
      if (shapes.get(name).rank() != 2) {
        throw new SpyhopException(
            Strings.format(
                "Layer %s: expected one that gives maps, received one of numbers.", name));
      }
      weights.put(name, weight);
    }
    return weights;
  }

  /** Such as {@code content conv4_2; style conv1_1, conv2_1}. */
  public String text() {
    return "content " + words(content) + "; style " + words(style);
  }

  private static String words(Map<String, Double> weights) {
    boolean equal = weights.values().stream().distinct().count() == 1;
    return weights.entrySet().stream()
        .map(e -> equal ? e.getKey() : Strings.format("%s:%.3g", e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }
}
