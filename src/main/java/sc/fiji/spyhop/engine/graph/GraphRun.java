package sc.fiji.spyhop.engine.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Activations of one run and, afterwards, what is needed to take gradients back.
 *
 * @param <B> a feature map in the engine's memory
 */
final class GraphRun<B> implements AutoCloseable {

  private final Graph<B> graph;
  private final Mode mode;
  private final int[][] shapes;
  private final boolean[] wanted;
  private final boolean[] needed;
  private final boolean[] kept;
  private final boolean[] exact;
  private final boolean[] inPlace;
  private final boolean[] absorbed;
  private final int[] waiting;
  private final List<B> maps;

  GraphRun(
      Graph<B> graph, Map<String, Tensor> inputs, int[][] shapes, boolean[] wanted, Mode mode) {
    this.graph = graph;
    this.mode = mode;
    this.shapes = shapes;
    this.wanted = wanted;
    int n = graph.size();
    needed = wanted.clone();
    exact = wanted.clone();
    kept = new boolean[n];
    inPlace = new boolean[n];
    absorbed = new boolean[n];
    waiting = new int[n];
    maps = new ArrayList<>(Collections.nCopies(n, null));
    plan();
    try {
      for (Network.Input input : graph.network.inputs()) {
        int i = graph.number(input.name());
        if (needed[i]) maps.set(i, graph.backend.copy(inputs.get(input.name())));
      }
      for (int i = graph.first(); i < n; i++) if (needed[i]) compute(i);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void plan() {
    for (int i = graph.size() - 1; i >= graph.first(); i--) {
      if (!needed[i]) continue;
      kept[i] |= mode.keeps() && graph.node(i).needsOutput();
      for (int j : graph.sources(i)) {
        needed[j] = true;
        waiting[j]++;
        kept[j] |= mode.keeps() && graph.node(i).needsInput();
        exact[j] |= exact[i] && graph.layer(i) instanceof Activation;
      }
    }
    for (int i = graph.first(); i < graph.size(); i++) {
      if (!needed[i] || !graph.node(i).worksInPlace()) continue;
      int j = graph.sources(i)[0];
      inPlace[i] = waiting[j] == 1 && !wanted[j] && !kept[j] && j >= graph.first();
      absorbed[i] = inPlace[i] && absorbs(j, i);
    }
  }

  private boolean absorbs(int i, int next) {
    return !absorbed[i]
        && graph.layer(next) instanceof Activation a
        && graph.node(i).absorbs(a.function(), mode);
  }

  /** What a layer applies to its result for the one that comes after it. */
  private Layer.Function function(int i) {
    for (int k = i + 1; k < graph.size(); k++) {
      if (absorbed[k] && graph.sources(k)[0] == i) {
        return ((Activation) graph.layer(k)).function();
      }
    }
    return Layer.Function.IDENTITY;
  }

  private void compute(int i) {
    int[] from = graph.sources(i);
    maps.set(i, absorbed[i] ? maps.get(from[0]) : graph.node(i).forward(new Step(i)));
    if (inPlace[i]) maps.set(from[0], null);
    for (int j : from) if (--waiting[j] == 0 && !wanted[j] && !kept[j]) release(j);
  }

  private void release(int i) {
    B map = maps.set(i, null);
    if (map != null) graph.backend.free(map);
  }

  /** A copy of a layer's activations. */
  Tensor read(int i) {
    return graph.backend.read(maps.get(i));
  }

  /** What a node is shown. */
  private final class Step implements Pass<B> {

    private final int at;
    private final boolean[] asked;
    private final boolean trains;
    private final Map<Integer, B> given = new HashMap<>();

    /** Of the way forward. */
    Step(int at) {
      this(at, new boolean[0], false);
    }

    /**
     * Of the way back.
     *
     * @param asked of which maps gradients are asked
     * @param trains whether those of parameters are
     */
    Step(int at, boolean[] asked, boolean trains) {
      this.at = at;
      this.asked = asked;
      this.trains = trains;
    }

    @Override
    public Mode mode() {
      return mode;
    }

    @Override
    public int inputs() {
      return graph.sources(at).length;
    }

    @Override
    public B in(int k) {
      return maps.get(graph.sources(at)[k]);
    }

    @Override
    public B out() {
      return maps.get(at);
    }

    @Override
    public int[] inShape(int k) {
      return shapes[graph.sources(at)[k]].clone();
    }

    @Override
    public int[] outShape() {
      return shapes[at].clone();
    }

    @Override
    public boolean inPlace() {
      return inPlace[at];
    }

    @Override
    public boolean isExact() {
      return exact[at];
    }

    @Override
    public Layer.Function function() {
      return GraphRun.this.function(at);
    }

    @Override
    public boolean asks(int k) {
      return asked[graph.sources(at)[k]];
    }

    @Override
    public boolean asks(Slot parameter) {
      return trains && parameter.isTrained();
    }

    @Override
    public void give(int k, B gradient) {
      given.put(k, gradient);
    }
  }

  /**
   * Takes gradients back and fills in those of trained parameters. Can be called once.
   *
   * @param seeds by number, gradients of what is to be minimised with respect to layers
   */
  void train(Map<Integer, Tensor> seeds) {
    boolean[] asked = new boolean[graph.size()];
    for (int i = graph.first(); i < asked.length; i++) {
      asked[i] = graph.node(i).slots().stream().anyMatch(Slot::isTrained);
    }
    backward(seeds, asked, true, graph.first(), RectifierRule.DERIVATIVE, gradients -> null);
    clearUnreached(seeds.keySet());
  }

  /**
   * Takes a gradient back. Can be called once.
   *
   * @param seeds by number, gradients with respect to layers
   * @param of number of the map whose gradient is asked
   * @return that gradient; zeros if no layer depends on it
   */
  Tensor gradient(Map<Integer, Tensor> seeds, int of, RectifierRule rule) {
    boolean[] asked = new boolean[graph.size()];
    asked[of] = true;
    return backward(
        seeds,
        asked,
        false,
        Math.max(of + 1, graph.first()),
        rule,
        gradients ->
            gradients.get(of) == null
                ? Tensor.zeros(shapes[of].length == 2 ? Axes.NC : Axes.NCHW, shapes[of])
                : graph.backend.read(gradients.get(of)));
  }

  /**
   * @param asked of which maps gradients are asked for themselves; all between are added
   * @param trains whether those of parameters are asked
   * @param first number of the first layer to go back through
   * @param result of the gradients that are left
   */
  private Tensor backward(
      Map<Integer, Tensor> seeds,
      boolean[] asked,
      boolean trains,
      int first,
      RectifierRule rule,
      Function<List<B>, Tensor> result) {
    int n = graph.size();
    for (int i = graph.first(); i < n; i++) for (int j : graph.sources(i)) asked[i] |= asked[j];
    List<B> gradients = new ArrayList<>(Collections.nCopies(n, null));
    try {
      seeds.forEach((i, seed) -> gradients.set(i, graph.backend.copy(seed)));
      for (int i = n - 1; i >= first; i--) {
        B gradient = gradients.set(i, null);
        if (gradient != null) {
          if (asked[i]) step(new Step(i, asked, trains), gradient, rule, gradients);
          else graph.backend.free(gradient);
        }
        release(i);
        graph.node(i).release();
      }
      return result.apply(gradients);
    } finally {
      for (B g : gradients) if (g != null) graph.backend.free(g);
    }
  }

  private void step(Step pass, B gradient, RectifierRule rule, List<B> gradients) {
    int i = pass.at;
    boolean ruled = rule != RectifierRule.DERIVATIVE && graph.layer(i).rectifies();
    B handed = ruled ? graph.backend.positive(gradient) : gradient;
    if (ruled && rule == RectifierRule.DECONVNET) pass.give(0, handed);
    else graph.node(i).backward(pass, handed);
    for (int k = 0; k < pass.inputs(); k++) {
      int j = graph.sources(i)[k];
      B given = pass.given.get(k);
      if (given == null) continue;
      B before = gradients.get(j);
      gradients.set(j, before == null ? given : graph.backend.add(given, before));
    }
  }

  /** Parameters on which nothing depends have no gradient. */
  private void clearUnreached(Set<Integer> seeds) {
    boolean[] reached = new boolean[graph.size()];
    for (int i = graph.size() - 1; i >= graph.first(); i--) {
      reached[i] |= seeds.contains(i);
      if (reached[i]) {
        for (int j : graph.sources(i)) reached[j] = true;
      } else {
        for (Slot s : graph.node(i).slots()) {
          if (s.isTrained()) s.gradient().put(0, new float[s.gradient().capacity()]);
        }
      }
    }
  }

  void commit() {
    for (int i = graph.first(); i < graph.size(); i++) if (needed[i]) graph.node(i).commit();
  }

  @Override
  public void close() {
    for (int i = 0; i < maps.size(); i++) {
      release(i);
      if (i >= graph.first()) graph.node(i).release();
    }
    graph.backend.runEnds();
  }
}
