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

  /** The sum of two. */
  ADD(2),
  /** The first less the second. */
  SUBTRACT(2),
  /** The product of two. */
  MULTIPLY(2),
  /** The first divided by the second. */
  DIVIDE(2),
  /** The first to the power of the second. */
  POWER(2),
  /** The lower of two. */
  MINIMUM(2),
  /** The higher of two. */
  MAXIMUM(2),
  /** Whether the first is below the second. */
  LESS(2),
  /** Whether the first is not above the second. */
  LESS_OR_EQUAL(2),
  /** Whether two are the same. */
  EQUAL(2),
  /** Whether neither is 0. */
  AND(2),
  /** Whether one is not 0. */
  OR(2),

  /** The number with the other sign. */
  NEGATE(1),
  /** Whether it is 0. */
  NOT(1),
  /** {@code e} to the power of it. */
  EXP(1),
  /** The natural logarithm. */
  LOG(1),
  /** The square root. */
  SQRT(1),
  /** The number without its sign. */
  ABS(1),
  /** -1, 0 or 1. */
  SIGN(1),
  /** {@code 1 / (1 + exp(-x))}. */
  SIGMOID(1),
  /** The hyperbolic tangent. */
  TANH(1),
  /** {@code log(1 + exp(x))}. */
  SOFTPLUS(1),
  /** The error function. */
  ERF(1),
  /** The sine, of radians. */
  SIN(1),
  /** The cosine, of radians. */
  COS(1),
  /** The largest whole number that is not above it. */
  FLOOR(1),

  /** The second where the first is not 0, else the third. */
  WHERE(3),

  /** One channel, {@link Expression#number}. */
  SELECT(1),
  /** Sum over the channels of each place. */
  SUM_CHANNELS(1),
  /** The largest of the channels of each place. */
  MAX_CHANNELS(1),
  /** The lowest of the channels of each place. */
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
