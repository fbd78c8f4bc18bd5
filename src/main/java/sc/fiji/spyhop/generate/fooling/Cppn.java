package sc.fiji.spyhop.generate.fooling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A compositional pattern-producing network (Stanley 2007): from where a pixel is to what it shows.
 * Values 0 to 3 are x and y, from -1 to 1 on the longer side, the distance to the centre and a
 * constant 1; each node adds one more, made of those before it. The last ones are the outputs.
 *
 * @param nodes in the order in which they are computed
 * @param outputs how many of them are outputs
 */
record Cppn(List<Node> nodes, int outputs) {

  /** x, y, distance and constant. */
  static final int INPUTS = 4;

  /** What a node makes of its sum; results are from -1 to 1 but for linear ones. */
  enum Function {
    SINE,
    GAUSSIAN,
    SIGMOID,
    LINEAR;

    double of(double x) {
      return switch (this) {
        case SINE -> Math.sin(x);
        case GAUSSIAN -> 2 * Math.exp(-x * x) - 1;
        case SIGMOID -> 2 / (1 + Math.exp(-x)) - 1;
        case LINEAR -> x;
      };
    }
  }

  /**
   * A weighted value.
   *
   * @param from number of an input or an earlier node
   */
  record Link(int from, double weight) {}

  /** A function of a weighted sum. */
  record Node(Function function, List<Link> links) {
    Node {
      links = List.copyOf(links);
    }

    /**
     * At all places.
     *
     * @param values of inputs and earlier nodes, each at all places
     */
    double[] of(double[][] values) {
      double[] sums = new double[values[0].length];
      for (Link link : links) {
        double[] from = values[link.from()];
        for (int i = 0; i < sums.length; i++) sums[i] += link.weight() * from[i];
      }
      for (int i = 0; i < sums.length; i++) sums[i] = function.of(sums[i]);
      return sums;
    }

    /** The same where nodes from a number on have moved up by one. */
    Node shifted(int number) {
      List<Link> moved = new ArrayList<>();
      for (Link l : links) {
        moved.add(l.from() >= number ? new Link(l.from() + 1, l.weight()) : l);
      }
      return new Node(function, moved);
    }
  }

  Cppn {
    nodes = List.copyOf(nodes);
    if (outputs < 1 || outputs > nodes.size()) {
      throw new IllegalArgumentException(
          "cppn: expected 1 to " + nodes.size() + " outputs, received " + outputs);
    }
    for (int i = 0; i < nodes.size(); i++) {
      for (Link link : nodes.get(i).links()) {
        if (link.from() < 0 || link.from() >= INPUTS + i) {
          throw new IllegalArgumentException(
              "cppn: node " + (INPUTS + i) + " cannot depend on " + link.from());
        }
      }
    }
  }

  /** How many nodes are no outputs. */
  int hidden() {
    return nodes.size() - outputs;
  }

  /**
   * Its outputs at some places.
   *
   * @param x of each
   * @param y of each
   * @return by output, then by place, each from -1 to 1
   */
  double[][] at(double[] x, double[] y) {
    boolean[] used = used();
    double[][] values = new double[INPUTS + nodes.size()][];
    values[0] = x;
    values[1] = y;
    values[2] = new double[x.length];
    values[3] = new double[x.length];
    Arrays.fill(values[3], 1);
    for (int i = 0; i < x.length; i++) values[2][i] = Math.sqrt(x[i] * x[i] + y[i] * y[i]);
    for (int i = INPUTS; i < values.length; i++) {
      if (used[i]) values[i] = nodes.get(i - INPUTS).of(values);
    }
    double[][] out = new double[outputs][x.length];
    for (int o = 0; o < outputs; o++) {
      double[] from = values[values.length - outputs + o];
      for (int i = 0; i < x.length; i++) out[o][i] = Math.max(-1, Math.min(1, from[i]));
    }
    return out;
  }

  /** Which inputs and nodes play a part in the outputs. */
  private boolean[] used() {
    boolean[] used = new boolean[INPUTS + nodes.size()];
    for (int i = used.length - 1; i >= INPUTS; i--) {
      if (i >= used.length - outputs) used[i] = true;
      if (!used[i]) continue;
      for (Link link : nodes.get(i - INPUTS).links()) used[link.from()] = true;
    }
    return used;
  }

  /** The same with another node in the place of one. */
  Cppn with(int index, Node node) {
    List<Node> changed = new ArrayList<>(nodes);
    changed.set(index, node);
    return new Cppn(changed, outputs);
  }

  /**
   * The same with a node in the middle of a link: what came through it comes with weight 1 into the
   * new node, and out of it with the weight that it had.
   *
   * @param index of the node that the link leads to
   * @param link number of the link
   */
  Cppn split(int index, int link, Function function) {
    Link old = nodes.get(index).links().get(link);
    // outputs stay the last
    int place = Math.min(index, hidden());
    List<Node> changed = new ArrayList<>(nodes.subList(0, place));
    int from = old.from();
    if (from >= INPUTS + place) return this; // from one output to another
    changed.add(new Node(function, List.of(new Link(from, 1))));
    for (int i = place; i < nodes.size(); i++) {
      Node moved = nodes.get(i).shifted(INPUTS + place);
      if (i == index) {
        List<Link> links = new ArrayList<>(moved.links());
        links.set(link, new Link(INPUTS + place, old.weight()));
        moved = new Node(moved.function(), links);
      }
      changed.add(moved);
    }
    return new Cppn(changed, outputs);
  }
}
