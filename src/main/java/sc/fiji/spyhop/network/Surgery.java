package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;

/**
 * New networks from old ones: cut, graft, replace. Layers that stay keep their names, and so their
 * weights; new ones get names that the old network nowhere used, so that {@code
 * sc.fiji.spyhop.weights.Transfer} can tell them apart.
 */
public final class Surgery {

  private Surgery() {}

  /**
   * The layers up to one, which becomes the only output; what does not lead to it is left out.
   *
   * @param layer name of the last one that stays
   * @throws SpyhopException if there is no such layer
   */
  public static Network cutAfter(Network network, String layer) {
    network.layer(layer);
    return only(network, List.of(layer));
  }

  /**
   * The layers that lead to some of its layers, which become the outputs.
   *
   * @param outputs names of layers
   */
  public static Network only(Network network, List<String> outputs) {
    Set<String> needed = ancestors(network, outputs);
    return new Network(
        network.inputs().stream().filter(i -> needed.contains(i.name())).toList(),
        network.layers().stream().filter(l -> needed.contains(l.name())).toList(),
        outputs);
  }

  /** The layers named, all that they hang on, and inputs. */
  private static Set<String> ancestors(Network network, List<String> layers) {
    Set<String> needed = new HashSet<>(layers);
    for (int i = network.layers().size() - 1; i >= 0; i--) {
      Layer layer = network.layers().get(i);
      if (needed.contains(layer.name())) needed.addAll(layer.inputs());
    }
    return needed;
  }

  /**
   * Where the head of an output begins: its last map of more than one position that still comes
   * before its last weighted layer. Of VGG the last pooling, of ResNet the map before global
   * pooling, of U-Net the map before the 1 x 1 convolution.
   *
   * @param output name of one of the network's outputs
   * @return name of a layer
   * @throws SpyhopException if the output has no weighted layer, or sees no map
   */
  public static String backboneEnd(Network network, String output) {
    Map<String, Shape> shapes = Shapes.of(network);
    String at = classifier(network, output).input();
    while (shapes.get(at).space().stream().allMatch(size -> size == 1)) {
      String here = at;
      at =
          network.layers().stream()
              .filter(l -> l.name().equals(here))
              .findFirst()
              .orElseThrow(
                  () ->
                      new SpyhopException(
                          "network: its output " + output + " comes from no feature map"))
              .inputs()
              .get(0);
    }
    return at;
  }

  /**
   * The last weighted layer that leads to an output: the one that knows the classes.
   *
   * @param output name of one of the network's outputs
   */
  public static Weighted classifier(Network network, String output) {
    network.layer(output);
    Set<String> leading = ancestors(network, List.of(output));
    List<Weighted> weighted =
        network.layers().stream()
            .filter(l -> leading.contains(l.name()) && l instanceof Weighted)
            .map(Weighted.class::cast)
            .toList();
    if (weighted.isEmpty()) {
      throw new SpyhopException(
          "network: no convolution or dense layer leads to its output " + output);
    }
    return weighted.get(weighted.size() - 1);
  }

  /** Where channels meet values of a layer's own, so that other channels need another layer. */
  private static boolean isPerChannel(Layer layer) {
    return !(layer instanceof Weighted) && !layer.parameters().isEmpty();
  }

  /**
   * The same network for another number of classes: the last weighted layer of an output is new,
   * and so are normalisations after it. A ReLU after it is left out: it would silence for good the
   * classes that random weights begin with below zero. The output keeps its name unless it is the
   * new layer itself.
   *
   * @param output name of one of the network's outputs
   * @param classes at least 1
   * @throws SpyhopException if what follows the classifier is fed by other layers too
   */
  public static Network withClasses(Network network, String output, int classes) {
    Weighted old = classifier(network, output);
    Checks.positive(old.name(), "classes", classes);
    Set<String> taken = names(network);
    Map<String, String> renamed = new HashMap<>();
    Set<String> changed = new HashSet<>();
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : network.layers()) {
      boolean downstream = layer.inputs().stream().anyMatch(changed::contains);
      if (downstream && !changed.containsAll(layer.inputs())) {
        throw new SpyhopException(
            "layer " + layer.name() + ": mixes classes with other channels; graft a new head");
      }
      if (downstream || layer == old) changed.add(layer.name());
      if (downstream && layer instanceof Activation a && a.function() == Layer.Function.RELU) {
        renamed.put(a.name(), renamed.getOrDefault(a.input(), a.input()));
        continue;
      }
      if (layer == old || downstream && isPerChannel(layer)) {
        String name = Renaming.unused(layer.name() + "_new", taken);
        taken.add(name);
        renamed.put(layer.name(), name);
      }
      Layer fitted = layer;
      if (layer == old) fitted = old.withOutputs(classes);
      else if (downstream) fitted = layer.withChannels(classes);
      layers.add(Renaming.renamed(fitted, n -> renamed.getOrDefault(n, n)));
    }
    return checked(
        network.inputs(),
        layers,
        network.outputs().stream().map(n -> renamed.getOrDefault(n, n)).toList());
  }

  /**
   * The same for the only output.
   *
   * @param classes at least 1
   */
  public static Network withClasses(Network network, int classes) {
    return withClasses(network, onlyOutput(network), classes);
  }

  private static String onlyOutput(Network network) {
    if (network.outputs().size() != 1) {
      throw new SpyhopException(
          "network: expected one output, received "
              + network.outputs()
              + "; name the one you mean");
    }
    return network.outputs().get(0);
  }

  /**
   * The backbone up to a layer with a head put on top. The head's outputs are the outputs; names of
   * its layers that the old network used are followed by a number.
   *
   * @param at layer whose output feeds the head
   * @param head a network with one input, of the shape of that output
   * @throws SpyhopException if the head does not fit
   */
  public static Network graft(Network network, String at, Network head) {
    Network joined = withHead(network, at, head);
    List<String> outputs = joined.outputs();
    return only(joined, outputs.subList(network.outputs().size(), outputs.size()));
  }

  /**
   * The same network with another head on a layer, whose outputs are added as the last; names as of
   * {@link #graft}.
   *
   * @param at layer whose output feeds the head, or an input
   * @param head a network with one input, of the shape of that output
   * @throws SpyhopException if the head does not fit
   */
  public static Network withHead(Network network, String at, Network head) {
    if (head.inputs().size() != 1) {
      throw new SpyhopException(
          "head: expected one input, received " + head.inputs().size() + " of them");
    }
    Set<String> taken = names(network);
    Map<String, String> renamed = new HashMap<>(Map.of(head.inputs().get(0).name(), at));
    for (Layer layer : head.layers()) {
      String name = Renaming.unused(layer.name(), taken);
      taken.add(name);
      renamed.put(layer.name(), name);
    }
    List<Layer> layers = new ArrayList<>(network.layers());
    head.layers().forEach(l -> layers.add(Renaming.renamed(l, renamed::get)));
    List<String> outputs = new ArrayList<>(network.outputs());
    head.outputs().forEach(o -> outputs.add(renamed.get(o)));
    return checked(network.inputs(), layers, outputs);
  }

  /**
   * The same network for inputs of another size or number of channels. The first convolution of the
   * image keeps its name; {@code Transfer} sums its kernels or spreads them.
   *
   * @param input channels, then sizes, {@link Shape#ANY} for any
   * @throws SpyhopException if some layer does not fit, or the image itself is joined with maps
   */
  public static Network withInput(Network network, Shape input) {
    if (network.inputs().size() != 1) {
      throw new SpyhopException(
          "network: expected one input, received " + network.inputs().size() + " of them");
    }
    String image = network.inputs().get(0).name();
    Set<String> raw = new HashSet<>(Set.of(image));
    Map<String, Shape> shapes = new HashMap<>(Map.of(image, input));
    List<Layer> layers = new ArrayList<>();
    boolean sameChannels = input.channels() == network.inputs().get(0).shape().channels();
    for (Layer layer : network.layers()) {
      Layer fitted = layer;
      if (!sameChannels && layer.inputs().stream().anyMatch(raw::contains)) {
        if (!raw.containsAll(layer.inputs()) || layer instanceof Concat) {
          throw new SpyhopException(
              "layer "
                  + layer.name()
                  + ": joins the image itself with maps; its channels cannot be changed");
        }
        fitted = layer.withChannels(shapes.get(layer.input()).channels());
        if (!(layer instanceof Weighted)) raw.add(layer.name());
      }
      shapes.put(
          layer.name(), Shapes.after(fitted, fitted.inputs().stream().map(shapes::get).toList()));
      layers.add(fitted);
    }
    return checked(List.of(new Network.Input(image, input)), layers, network.outputs());
  }

  /**
   * Features at several scales: for each whole stride the last layer of the backbone whose pixels
   * are that many pixels of the input apart, finest first. With it a decoder can be put on top of
   * any network. The last is the end of the backbone, unless that is on a finer scale: of a network
   * that sees the image as a whole its {@link #backboneEnd}, of one with maps for outputs, such as
   * a U-Net, the last of its coarsest features.
   *
   * @return names of layers by stride
   * @throws SpyhopException if the network has no backbone, or sees the image as a whole and has
   *     several outputs
   */
  public static NavigableMap<Integer, String> scales(Network network) {
    Map<String, List<Double>> strides = ReceptiveField.strides(network);
    Map<String, Shape> shapes = Shapes.of(network);
    boolean maps =
        network.outputs().stream()
            .allMatch(o -> shapes.get(o).space().stream().anyMatch(size -> size != 1));
    String end = maps ? coarsest(network, strides) : backboneEnd(network, onlyOutput(network));
    Set<String> backbone = ancestors(network, List.of(end));
    NavigableMap<Integer, String> scales = new TreeMap<>();
    for (Layer layer : network.layers()) {
      List<Double> stride = strides.getOrDefault(layer.name(), List.of());
      if (!backbone.contains(layer.name()) || stride.isEmpty()) continue;
      double s = stride.get(0);
      if (s == Math.rint(s) && stride.stream().allMatch(x -> x == s)) {
        scales.put((int) s, layer.name());
      }
    }
    return scales;
  }

  /**
   * The last layer on the coarsest scale that all outputs hang on, before the layers that know what
   * these mean.
   */
  private static String coarsest(Network network, Map<String, List<Double>> strides) {
    Set<String> ends = new HashSet<>();
    network.outputs().forEach(o -> ends.add(classifier(network, o).name()));
    Set<String> shared = ancestors(network, List.of(network.outputs().get(0)));
    network.outputs().forEach(o -> shared.retainAll(ancestors(network, List.of(o))));
    String found = "";
    double most = 0;
    for (Layer layer : network.layers()) {
      if (layer.inputs().stream().anyMatch(ends::contains)) ends.add(layer.name());
      List<Double> stride = strides.getOrDefault(layer.name(), List.of());
      if (ends.contains(layer.name()) || !shared.contains(layer.name())) continue;
      if (stride.isEmpty() || stride.get(0) < most) continue;
      most = stride.get(0);
      found = layer.name();
    }
    if (!found.isEmpty()) return found;
    throw new SpyhopException(
        "network: its outputs "
            + network.outputs()
            + " come straight from the image, without a backbone");
  }

  private static Set<String> names(Network network) {
    Set<String> names = network.layers().stream().map(Layer::name).collect(Collectors.toSet());
    network.inputs().forEach(i -> names.add(i.name()));
    return names;
  }

  private static Network checked(
      List<Network.Input> inputs, List<Layer> layers, List<String> outputs) {
    Network network = new Network(inputs, layers, outputs);
    Shapes.of(network);
    return network;
  }
}
