package sc.fiji.spyhop.expression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.SpyhopException;

/**
 * A loss: {@code mean((p-t)^2*(1+4*t))}, {@code -mean(sum(t*log(p), channels))}. It may name {@code
 * z}, what the network says before its last function; {@code p}, what it says; and {@code t}, the
 * truth, with as many channels. Where places are weighted, so are sums and means over places, and
 * places of weight 0 do not count. Thread safe.
 */
public final class LossFormula {

  /** What the last function of a network is. */
  public enum Output {
    /** Values as they are. */
    IDENTITY,
    /** Each value by itself a probability. */
    SIGMOID,
    /** Probabilities of classes; the truth is the number of the class. */
    SOFTMAX
  }

  /** Names of what the {@link #program} is given. */
  public static final String LOGITS = "z";

  /** Values, or one class number for each place, by {@link Output}. */
  public static final String TARGET = "target";

  /** One for each place, or of {@link Output#SIGMOID} for each value; not negative. */
  public static final String WEIGHTS = "weights";

  private final String text;
  private final Output output;
  private final Version plain;
  private final Version weighted;

  /** The loss where all counts 1, or where there are weights. */
  private record Version(Expression loss, Expression derivative, Program program) {}

  private LossFormula(String text, Output output) {
    this.text = text;
    this.output = output;
    plain = new Reader(text, output, false).version();
    weighted = new Reader(text, output, true).version();
  }

  /**
   * Reads a formula.
   *
   * @throws SpyhopException that says at which character it is not understood, or that it does not
   *     come to one value that depends on what the network says
   */
  public static LossFormula parse(String text, Output output) {
    return new LossFormula(text, output);
  }

  /** What the formula's {@code p} is made of {@code z} by. */
  public Output output() {
    return output;
  }

  /** The highest channel that is named by its number; -1 if none is. */
  public int highestChannel() {
    return plain.loss.highestChannel();
  }

  /**
   * Computes the loss, its first result, and the gradient with respect to {@link #LOGITS}, its
   * second.
   */
  public Program program(boolean isWeighted) {
    return (isWeighted ? weighted : plain).program;
  }

  /**
   * What makes a number that is not finite at a place, in what the loss takes sums of or in its
   * derivative.
   *
   * @param variables {@link #LOGITS}, {@link #TARGET} and, if there are any, {@link #WEIGHTS}, with
   *     a value for each channel, or one where there are none
   * @param channels of what the network says
   */
  public Optional<Fault> fault(Map<String, double[]> variables, int channels) {
    Version version = variables.containsKey(WEIGHTS) ? weighted : plain;
    List<Expression> summed =
        Expression.inOrder(List.of(version.loss)).stream()
            .filter(e -> e.operation().reducesPlaces())
            .map(e -> e.argument(0))
            .toList();
    return Fault.find(summed, version.derivative, variables, channels);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LossFormula l && text.equals(l.text) && output == l.output;
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }

  private static final class Reader implements Parser.Sums {
    private final Expressions make = new Expressions();
    private final boolean weighs;
    private final Expression weights;
    private final Expression z = make.variable(LOGITS, Kind.MAP);
    private final Expression loss;

    Reader(String text, Output output, boolean weighs) {
      this.weighs = weighs;
      weights = make.variable(WEIGHTS, output == Output.SIGMOID ? Kind.MAP : Kind.PLANE);
      Expression t =
          output == Output.SOFTMAX
              ? make.of(Operation.EQUAL, make.channel(), make.variable(TARGET, Kind.PLANE))
              : make.variable(TARGET, Kind.MAP);
      Map<String, Expression> variables = new LinkedHashMap<>();
      variables.put("p", said(output));
      variables.put("t", t);
      variables.put(LOGITS, z);
      loss = Parser.parse(text, make, variables, this);
      if (!loss.kind().equals(Kind.ONE)) {
        throw new SpyhopException(
            "Formula \""
                + text
                + "\": expected a loss, which is one value, received "
                + loss.kind()
                + "; take the mean(...) of it.");
      }
      if (!Expression.inOrder(List.of(loss)).contains(z)) {
        throw new SpyhopException(
            "Formula \"" + text + "\": expected a loss that depends on what the network says, p.");
      }
    }

    private Expression said(Output output) {
      return switch (output) {
        case IDENTITY -> z;
        case SIGMOID -> make.of(Operation.SIGMOID, z);
        case SOFTMAX ->
            make.of(
                Operation.EXP,
                make.of(
                    Operation.SUBTRACT, z, make.overChannels(Operation.LOG_SUM_EXP_CHANNELS, z)));
      };
    }

    @Override
    public List<Functions.Axis> axes() {
      return List.of(Functions.Axis.values());
    }

    @Override
    public Optional<Expression> all(boolean mean, Expression e) {
      boolean each = weighs && weights.kind().channels() && e.kind().equals(Kind.MAP);
      if (each) return Optional.of(sum(mean, e, x -> make.sumBatch(make.sumChannels(x))));
      if (!e.kind().channels()) return over(Functions.Axis.BATCH, mean, e);
      Expression ofChannels = mean ? make.meanChannels(e) : make.sumChannels(e);
      return ofChannels.kind().equals(Kind.ONE)
          ? Optional.of(ofChannels)
          : over(Functions.Axis.BATCH, mean, ofChannels);
    }

    @Override
    public Optional<Expression> over(Functions.Axis axis, boolean mean, Expression e) {
      if (e.kind().extent() == Kind.Extent.SAMPLE) {
        return Optional.of(mean ? make.meanSamples(e) : make.sumSamples(e));
      }
      boolean ofEach = axis == Functions.Axis.SPACE;
      return Optional.of(sum(mean, e, ofEach ? make::sumPlaces : make::sumBatch));
    }

    private Expression sum(boolean mean, Expression e, UnaryOperator<Expression> over) {
      if (!weighs) {
        Expression sum = over.apply(e);
        return mean ? make.of(Operation.DIVIDE, sum, over.apply(make.number(1))) : sum;
      }
      Expression w = weights;
      if (w.kind().channels() && !e.kind().channels()) {
        w = make.overChannels(Operation.MAX_CHANNELS, w); // places of which anything counts
      }
      Expression product = make.of(Operation.MULTIPLY, w, e);
      Expression sum = over.apply(make.of(Operation.WHERE, positive(w), product, make.number(0)));
      if (!mean) return sum;
      Expression total = over.apply(w);
      Expression quotient = make.of(Operation.DIVIDE, sum, total);
      return make.of(Operation.WHERE, positive(total), quotient, make.number(0));
    }

    private Expression positive(Expression e) {
      return make.of(Operation.LESS, make.number(0), e);
    }

    Version version() {
      Expression derivative = Derivative.of(loss, z, make.number(1), make);
      return new Version(loss, derivative, Program.of(loss, derivative));
    }
  }
}
