package sc.fiji.spyhop.exchange.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.expression.FormulaText;
import sc.fiji.spyhop.network.Layer.Function;

/** Keras' activations, as layers of their own and as a setting of others. */
final class KerasActivations {

  /** Those that are layers of ours. */
  private static final Map<String, Function> KNOWN =
      Map.ofEntries(
          Map.entry("linear", Function.IDENTITY),
          Map.entry("relu", Function.RELU),
          Map.entry("relu6", Function.RELU6),
          Map.entry("softmax", Function.SOFTMAX),
          Map.entry("sigmoid", Function.SIGMOID),
          Map.entry("tanh", Function.TANH),
          Map.entry("elu", Function.ELU),
          Map.entry("swish", Function.SWISH),
          Map.entry("silu", Function.SWISH),
          Map.entry("hard_swish", Function.HARD_SWISH),
          Map.entry("hard_silu", Function.HARD_SWISH),
          Map.entry("gelu", Function.GELU),
          Map.entry("mish", Function.MISH));

  /** Those that become formulas, with the settings that Keras gives them by default. */
  private static final Map<String, String> FORMULAS =
      Map.ofEntries(
          Map.entry("celu", "where(x<0,exp(x)-1,x)"),
          Map.entry("exponential", "exp(x)"),
          Map.entry("hard_shrink", "where(abs(x)>0.5,x,0)"),
          Map.entry("hard_tanh", "clip(x,-1,1)"),
          Map.entry("log_sigmoid", "-softplus(-x)"),
          Map.entry("selu", "selu(x)"),
          Map.entry("soft_shrink", "where(x>0.5,x-0.5,where(x<-0.5,x+0.5,0))"),
          Map.entry("softplus", "softplus(x)"),
          Map.entry("softsign", "x/(1+abs(x))"),
          Map.entry("sparse_plus", "where(x<-1,0,where(x<1,0.25*(x+1)^2,x))"),
          Map.entry("sparse_sigmoid", "clip(0.5*(x+1),0,1)"),
          Map.entry("squareplus", "0.5*(x+sqrt(x^2+4))"),
          Map.entry("tanh_shrink", "x-tanh(x)"));

  private final GraphBuilder builder;
  private final boolean third;

  /**
   * @param third whether it is Keras 3, whose functions of the same name differ
   */
  KerasActivations(GraphBuilder builder, boolean third) {
    this.builder = builder;
    this.third = third;
  }

  /** A function by its name, or a layer that stands for one. */
  Feature function(String name, Feature x, JsonNode told) {
    if (told.isNull() || told.isMissingNode()) return x;
    if (told.isObject())
      return layer(told.path("class_name").asText(), name, told.path("config"), x);
    String function = told.asText();
    if (KNOWN.containsKey(function)) return builder.activation(name, x, KNOWN.get(function));
    if (FORMULAS.containsKey(function)) return formula(name, FORMULAS.get(function), x);
    return switch (function) {
      case "hard_sigmoid" -> builder.hardSigmoid(name, x, third ? 1 / 6.0 : 0.2, 0.5);
      case "leaky_relu" -> builder.leakyRelu(name, x, 0.2f);
      default -> throw new Unsupported("activation " + function);
    };
  }

  /** A layer that does nothing but this. */
  Feature layer(String type, String name, JsonNode c, Feature x) {
    return switch (type) {
      case "ReLU" -> relu(name, c, x);
      case "LeakyReLU" ->
          builder.leakyRelu(name, x, (float) number(c, "negative_slope", number(c, "alpha", 0.3)));
      case "ThresholdedReLU" ->
          formula(name, "where(x>" + FormulaText.number(number(c, "theta", 1)) + ",x,0)", x);
      case "ELU" -> {
        double alpha = number(c, "alpha", 1);
        yield alpha == 1
            ? builder.activation(name, x, Function.ELU)
            : formula(name, "where(x<0," + FormulaText.number(alpha) + "*(exp(x)-1),x)", x);
      }
      default -> throw new Unsupported("activation " + type);
    };
  }

  private Feature formula(String name, String text, Feature x) {
    return builder.formula(name, text, List.of(x));
  }

  /** A number, which older versions wrote as a list of one. */
  private static double number(JsonNode c, String setting, double otherwise) {
    JsonNode told = c.path(setting);
    if (told.isNull() || told.isMissingNode()) return otherwise;
    return told.isArray() ? KerasLayers.numbers(told)[0] : told.asDouble(otherwise);
  }

  private Feature relu(String name, JsonNode c, Feature x) {
    double most = number(c, "max_value", Double.POSITIVE_INFINITY);
    double slope = number(c, "negative_slope", 0);
    double threshold = number(c, "threshold", 0);
    boolean limited = most < Double.POSITIVE_INFINITY;
    if (threshold == 0 && !limited) return builder.leakyRelu(name, x, (float) slope);
    if (threshold == 0 && slope == 0 && most == 6)
      return builder.activation(name, x, Function.RELU6);
    String from = FormulaText.number(threshold);
    String below = FormulaText.number(slope) + "*(x-" + from + ")";
    String above = limited ? "min(x," + FormulaText.number(most) + ")" : "x";
    return formula(name, "where(x<=" + from + "," + below + "," + above + ")", x);
  }
}
