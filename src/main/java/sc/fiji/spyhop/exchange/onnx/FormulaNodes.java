package sc.fiji.spyhop.exchange.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto;
import sc.fiji.spyhop.exchange.onnx.proto.TensorProto.DataType;
import sc.fiji.spyhop.expression.Expression;
import sc.fiji.spyhop.expression.LayerFormula;
import sc.fiji.spyhop.expression.Operation;

/** The nodes of a formula, one for each operation. What has no channels keeps an axis of size 1. */
final class FormulaNodes {

  /** What adds nodes and constants to a graph; all return the name of what comes out. */
  interface Graph {
    String node(String operator, List<String> inputs, List<AttributeProto> attributes);

    String number(float value);

    /** Whole numbers in a list. */
    String list(long... values);

    /** The numbers of channels, to be combined with maps. */
    String channels();

    /** How many channels there are. */
    int channelCount();
  }

  private static final Map<Operation, String> OPERATORS =
      Map.ofEntries(
          Map.entry(Operation.ADD, "Add"),
          Map.entry(Operation.SUBTRACT, "Sub"),
          Map.entry(Operation.MULTIPLY, "Mul"),
          Map.entry(Operation.DIVIDE, "Div"),
          Map.entry(Operation.POWER, "Pow"),
          Map.entry(Operation.MINIMUM, "Min"),
          Map.entry(Operation.MAXIMUM, "Max"),
          Map.entry(Operation.LESS, "Less"),
          Map.entry(Operation.LESS_OR_EQUAL, "LessOrEqual"),
          Map.entry(Operation.EQUAL, "Equal"),
          Map.entry(Operation.AND, "And"),
          Map.entry(Operation.OR, "Or"),
          Map.entry(Operation.NEGATE, "Neg"),
          Map.entry(Operation.NOT, "Not"),
          Map.entry(Operation.EXP, "Exp"),
          Map.entry(Operation.LOG, "Log"),
          Map.entry(Operation.SQRT, "Sqrt"),
          Map.entry(Operation.ABS, "Abs"),
          Map.entry(Operation.SIGN, "Sign"),
          Map.entry(Operation.SIGMOID, "Sigmoid"),
          Map.entry(Operation.TANH, "Tanh"),
          Map.entry(Operation.SOFTPLUS, "Softplus"),
          Map.entry(Operation.ERF, "Erf"),
          Map.entry(Operation.SIN, "Sin"),
          Map.entry(Operation.COS, "Cos"),
          Map.entry(Operation.FLOOR, "Floor"),
          Map.entry(Operation.MAX_CHANNELS, "ReduceMax"),
          Map.entry(Operation.MIN_CHANNELS, "ReduceMin"),
          Map.entry(Operation.LOG_SUM_EXP_CHANNELS, "ReduceLogSumExp"));

  private final Graph graph;
  private final Map<Expression, String> names = new HashMap<>();

  private FormulaNodes(Graph graph) {
    this.graph = graph;
  }

  /**
   * Adds a formula.
   *
   * @param inputs names of what it is given, in order
   * @return name of what comes out
   */
  static String add(Expression formula, List<String> inputs, Graph graph) {
    FormulaNodes nodes = new FormulaNodes(graph);
    for (Expression e : Expression.inOrder(List.of(formula))) {
      nodes.names.put(e, nodes.name(e, inputs));
    }
    return nodes.names.get(formula);
  }

  private String name(Expression e, List<String> inputs) {
    List<String> of = new ArrayList<>(e.arguments().stream().map(names::get).toList());
    return switch (e.operation()) {
      case NUMBER -> graph.number((float) e.number());
      case VARIABLE -> inputs.get(LayerFormula.INPUTS.indexOf(e.name()));
      case CHANNEL -> graph.channels();
      case CHANNELS -> graph.number(graph.channelCount());
      case LESS, LESS_OR_EQUAL, EQUAL -> number(node(e, of));
      case AND, OR, NOT -> number(node(e, of.stream().map(this::truth).toList()));
      case WHERE -> graph.node("Where", List.of(truth(of.get(0)), of.get(1), of.get(2)), List.of());
      case SELECT ->
          graph.node(
              "Gather",
              List.of(of.get(0), graph.list((long) e.number())),
              List.of(Attribute.number("axis", 1)));
      case SUM_CHANNELS -> graph.node("ReduceSum", List.of(of.get(0), graph.list(1)), List.of());
      case MAX_CHANNELS, MIN_CHANNELS, LOG_SUM_EXP_CHANNELS ->
          graph.node(OPERATORS.get(e.operation()), of, List.of(Attribute.ints("axes", List.of(1))));
      case PLACES, SAMPLES, SUM_PLACES, SUM_BATCH -> throw new AssertionError(e.operation());
      default -> node(e, of);
    };
  }

  private String node(Expression e, List<String> of) {
    return graph.node(OPERATORS.get(e.operation()), of, List.of());
  }

  private String number(String truth) {
    return graph.node(
        "Cast", List.of(truth), List.of(Attribute.number("to", DataType.FLOAT_VALUE)));
  }

  /** Whether a number is not 0. */
  private String truth(String number) {
    return graph.node(
        "Cast", List.of(number), List.of(Attribute.number("to", DataType.BOOL_VALUE)));
  }
}
