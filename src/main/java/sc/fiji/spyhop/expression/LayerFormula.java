package sc.fiji.spyhop.expression;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * What a layer makes of each value {@code x}, or of all channels of a place: {@code
 * x*sigmoid(1.7*x)}, {@code x/(1+mean(x^2, channels))}. Thread safe.
 */
public final class LayerFormula implements LayerFunction {

  private static final String INPUT = "x";
  private static final String GRADIENT = "gradient";

  private static final int KEPT = 64;

  /** Those that were asked for last, by their text: networks ask again for each shape. */
  private static final Map<String, LayerFormula> READ =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LayerFormula> eldest) {
          return size() > KEPT;
        }
      };

  private final Expression value;
  private final Expression derivative;
  private final int highestChannel;
  private final boolean rectifies;
  private final Program forward;
  private final Program backward;

  private LayerFormula(Expression value, boolean rectifies, Expression derivative) {
    this.value = value;
    this.derivative = derivative;
    this.rectifies = rectifies;
    highestChannel = value.highestChannel();
    forward = Program.of(value, !value.kind().channels());
    backward = Program.of(derivative, false);
  }

  /**
   * Reads a formula.
   *
   * @throws SpyhopException that says at which character it is not understood, or that it does not
   *     depend on {@code x}
   */
  public static LayerFormula parse(String text) {
    synchronized (READ) {
      return READ.computeIfAbsent(text, LayerFormula::read);
    }
  }

  private static LayerFormula read(String text) {
    Expressions make = new Expressions();
    Expression x = make.variable(INPUT, Kind.MAP);
    Expression value = Parser.parse(text, make, Map.of(INPUT, x), ChannelsAlone.INSTANCE);
    if (value.kind().extent() != Kind.Extent.PLACE) {
      throw new SpyhopException(
          "Formula \"" + text + "\": expected one that depends on x, as a layer has to.");
    }
    Expression gradient = make.variable(GRADIENT, value.kind());
    return new LayerFormula(
        value, Rectifiers.contain(value, x, make), Derivative.of(value, x, gradient, make));
  }

  /** What the layer computes. */
  public Expression value() {
    return value;
  }

  @Override
  public int channels(int in) {
    if (highestChannel >= in) {
      throw new SpyhopException(
          Strings.format(
              "its formula names channel %d, counted from 0, of %d", highestChannel, in));
    }
    return value.kind().channels() ? in : 1;
  }

  /** Whether it is ReLU or one of its kin, such as {@code max(x,0)} and {@code x*sigmoid(2*x)}. */
  public boolean rectifies() {
    return rectifies;
  }

  /**
   * What comes out at a place, in 64 bits.
   *
   * @param x a value for each channel
   */
  public double[] at(double[] x) {
    Singles values = new Singles(new Dimensions(1, x.length, 1));
    for (Expression e : Expression.inOrder(List.of(value))) {
      if (e.operation() == Operation.VARIABLE) values.put(e, x);
      else values.compute(e);
    }
    double[] result = new double[channels(x.length)];
    for (int c = 0; c < result.length; c++) result[c] = values.value(value, 0, c);
    return result;
  }

  /**
   * What makes a number that is not finite at a place, in the formula or its derivative.
   *
   * @param x a value for each channel
   */
  public Optional<Fault> fault(double[] x) {
    double[] ones = new double[x.length];
    Arrays.fill(ones, 1);
    Map<String, double[]> variables = Map.of(INPUT, x, GRADIENT, ones);
    return Fault.find(List.of(value), derivative, variables, x.length);
  }

  @Override
  public boolean isElementWise() {
    return forward.isElementWise() && backward.isElementWise();
  }

  @Override
  public void forward(Dimensions sizes, FloatBuffer x, FloatBuffer y) {
    forward.run(sizes, Map.of(INPUT, x), y);
  }

  @Override
  public void backward(Dimensions sizes, FloatBuffer x, FloatBuffer gradient, FloatBuffer back) {
    backward.run(sizes, Map.of(INPUT, x, GRADIENT, gradient), back);
  }

  /** What is taken together in a layer. */
  private enum ChannelsAlone implements Parser.Sums {
    INSTANCE;

    @Override
    public List<Functions.Axis> axes() {
      return List.of(Functions.Axis.CHANNELS);
    }

    @Override
    public Optional<Expression> over(Functions.Axis axis, boolean mean, Expression of) {
      return Optional.empty();
    }

    @Override
    public Optional<Expression> all(boolean mean, Expression of) {
      return Optional.empty();
    }
  }
}
