package sc.fiji.spyhop.exchange.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.expression.Expression;
import sc.fiji.spyhop.expression.Expressions;
import sc.fiji.spyhop.expression.FormulaText;
import sc.fiji.spyhop.expression.Kind;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Add;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Multiply;
import sc.fiji.spyhop.network.Shape;

/**
 * Makes one formula of layers that compute value by value and feed only each other: what other
 * programs write as several operations, such as GELU. Sums, products and activations that no
 * formula needs stay what they are, and so does the last function of a network.
 */
final class Fusing {

  /** Most layers in one. */
  private static final int MOST = 40;

  /** Most characters of a formula. */
  private static final int LONGEST = 400;

  private final Map<String, Node> nodes;
  private final Map<String, Shape> shapes;
  private final Set<String> outputs;
  private final Map<String, Set<String>> readers = new HashMap<>();
  private final Map<String, Integer> order = new HashMap<>();

  private Fusing(Map<String, Node> nodes, Map<String, Shape> shapes, List<String> outputs) {
    this.nodes = nodes;
    this.shapes = shapes;
    this.outputs = Set.copyOf(outputs);
    for (Node node : nodes.values()) {
      Layer layer = node.layer();
      order.put(layer.name(), order.size());
      for (String input : layer.inputs()) {
        readers.computeIfAbsent(input, k -> new HashSet<>()).add(layer.name());
      }
    }
  }

  /**
   * Puts layers together.
   *
   * @param nodes by name, in order; those that are taken up are removed
   * @param shapes of all of them, and of the inputs
   */
  static void apply(Map<String, Node> nodes, Map<String, Shape> shapes, List<String> outputs) {
    Fusing fusing = new Fusing(nodes, shapes, outputs);
    for (String name : List.copyOf(nodes.keySet())) {
      Layer layer = nodes.get(name).layer();
      if (!(layer instanceof Activation) && Formulas.of(nodes.get(name)).isPresent()) {
        fusing.grow(name);
      }
    }
    nodes.replaceAll(
        (name, node) ->
            node.layer() instanceof Formula f
                ? new Node(Formulas.simplest(f), node.parameters(), node.affine())
                : node);
  }

  /** The largest group of layers that ends with one, and can be a formula, becomes one. */
  private void grow(String last) {
    Set<String> group = new LinkedHashSet<>(List.of(last));
    Set<String> inside = Set.of();
    Optional<Formula> best = Optional.empty();
    while (group.size() < MOST) {
      Optional<String> next = next(group);
      if (next.isEmpty() || isRectifierBefore(next.get(), group)) break;
      group.add(next.get());
      Optional<Formula> formula = formula(last, group);
      if (formula.isEmpty()) continue;
      best = formula;
      inside = Set.copyOf(group);
    }
    if (best.isEmpty()) return;
    for (String name : inside) {
      for (String input : nodes.get(name).layer().inputs()) readers.get(input).remove(name);
      if (!name.equals(last)) nodes.remove(name);
    }
    nodes.put(last, new Node(best.get(), Map.of(), Optional.empty()));
    for (String input : best.get().inputs()) readers.get(input).add(last);
  }

  /** The last of the layers that feed a group and nothing else. */
  private Optional<String> next(Set<String> group) {
    return inputs(group).stream()
        .filter(name -> nodes.containsKey(name) && !outputs.contains(name))
        .filter(name -> group.containsAll(readers.get(name)))
        .filter(name -> Formulas.of(nodes.get(name)).isPresent())
        .max((a, b) -> Integer.compare(order.get(a), order.get(b)));
  }

  /** Whether all that a group is fed is rectified by one layer, which then stays what it is. */
  private boolean isRectifierBefore(String name, Set<String> group) {
    return inputs(group).size() == 1
        && nodes.get(name).layer() instanceof Activation a
        && a.rectifies();
  }

  /** What feeds a group, in the order in which it is read. */
  private List<String> inputs(Set<String> group) {
    return group.stream()
        .sorted((a, b) -> Integer.compare(order.get(a), order.get(b)))
        .flatMap(name -> nodes.get(name).layer().inputs().stream())
        .filter(name -> !group.contains(name))
        .distinct()
        .toList();
  }

  /** A group as a formula; absent if it should stay, or cannot be one. */
  private Optional<Formula> formula(String last, Set<String> group) {
    List<String> inputs = inputs(group);
    if (!isWorth(last, group, inputs.size())) return Optional.empty();
    List<Dimensions> sizes = inputs.stream().map(i -> shapes.get(i).dimensions()).toList();
    int channels = channels(inputs);
    Expressions make = new Expressions();
    Map<String, Expression> made = new LinkedHashMap<>();
    List<Kind> kinds = LayerFormula.kinds(sizes);
    for (int i = 0; i < inputs.size(); i++) {
      made.put(inputs.get(i), make.variable(LayerFormula.INPUTS.get(i), kinds.get(i)));
    }
    List<Expression> variables = List.copyOf(made.values());
    List<String> ordered = new ArrayList<>(group);
    ordered.sort((a, b) -> Integer.compare(order.get(a), order.get(b)));
    for (String name : ordered) {
      Node node = nodes.get(name);
      if (channels(node.layer().inputs()) != channels && seesChannels(node)) {
        return Optional.empty();
      }
      Map<String, Expression> given = new HashMap<>();
      for (int i = 0; i < node.layer().inputs().size(); i++) {
        given.put(LayerFormula.INPUTS.get(i), made.get(node.layer().inputs().get(i)));
      }
      made.put(name, LayerFormula.parse(Formulas.of(node).orElseThrow(), make, given));
    }
    Expression value = made.get(last);
    if (!Expression.inOrder(List.of(value)).containsAll(variables)) return Optional.empty();
    return FormulaText.of(value, channels, LONGEST).map(text -> new Formula(last, inputs, text));
  }

  private int channels(List<String> inputs) {
    return inputs.stream().mapToInt(i -> shapes.get(i).channels()).max().orElseThrow();
  }

  /** Whether a layer looks at several channels, or at their numbers. */
  private static boolean seesChannels(Node node) {
    return node.layer() instanceof Formula f && f.read().seesChannels();
  }

  /**
   * Whether a group gains by being one layer: one value goes several ways through it, or formulas
   * follow each other.
   */
  private boolean isWorth(String last, Set<String> group, int inputs) {
    int most = 1;
    boolean joins = false;
    boolean formulas = false;
    for (String name : group) {
      Layer layer = nodes.get(name).layer();
      joins |= layer instanceof Add || layer instanceof Multiply;
      if (!(layer instanceof Formula)) continue;
      formulas = true;
      most = Math.max(most, layer.inputs().size());
    }
    if (inputs == 1) return joins || formulas;
    return nodes.get(last).layer() instanceof Formula && inputs <= most;
  }
}
