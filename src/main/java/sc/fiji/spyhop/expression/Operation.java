package sc.fiji.spyhop.expression;

/** What an {@link Expression} makes of its arguments. Truth is 1, falsehood 0. */
public enum Operation {
  /** A constant, {@link Expression#number}. */
  NUMBER(0),
  /** What a formula is given, {@link Expression#name}. */
  VARIABLE(0),
  /** The number of the channel, from 0. */
  CHANNEL(0),
  /** How many channels there are. */
  CHANNELS(0),
  /** How many places each sample has. */
  PLACES(0),
  /** How many samples a minibatch has. */
  SAMPLES(0),

  ADD(2),
  SUBTRACT(2),
  MULTIPLY(2),
  DIVIDE(2),
  /** The first to the power of the second. */
  POWER(2),
  MINIMUM(2),
  MAXIMUM(2),
  LESS(2),
  LESS_OR_EQUAL(2),
  EQUAL(2),
  AND(2),
  OR(2),

  NEGATE(1),
  NOT(1),
  EXP(1),
  LOG(1),
  SQRT(1),
  ABS(1),
  /** -1, 0 or 1. */
  SIGN(1),
  SIGMOID(1),
  TANH(1),
  /** {@code log(1 + exp(x))}. */
  SOFTPLUS(1),
  /** The error function. */
  ERF(1),
  SIN(1),
  COS(1),
  FLOOR(1),

  /** The second where the first is not 0, else the third. */
  WHERE(3),

  /** One channel, {@link Expression#number}. */
  SELECT(1),
  SUM_CHANNELS(1),
  MAX_CHANNELS(1),
  MIN_CHANNELS(1),
  /** {@code log(sum(exp(x)))} over channels, for values of any size. */
  LOG_SUM_EXP_CHANNELS(1),
  /** Sum over the places of each sample. */
  SUM_PLACES(1),
  /** Sum over everything but channels. */
  SUM_BATCH(1);

  private final int arguments;

  Operation(int arguments) {
    this.arguments = arguments;
  }

  /** Number of arguments. */
  public int arguments() {
    return arguments;
  }

  /** Whether each value of the result depends on the same values of the arguments alone. */
  public boolean isElementWise() {
    return arguments > 0 && ordinal() <= WHERE.ordinal();
  }

  /** Whether it takes channels together, or one of them out. */
  public boolean reducesChannels() {
    return switch (this) {
      case SELECT, SUM_CHANNELS, MAX_CHANNELS, MIN_CHANNELS, LOG_SUM_EXP_CHANNELS -> true;
      default -> false;
    };
  }

  /** Whether it needs all values of a sample, or of a minibatch, before there is a result. */
  public boolean reducesPlaces() {
    return this == SUM_PLACES || this == SUM_BATCH;
  }
}
