package sc.fiji.spyhop.exchange.graph;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import sc.fiji.spyhop.expression.FormulaText;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Add;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Multiply;

/** Layers as formulas, and formulas as layers that have a name of their own. */
public final class Formulas {

  /** Where functions are compared: where they bend, and where they are nearly straight. */
  private static final double[] POINTS = {
    -1000, -40, -12, -7, -4.5, -3.1, -2.9, -2, -1.3, -0.7, -0.2, -0.03, 0.03, 0.2, 0.7, 1.3, 2, 2.9,
    3.1, 4.5, 5.9, 6.1, 7, 12, 40, 1000
  };

  private static final double TOLERANCE = 2e-6;

  /** As Hendrycks and Gimpel 2016 approximate {@code gelu(x)}. */
  public static final String GELU_BY_TANH = "0.5*x*(1+tanh(0.7978845608028654*(x+0.044715*x^3)))";

  /** Functions that are known by their values, as they are written best. */
  private static final List<String> NAMED = List.of(GELU_BY_TANH, "selu(x)", "softplus(x)");

  private Formulas() {}

  /** All inputs with a sign between them: {@code x*y*z}. */
  public static String joined(String sign, int count) {
    if (count > LayerFormula.INPUTS.size()) {
      throw new Unsupported("more than " + LayerFormula.INPUTS.size() + " values at a time");
    }
    return String.join(sign, LayerFormula.INPUTS.subList(0, count));
  }

  /** What a layer computes, as a formula of its inputs, if it is element-wise. */
  static Optional<String> of(Node node) {
    Layer layer = node.layer();
    if (node.affine().isPresent()) return affine(node.affine().get());
    if (layer instanceof Formula f) return Optional.of(f.formula());
    if (layer instanceof Activation a) return a.function().formula();
    boolean joins = layer.inputs().size() <= LayerFormula.INPUTS.size();
    if (joins && layer instanceof Add) return Optional.of(joined("+", layer.inputs().size()));
    if (joins && layer instanceof Multiply) return Optional.of(joined("*", layer.inputs().size()));
    return Optional.empty();
  }

  private static Optional<String> affine(ScaleAndShift by) {
    OptionalDouble scale = by.onlyScale();
    OptionalDouble shift = by.onlyShift();
    if (scale.isEmpty() || shift.isEmpty()) return Optional.empty();
    return Optional.of(
        FormulaText.number(scale.getAsDouble()) + "*x+" + FormulaText.number(shift.getAsDouble()));
  }

  /** The layer itself, or the activation or shorter formula that computes the same. */
  static Layer simplest(Formula layer) {
    if (layer.inputs().size() > 1 || !layer.read().isElementWise()) return layer;
    for (Function function : Function.values()) {
      if (function.formula().filter(text -> same(text, layer)).isPresent()) {
        return new Activation(layer.name(), layer.input(), function);
      }
    }
    return NAMED.stream()
        .filter(text -> same(text, layer))
        .findFirst()
        .map(text -> new Formula(layer.name(), layer.inputs(), text))
        .orElse(layer);
  }

  private static boolean same(String text, Formula layer) {
    LayerFormula known = LayerFormula.parse(text);
    for (double x : POINTS) {
      double expected = known.at(new double[] {x})[0];
      double found = layer.read().at(new double[] {x})[0];
      if (!(Math.abs(found - expected) <= TOLERANCE * (1 + Math.abs(expected)))) return false;
    }
    return true;
  }
}
