package sc.fiji.spyhop.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.expression.Parser.Part;

/** The functions that formulas may name. */
final class Functions {

  /** What values are taken together over. */
  enum Axis {
    CHANNELS,
    /** The places of each sample. */
    SPACE,
    /** All places of all samples. */
    BATCH;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final List<String> AXES = Stream.of(Axis.values()).map(Axis::word).toList();

  /** Functions of one value. */
  private static final Map<String, Operation> SINGLE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("abs", Operation.ABS),
              Map.entry("cos", Operation.COS),
              Map.entry("erf", Operation.ERF),
              Map.entry("exp", Operation.EXP),
              Map.entry("floor", Operation.FLOOR),
              Map.entry("log", Operation.LOG),
              Map.entry("sigmoid", Operation.SIGMOID),
              Map.entry("sign", Operation.SIGN),
              Map.entry("sin", Operation.SIN),
              Map.entry("softplus", Operation.SOFTPLUS),
              Map.entry("sqrt", Operation.SQRT),
              Map.entry("tanh", Operation.TANH)));

  private static final List<String> OTHERS =
      List.of(
          "clip",
          "gelu",
          "logsumexp",
          "max",
          "mean",
          "min",
          "mish",
          "onehot",
          "relu",
          "selu",
          "softmax",
          "sum",
          "where");

  /** Activations that are formulas themselves, of {@code x}. */
  private static final Map<String, String> WRITTEN =
      Map.of(
          // Hendrycks and Gimpel 2016
          "gelu", "0.5*x*(1+erf(x/sqrt(2)))",
          // Misra 2019
          "mish", "x*tanh(softplus(x))",
          // Klambauer et al. 2017
          "selu", "1.0507009873554805*where(x < 0, 1.6732632423543772*(exp(x)-1), x)");

  private final Expressions make;
  private final Parser.Sums sums;
  private final Parser parser;

  Functions(Expressions make, Parser.Sums sums, Parser parser) {
    this.make = make;
    this.sums = sums;
    this.parser = parser;
  }

  boolean isFunction(String name) {
    return SINGLE.containsKey(name) || OTHERS.contains(name);
  }

  /** The name of the function that is an operation of one value. */
  static String name(Operation operation) {
    return SINGLE.entrySet().stream()
        .filter(e -> e.getValue() == operation)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  String names() {
    return String.join(
        ", ", Stream.concat(SINGLE.keySet().stream(), OTHERS.stream()).sorted().toList());
  }

  /** What stands between the brackets of a call. */
  private record Arguments(List<Part> parts, Optional<Axis> axis) {}

  /** Reads the arguments of a function and applies it. */
  Part call(String name, int from) {
    if (!isFunction(name)) {
      throw parser.refused(
          from, "there is no function \"" + name + "\"; expected one of " + names());
    }
    Arguments all = arguments(from);
    Expression result =
        SINGLE.containsKey(name)
            ? make.of(SINGLE.get(name), only(name, all, from))
            : other(name, all, from);
    return parser.made(result, from);
  }

  private Arguments arguments(int from) {
    parser.open();
    List<Part> parts = new ArrayList<>();
    do {
      Optional<String> axis = parser.oneOf(AXES);
      if (axis.isPresent()) {
        if (parser.more(from)) {
          throw parser.refused(from, "expected nothing behind " + axis.get());
        }
        return new Arguments(parts, axis.map(a -> Axis.valueOf(a.toUpperCase(Locale.ROOT))));
      }
      parts.add(parser.choice());
    } while (parser.more(from));
    return new Arguments(parts, Optional.empty());
  }

  private Expression only(String name, Arguments all, int from) {
    return values(name, all, 1, from).get(0);
  }

  /** So many arguments, and no axis. */
  private List<Expression> values(String name, Arguments all, int count, int from) {
    if (all.parts.size() != count || all.axis.isPresent()) {
      throw parser.refused(
          from,
          name
              + " takes "
              + (count == 1 ? "one value" : count + " values")
              + ", received "
              + all.parts.size()
              + (all.axis.isPresent() ? " and " + all.axis.get().word() : ""));
    }
    return all.parts.stream().map(Part::expression).toList();
  }

  private Expression other(String name, Arguments all, int from) {
    return switch (name) {
      case "clip" -> {
        List<Expression> a = values(name, all, 3, from);
        yield clip(a.get(0), a.get(1), a.get(2));
      }
      case "where" -> {
        List<Expression> a = values(name, all, 3, from);
        yield make.of(Operation.WHERE, a.get(0), a.get(1), a.get(2));
      }
      case "gelu", "mish", "selu" ->
          Parser.parse(WRITTEN.get(name), make, Map.of("x", only(name, all, from)), sums);
      case "relu" -> make.of(Operation.MAXIMUM, only(name, all, from), make.number(0));
      case "onehot" -> {
        Part of = part(name, all, from);
        if (of.kind().channels()) {
          throw parser.refused(
              of.at(), "onehot turns class numbers into channels; this has " + of.kind());
        }
        yield make.of(Operation.EQUAL, make.channel(), of.expression());
      }
      case "softmax" -> {
        Expression x = overChannels(name, all, from).expression();
        Expression sum = make.overChannels(Operation.LOG_SUM_EXP_CHANNELS, x);
        yield make.of(Operation.EXP, make.of(Operation.SUBTRACT, x, sum));
      }
      case "logsumexp" ->
          make.overChannels(
              Operation.LOG_SUM_EXP_CHANNELS, overChannels(name, all, from).expression());
      case "max" -> extreme(Operation.MAXIMUM, Operation.MAX_CHANNELS, name, all, from);
      case "min" -> extreme(Operation.MINIMUM, Operation.MIN_CHANNELS, name, all, from);
      case "sum" -> sum(false, name, all, from);
      case "mean" -> sum(true, name, all, from);
      default -> throw new AssertionError(name);
    };
  }

  private Part part(String name, Arguments all, int from) {
    values(name, all, 1, from);
    return all.parts.get(0);
  }

  /** Lets gradients through at the limits, too. */
  private Expression clip(Expression x, Expression low, Expression high) {
    Expression below = make.of(Operation.LESS, x, low);
    Expression above = make.of(Operation.LESS, high, x);
    return make.of(Operation.WHERE, below, low, make.of(Operation.WHERE, above, high, x));
  }

  /** The one argument of a function over channels. */
  private Part overChannels(String name, Arguments all, int from) {
    boolean others = all.axis.isPresent() && all.axis.get() != Axis.CHANNELS;
    if (all.parts.size() != 1 || others) {
      throw parser.refused(from, "expected " + name + "(VALUE, channels)");
    }
    return withChannels(all.parts.get(0));
  }

  private Part withChannels(Part of) {
    if (!of.kind().channels()) {
      throw parser.refused(of.at(), "it has " + of.kind() + ", and no channels");
    }
    return of;
  }

  private Expression extreme(
      Operation ofTwo, Operation overChannels, String name, Arguments all, int from) {
    if (all.axis.isPresent()) {
      return make.overChannels(overChannels, overChannels(name, all, from).expression());
    }
    if (all.parts.size() < 2) {
      throw parser.refused(
          from, "expected " + name + "(VALUE, VALUE) or " + name + "(VALUE, channels)");
    }
    Expression result = all.parts.get(0).expression();
    for (Part p : all.parts.subList(1, all.parts.size())) {
      result = make.of(ofTwo, result, p.expression());
    }
    return result;
  }

  private Expression sum(boolean mean, String name, Arguments all, int from) {
    if (all.parts.size() != 1) {
      List<String> axes = sums.axes().stream().map(Axis::word).toList();
      throw parser.refused(
          from,
          axes.size() == 1
              ? "expected " + name + "(VALUE, " + axes.get(0) + ")"
              : "expected " + name + "(VALUE) or " + name + "(VALUE, AXIS), AXIS one of " + axes);
    }
    Part of = all.parts.get(0);
    if (all.axis.isPresent()) return sum(mean, all.axis.get(), of);
    if (of.kind().equals(Kind.ONE)) throw parser.refused(of.at(), "there is one value only");
    return sums.all(mean, of.expression()).orElseThrow(() -> notInLayers(of));
  }

  private Expression sum(boolean mean, Axis axis, Part of) {
    if (axis == Axis.CHANNELS) {
      Expression e = withChannels(of).expression();
      return mean ? make.meanChannels(e) : make.sumChannels(e);
    }
    boolean varies =
        axis == Axis.SPACE
            ? of.kind().extent() == Kind.Extent.PLACE
            : of.kind().extent() != Kind.Extent.BATCH;
    if (!varies) {
      throw parser.refused(of.at(), "it has " + of.kind() + ", the same for all of " + axis.word());
    }
    return sums.over(axis, mean, of.expression()).orElseThrow(() -> notInLayers(of));
  }

  private SpyhopException notInLayers(Part of) {
    return parser.refused(
        of.at(),
        "layers take channels together, and nothing else, as in mean(x, channels): what is said of"
            + " one place would depend on others");
  }
}
