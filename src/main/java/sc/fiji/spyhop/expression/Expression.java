package sc.fiji.spyhop.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A number, a variable, or an {@link Operation} on other expressions. Made by {@link Expressions},
 * of which each makes equal ones once, so that they are compared by identity. Immutable.
 */
public final class Expression {

  private final Operation operation;
  private final double number;
  private final String name;
  private final List<Expression> arguments;
  private final Kind kind;

  Expression(
      Operation operation, double number, String name, List<Expression> arguments, Kind kind) {
    this.operation = operation;
    this.number = number;
    this.name = name;
    this.arguments = List.copyOf(arguments);
    this.kind = kind;
  }

  /**
   * What is done; {@link Operation#NUMBER} or {@link Operation#VARIABLE} for those without
   * arguments.
   */
  public Operation operation() {
    return operation;
  }

  /** Value of a constant, or number of a selected channel. */
  public double number() {
    return number;
  }

  /** Name of a variable; empty for all else. */
  public String name() {
    return name;
  }

  /** What it is done to, in order; as many as the operation takes. */
  public List<Expression> arguments() {
    return arguments;
  }

  /** One of the {@link #arguments}, counted from 0. */
  public Expression argument(int i) {
    return arguments.get(i);
  }

  /** What it has values for. */
  public Kind kind() {
    return kind;
  }

  boolean is(Operation other) {
    return operation == other;
  }

  boolean isNumber(double value) {
    return operation == Operation.NUMBER && number == value;
  }

  /** The highest channel that is selected by its number; -1 if none is. */
  int highestChannel() {
    return inOrder(List.of(this)).stream()
        .filter(e -> e.is(Operation.SELECT))
        .mapToInt(e -> (int) e.number)
        .max()
        .orElse(-1);
  }

  /** All that some expressions are made of, arguments before what is made of them. */
  public static List<Expression> inOrder(List<Expression> roots) {
    List<Expression> ordered = new ArrayList<>();
    Set<Expression> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    roots.forEach(root -> visit(root, seen, ordered));
    return ordered;
  }

  private static void visit(Expression e, Set<Expression> seen, List<Expression> ordered) {
    if (!seen.add(e)) return;
    e.arguments.forEach(a -> visit(a, seen, ordered));
    ordered.add(e);
  }
}
