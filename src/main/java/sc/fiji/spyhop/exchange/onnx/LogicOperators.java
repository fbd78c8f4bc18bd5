package sc.fiji.spyhop.exchange.onnx;

import java.util.Map;

/** Operators on truths, which are 1 and 0 here. */
final class LogicOperators {

  static final Map<String, Operator> ALL =
      Map.of(
          "Less", n -> n.formula(n.term(0) + "<" + n.term(1)),
          "LessOrEqual", n -> n.formula(n.term(0) + "<=" + n.term(1)),
          "Greater", n -> n.formula(n.term(0) + ">" + n.term(1)),
          "GreaterOrEqual", n -> n.formula(n.term(0) + ">=" + n.term(1)),
          "Equal", n -> n.formula(n.term(0) + "==" + n.term(1)),
          "And", n -> n.formula(n.term(0) + "&" + n.term(1)),
          "Or", n -> n.formula(n.term(0) + "|" + n.term(1)),
          "Not", n -> n.formula("!" + n.term(0)),
          "Where", n -> n.formula("where(" + n.term(0) + "," + n.term(1) + "," + n.term(2) + ")"));

  private LogicOperators() {}
}
