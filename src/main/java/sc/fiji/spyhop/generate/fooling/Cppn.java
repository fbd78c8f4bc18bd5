package sc.fiji.spyhop.generate.fooling;

import java.util.ArrayList;
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
        case SINE -> StrictMath.sin(x);
        case GAUSSIAN -> 2 * StrictMath.exp(-x * x) - 1;
        case SIGMOID -> 2 / (1 + StrictMath.exp(-x)) - 1;
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

    double of(double... values) {
      double sum = 0;
      for (Link link : links) sum += link.weight() * values[link.from()];
      return function.of(sum);
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
   * Its outputs at a place.
   *
   * @return each from -1 to 1
   */
  double[] at(double x, double y) {
    double[] values = new double[INPUTS + nodes.size()];
    values[0] = x;
    values[1] = y;
    values[2] = Math.sqrt(x * x + y * y);
    values[3] = 1;
    for (int i = 0; i < nodes.size(); i++) values[INPUTS + i] = nodes.get(i).of(values);
    double[] out = new double[outputs];
    for (int i = 0; i < outputs; i++) {
      double value = values[values.length - outputs + i];
      out[i] = Math.max(-1, Math.min(1, value));
    }
    return out;
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
