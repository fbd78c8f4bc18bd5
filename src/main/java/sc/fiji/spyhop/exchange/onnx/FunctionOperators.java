package sc.fiji.spyhop.exchange.onnx;

import java.util.HashMap;
import java.util.Map;
import sc.fiji.spyhop.exchange.graph.Formulas;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.exchange.graph.Value;
import sc.fiji.spyhop.expression.FormulaText;
import sc.fiji.spyhop.network.Layer.Function;

/** Functions of each value that become formulas. */
final class FunctionOperators {

  /** Those without settings. */
  private static final Map<String, String> PLAIN =
      Map.ofEntries(
          Map.entry("Abs", "abs(x)"),
          Map.entry("Ceil", "-floor(-x)"),
          Map.entry("Cos", "cos(x)"),
          Map.entry("Erf", "erf(x)"),
          Map.entry("Exp", "exp(x)"),
          Map.entry("Floor", "floor(x)"),
          Map.entry("Log", "log(x)"),
          Map.entry("Reciprocal", "1/x"),
          Map.entry("Sign", "sign(x)"),
          Map.entry("Sin", "sin(x)"),
          Map.entry("Softplus", "softplus(x)"),
          Map.entry("Softsign", "x/(1+abs(x))"),
          Map.entry("Sqrt", "sqrt(x)"));

  static final Map<String, Operator> ALL = new HashMap<>();

  static {
    PLAIN.forEach((type, formula) -> ALL.put(type, n -> n.formula(formula)));
    ALL.put("Mish", n -> n.activation(Function.MISH));
    ALL.put("Celu", FunctionOperators::celu);
    ALL.put("Gelu", FunctionOperators::gelu);
    ALL.put("Selu", FunctionOperators::selu);
    ALL.put("Shrink", FunctionOperators::shrink);
    ALL.put("ThresholdedRelu", FunctionOperators::thresholdedRelu);
  }

  private FunctionOperators() {}

  private static String setting(NodeCall n, String name, double otherwise) {
    return FormulaText.number(n.settings.real(name, otherwise));
  }

  private static Value celu(NodeCall n) {
    String alpha = setting(n, "alpha", 1);
    return n.formula("where(x<0," + alpha + "*(exp(x/" + alpha + ")-1),x)");
  }

  private static Value gelu(NodeCall n) {
    String form = n.settings.text("approximate", "none");
    return switch (form) {
      case "none" -> n.activation(Function.GELU);
      case "tanh" -> n.formula(Formulas.GELU_BY_TANH);
      default -> throw new Unsupported("approximate " + form);
    };
  }

  private static Value selu(NodeCall n) {
    String alpha = setting(n, "alpha", 1.67326319217681884765625);
    String gamma = setting(n, "gamma", 1.05070102214813232421875);
    return n.formula(gamma + "*where(x<0," + alpha + "*(exp(x)-1),x)");
  }

  private static Value shrink(NodeCall n) {
    String bias = setting(n, "bias", 0);
    String most = setting(n, "lambd", 0.5);
    return n.formula(
        "where(x<-" + most + ",x+" + bias + ",where(x>" + most + ",x-" + bias + ",0))");
  }

  private static Value thresholdedRelu(NodeCall n) {
    return n.formula("where(x>" + setting(n, "alpha", 1) + ",x,0)");
  }
}
