package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sc.fiji.spyhop.network.Quantization.Range;

/**
 * Chooses what of a network to compute in eight bits: every convolution and dense layer but the
 * first ones, which read the image, and the last ones, whose outputs are the result. What they read
 * and give is rounded, and so is what is pooled, enlarged, joined or added in between, so that
 * values stay whole numbers from one such layer to the next.
 */
public final class EightBits {

  private final Network network;
  private final Map<String, Layer> layers = new HashMap<>();
  private final Map<String, List<Layer>> readers = new HashMap<>();
  private final Set<String> rounded = new HashSet<>();
  private final List<String> chosen = new ArrayList<>();

  private EightBits(Network network) {
    this.network = network;
    for (Layer layer : network.layers()) {
      layers.put(layer.name(), layer);
      for (String in : layer.inputs()) {
        readers.computeIfAbsent(in, n -> new ArrayList<>()).add(layer);
      }
    }
    Set<String> fed = afterWeights();
    Set<String> read = beforeWeights();
    for (Layer layer : network.layers()) {
      boolean can = layer instanceof Convolution || layer instanceof Dense;
      if (!can || !fed.contains(layer.input()) || !read.contains(layer.name())) continue;
      chosen.add(layer.name());
      round(layer.input());
      round(result(layer));
    }
  }

  /** For a network; there may be nothing to choose. */
  public static EightBits of(Network network) {
    return new EightBits(network);
  }

  /** Layers whose maps are rounded, in the order of the network. */
  public List<String> maps() {
    return network.layers().stream().map(Layer::name).filter(rounded::contains).toList();
  }

  /**
   * The same with what is known of the maps. Layers that pass values on get the range of what they
   * read, so that these are not rounded twice.
   *
   * @param measured range of each of {@link #maps()}
   */
  public Quantization with(Map<String, Range> measured) {
    Map<String, Range> ranges = new LinkedHashMap<>();
    for (String name : maps()) {
      Layer layer = layers.get(name);
      Range source = passesOn(layer) ? ranges.get(layer.input()) : null;
      ranges.put(name, source == null ? measured.get(name) : source);
    }
    return new Quantization(ranges, chosen).fittedTo(network);
  }

  /** Maps that are made of those of layers with weights. */
  private Set<String> afterWeights() {
    Set<String> found = new HashSet<>();
    for (Layer layer : network.layers()) {
      if (layer instanceof Weighted || layer.inputs().stream().anyMatch(found::contains)) {
        found.add(layer.name());
      }
    }
    return found;
  }

  /** Maps of which those of layers with weights are made. */
  private Set<String> beforeWeights() {
    Set<String> found = new HashSet<>();
    for (int i = network.layers().size() - 1; i >= 0; i--) {
      Layer layer = network.layers().get(i);
      if (layer instanceof Weighted || found.contains(layer.name())) found.addAll(layer.inputs());
    }
    return found;
  }

  private void round(String map) {
    if (layers.containsKey(map) && rounded.add(map)) roundSources(layers.get(map));
  }

  /** Rounds what a layer reads, if it works on whole numbers as well. */
  private void roundSources(Layer layer) {
    if (passesOn(layer) || layer instanceof Concat || layer instanceof Add) {
      layer.inputs().forEach(this::round);
    } else if (clips(layer) && layers.containsKey(layer.input())) {
      roundSources(layers.get(layer.input()));
    }
  }

  private static boolean passesOn(Layer layer) {
    return layer instanceof Flatten
        || layer instanceof Dropout
        || layer instanceof Activation a && a.function() == Layer.Function.IDENTITY
        || layer instanceof Pooling p && p.kind() == Layer.PoolingKind.MAX
        || layer instanceof Upsampling u && u.interpolation() == Layer.Interpolation.NEAREST;
  }

  /** Whether rounding to a range does what it does. */
  private static boolean clips(Layer layer) {
    return layer instanceof Activation a
        && (a.function() == Layer.Function.RELU || a.function() == Layer.Function.RELU6);
  }

  /** The map in which the result of a layer is first seen, batch norm and clipping included. */
  private String result(Layer layer) {
    Layer at = layer;
    while (!clips(at) && !network.outputs().contains(at.name())) {
      List<Layer> next = readers.getOrDefault(at.name(), List.of());
      if (next.size() != 1 || !(next.get(0) instanceof BatchNorm || clips(next.get(0)))) break;
      at = next.get(0);
    }
    return at.name();
  }
}
