package sc.fiji.spyhop.engine.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * A compiled network: its layers as {@link Node}s with their parameters in native memory. Feature
 * maps are numbered, inputs first, then layers in order. Not thread safe.
 */
final class Graph implements AutoCloseable {

  final Network network;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final Node[] nodes;
  private final List<Node.Slot> slots = new ArrayList<>();
  private final BlockPool pool = new BlockPool();
  private List<List<Integer>> lastShapes = List.of();
  private boolean closed;

  /**
   * @param trains whether parameters get gradients
   * @param frozen names of layers whose parameters get none
   */
  Graph(Network network, Weights weights, boolean trains, Set<String> frozen) {
    Shapes.of(network);
    check(network, weights);
    this.network = network;
    network.inputs().forEach(i -> number(i.name()));
    nodes = new Node[network.inputs().size() + network.layers().size()];
    for (Layer layer : network.layers()) {
      int i = number(layer.name());
      nodes[i] = Nodes.of(layer, i, frozen.contains(layer.name()));
      nodes[i].inputs = layer.inputs().stream().mapToInt(numbers::get).toArray();
    }
    try {
      for (Layer layer : network.layers()) {
        List<Node.Slot> own = new ArrayList<>();
        for (Parameter p : Parameters.of(layer)) {
          Node.Slot slot = new Node.Slot(p, Block.of(weights.get(p.name())));
          own.add(slot);
          slots.add(slot);
          if (trains && p.role().isTrained() && !frozen.contains(layer.name())) {
            slot.gradient = new Block(slot.value.shape());
          }
        }
        nodes[numbers.get(layer.name())].slots = List.copyOf(own);
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private int number(String name) {
    names.add(name);
    numbers.put(name, names.size() - 1);
    return names.size() - 1;
  }

  private static void check(Network network, Weights weights) {
    for (Parameter p : Parameters.of(network)) {
      Tensor t = weights.tensors().get(p.name());
      List<Integer> shape = t == null ? List.of() : Arrays.stream(t.shape()).boxed().toList();
      if (t == null || !shape.equals(p.shape())) {
        throw new SpyhopException(
            "weights: expected "
                + p.name()
                + " of shape "
                + p.shape()
                + ", received "
                + (t == null ? "none" : shape)
                + "; they belong to another network");
      }
    }
  }

  List<Node.Slot> slots() {
    return slots;
  }

  /** Number of a layer by name. */
  int number(String name, String what) {
    Integer i = numbers.get(name);
    if (i == null || i < network.inputs().size()) {
      throw new SpyhopException(
          what + ": the network has no layer named \"" + name + "\"; it has " + layerNames());
    }
    return i;
  }

  private List<String> layerNames() {
    return names.subList(network.inputs().size(), names.size());
  }

  /** Number of an input by name. */
  int inputNumber(String name) {
    Integer i = numbers.get(name);
    if (i == null || i >= network.inputs().size()) {
      throw new SpyhopException(
          "the network has no input named \""
              + name
              + "\"; it has "
              + names.subList(0, network.inputs().size()));
    }
    return i;
  }

  /** Activations of one run and, afterwards, what is needed to take gradients back. */
  final class Run implements AutoCloseable {

    private final Block[] maps = new Block[nodes.length];
    private final int[][] shapes;
    private final boolean[] wanted = new boolean[nodes.length];
    private final boolean[] needed = new boolean[nodes.length];
    private final int[] waiting = new int[nodes.length];
    private final boolean[] inPlace = new boolean[nodes.length];
    private final Node.Mode mode;
    private final boolean keep;

    private Run(
        Map<String, Tensor> inputs, Collection<String> layers, Node.Mode mode, boolean keep) {
      this.mode = mode;
      this.keep = keep;
      for (String layer : layers) wanted[number(layer, "activations")] = true;
      shapes = shapesFor(inputs);
      plan();
      try {
        for (Network.Input input : network.inputs()) {
          int i = numbers.get(input.name());
          if (needed[i]) maps[i] = pool.copy(inputs.get(input.name()));
        }
        for (int i = network.inputs().size(); i < nodes.length; i++) {
          if (needed[i]) compute(i);
        }
      } catch (RuntimeException | Error e) {
        close();
        throw e;
      }
    }

    private void plan() {
      for (int i = nodes.length - 1; i >= network.inputs().size(); i--) {
        needed[i] |= wanted[i];
        if (!needed[i]) continue;
        for (int j : nodes[i].inputs) {
          needed[j] = true;
          waiting[j]++;
        }
      }
      for (int i = network.inputs().size(); i < nodes.length; i++) {
        if (!needed[i] || !nodes[i].worksInPlace()) continue;
        int j = nodes[i].inputs[0];
        inPlace[i] =
            waiting[j] == 1 && !wanted[j] && nodes[j] != null && !(keep && nodes[j].needsOutput());
      }
    }

    /** Whether a backward pass will look at a map. */
    private boolean isKept(int i) {
      if (!keep) return false;
      if (nodes[i] != null && nodes[i].needsOutput()) return true;
      for (int k = network.inputs().size(); k < nodes.length; k++) {
        if (!needed[k] || !nodes[k].needsInput()) continue;
        for (int j : nodes[k].inputs) if (j == i) return true;
      }
      return false;
    }

    private void compute(int i) {
      Node node = nodes[i];
      Block[] in = new Block[node.inputs.length];
      for (int k = 0; k < in.length; k++) in[k] = maps[node.inputs[k]];
      Block out = inPlace[i] ? in[0] : pool.take(shapes[i]);
      if (inPlace[i]) maps[node.inputs[0]] = null;
      maps[i] = out;
      node.forward(in, out, mode, pool);
      for (int j : node.inputs) {
        if (--waiting[j] == 0 && !wanted[j] && !isKept(j)) release(j);
      }
    }

    private void release(int i) {
      if (maps[i] != null) pool.give(maps[i]);
      maps[i] = null;
    }

    Block map(int i) {
      return maps[i];
    }

    int[] shape(int i) {
      return shapes[i].clone();
    }

    /**
     * Takes gradients back; fills in those of trained parameters. Can be called once.
     *
     * @param seeds by number, gradients of what is to be minimised with respect to layers
     * @param input an input whose gradient is asked, or -1
     * @return that gradient, to be given back to the caller's tensor; zeros if nothing depends on
     *     it
     */
    Tensor backward(Map<Integer, Tensor> seeds, int input, boolean trains) {
      Block[] gradients = new Block[nodes.length];
      boolean[] asked = new boolean[nodes.length];
      for (int i = 0; i < nodes.length; i++) {
        if (nodes[i] == null) {
          asked[i] = i == input;
        } else {
          asked[i] = trains && nodes[i].isTrained();
          for (int j : nodes[i].inputs) asked[i] |= asked[j];
        }
      }
      Block result = null;
      try {
        seeds.forEach((i, seed) -> gradients[i] = pool.copy(seed));
        for (int i = nodes.length - 1; i >= network.inputs().size(); i--) {
          if (gradients[i] != null && asked[i]) {
            step(i, gradients, asked);
          }
          if (gradients[i] != null) pool.give(gradients[i]);
          gradients[i] = null;
          release(i);
        }
        if (trains) clearUnreached(seeds.keySet());
        if (input < 0) return new Tensor(Axes.C, new int[] {0}, new float[0]);
        result = gradients[input];
        if (result == null) {
          int[] s = shapes[input];
          return Tensor.zeros(s.length == 2 ? Axes.NC : Axes.NCHW, s);
        }
        return result.toTensor();
      } finally {
        for (Block g : gradients) if (g != null) pool.give(g);
      }
    }

    private void step(int i, Block[] gradients, boolean[] asked) {
      Node node = nodes[i];
      int n = node.inputs.length;
      Block[] in = new Block[n];
      Block[] out = new Block[n];
      for (int k = 0; k < n; k++) {
        int j = node.inputs[k];
        in[k] = maps[j];
        if (asked[j]) out[k] = node.worksInPlace() ? gradients[i] : pool.take(shapes[j]);
      }
      node.backward(in, maps[i], gradients[i], out, mode, pool);
      for (int k = 0; k < n; k++) {
        int j = node.inputs[k];
        if (out[k] == null) continue;
        if (out[k] == gradients[i]) gradients[i] = null;
        if (gradients[j] == null) {
          gradients[j] = out[k];
        } else {
          gradients[j].add(out[k]);
          pool.give(out[k]);
        }
      }
    }

    /** Parameters on which nothing depends have no gradient. */
    private void clearUnreached(Set<Integer> seeds) {
      boolean[] reached = new boolean[nodes.length];
      for (int i = nodes.length - 1; i >= network.inputs().size(); i--) {
        reached[i] |= seeds.contains(i);
        if (reached[i]) for (int j : nodes[i].inputs) reached[j] = true;
        if (!reached[i]) {
          for (Node.Slot slot : nodes[i].slots) if (slot.isTrained()) slot.gradient.fill(0);
        }
      }
    }

    void commit() {
      for (int i = 0; i < nodes.length; i++) {
        if (needed[i] && nodes[i] != null) nodes[i].commit();
      }
    }

    @Override
    public void close() {
      for (int i = 0; i < maps.length; i++) release(i);
    }
  }

  /**
   * Computes layers and whatever they depend on.
   *
   * @param keep whether {@link Run#backward} will be called
   */
  Run run(Map<String, Tensor> inputs, Collection<String> layers, Node.Mode mode, boolean keep) {
    checkOpen();
    return new Run(inputs, layers, mode, keep);
  }

  private void checkOpen() {
    if (closed) throw new IllegalStateException("network: already closed");
  }

  private int[][] shapesFor(Map<String, Tensor> inputs) {
    Map<String, Shape> given = new LinkedHashMap<>();
    int batch = -1;
    for (Network.Input input : network.inputs()) {
      Tensor t = inputs.get(input.name());
      if (t == null) {
        throw new SpyhopException(
            "input " + input.name() + ": expected a tensor, received none; give " + names(inputs));
      }
      if (t.rank() < 2) {
        throw new SpyhopException(
            "input " + input.name() + ": expected axes NCHW or NC, received " + t);
      }
      if (batch >= 0 && t.size(0) != batch) {
        throw new SpyhopException(
            "input "
                + input.name()
                + ": expected "
                + batch
                + " samples as in the other inputs, received "
                + t.size(0));
      }
      batch = t.size(0);
      if (t.length() == 0) {
        throw new SpyhopException("input " + input.name() + ": it is empty, " + t);
      }
      int[] s = t.shape();
      given.put(
          input.name(), new Shape(s[1], IntStream.range(2, s.length).mapToObj(d -> s[d]).toList()));
    }
    Map<String, Shape> all = Shapes.of(network, given);
    int[][] shapes = new int[nodes.length][];
    for (int i = 0; i < shapes.length; i++) {
      Shape s = all.get(names.get(i));
      shapes[i] = Node.concat(new int[] {batch, s.channels()}, Node.ints(s.space()));
      long length = Tensor.length(shapes[i]);
      if (length > Integer.MAX_VALUE - 8) {
        throw new SpyhopException(
            "layer "
                + names.get(i)
                + ": a map of "
                + length
                + " values is too large; use smaller tiles or fewer at a time");
      }
    }
    List<List<Integer>> key =
        Arrays.stream(shapes).map(s -> Arrays.stream(s).boxed().toList()).toList();
    if (!key.equals(lastShapes)) pool.close();
    lastShapes = key;
    return shapes;
  }

  private List<String> names(Map<String, Tensor> inputs) {
    return network.inputs().stream()
        .map(Network.Input::name)
        .filter(n -> !inputs.containsKey(n))
        .toList();
  }

  Weights weights() {
    checkOpen();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Node.Slot s : slots) {
      tensors.put(s.parameter.name(), s.value.toTensor(s.parameter.axes()));
    }
    return new Weights(tensors);
  }

  /**
   * Replaces all weights.
   *
   * @param last called when it is certain that the weights fit, before anything is changed
   */
  void setWeights(Weights weights, Runnable last) {
    checkOpen();
    check(network, weights);
    last.run();
    for (Node.Slot s : slots) s.value.data.put(0, weights.get(s.parameter.name()).data());
  }

  @Override
  public void close() {
    if (closed) return;
    closed = true;
    slots.forEach(Node.Slot::close);
    pool.close();
    NativeLibrary.trim();
  }
}
