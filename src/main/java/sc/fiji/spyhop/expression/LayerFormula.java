package sc.fiji.spyhop.expression;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * What a layer makes of each value {@code x}, or of all channels of a place: {@code
 * x*sigmoid(1.7*x)}, {@code x/(1+mean(x^2, channels))}. Of several inputs the others are called
 * {@code y}, {@code z}, {@code u}, {@code v} and {@code w}: {@code x*sigmoid(y)}. Thread safe.
 */
public final class LayerFormula implements LayerFunction {

  /** What inputs are called, in order. */
  public static final List<String> INPUTS = List.of("x", "y", "z", "u", "v", "w");

  private static final String GRADIENT = "gradient";

  private static final int KEPT = 64;

  private record Key(String text, int inputs) {}

  /** Those that were asked for last, by their text: networks ask again for each shape. */
  private static final Map<Key, LayerFormula> READ =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, LayerFormula> eldest) {
          return size() > KEPT;
        }
      };

  private final String text;
  private final int inputs;

  /** By what the inputs have values for. */
  private final Map<List<Kind>, Version> versions = new ConcurrentHashMap<>();

  /** For inputs of one shape. */
  private final Version alike;

  /**
   * The formula for inputs of some kinds.
   *
   * @param derivatives by input
   */
  private record Version(
      Expression value,
      boolean rectifies,
      OptionalDouble leak,
      List<Expression> derivatives,
      Program forward,
      List<Program> backward) {}

  private LayerFormula(String text, int inputs) {
    this.text = text;
    this.inputs = inputs;
    alike = version(IntStream.range(0, inputs).mapToObj(i -> Kind.MAP).toList());
  }

  /** Reads a formula of one input, {@code x}, as {@link #parse(String, int)}. */
  public static LayerFormula parse(String text) {
    return parse(text, 1);
  }

  /**
   * Reads a formula.
   *
   * @param inputs how many there are
   * @throws SpyhopException that says at which character it is not understood, or that it does not
   *     depend on all inputs
   */
  public static LayerFormula parse(String text, int inputs) {
    synchronized (READ) {
      return READ.computeIfAbsent(new Key(text, inputs), k -> new LayerFormula(text, inputs));
    }
  }

  /**
   * The expression that a text stands for.
   *
   * @param variables what its names stand for
   */
  public static Expression parse(String text, Expressions make, Map<String, Expression> variables) {
    return Parser.parse(text, make, variables, ChannelsAlone.INSTANCE);
  }

  private Version version(List<Kind> kinds) {
    return versions.computeIfAbsent(kinds, this::read);
  }

  private Version read(List<Kind> kinds) {
    if (inputs > INPUTS.size()) {
      throw new SpyhopException(
          Strings.format(
              "Formula \"%s\": expected at most %d inputs, received %d.",
              text, INPUTS.size(), inputs));
    }
    Expressions make = new Expressions();
    Map<String, Expression> variables = new LinkedHashMap<>();
    for (int i = 0; i < inputs; i++) {
      variables.put(INPUTS.get(i), make.variable(INPUTS.get(i), kinds.get(i)));
    }
    Expression value = parse(text, make, variables);
    List<Expression> used = Expression.inOrder(List.of(value));
    if (!used.containsAll(variables.values())) {
      throw new SpyhopException(
          Strings.format(
              "Formula \"%s\": expected one that depends on %s, as a layer has to.",
              text, String.join(", ", variables.keySet())));
    }
    Expression gradient = make.variable(GRADIENT, value.kind());
    List<Expression> derivatives = new ArrayList<>();
    List<Program> backward = new ArrayList<>();
    for (Expression x : variables.values()) {
      Expression derivative = Derivative.of(value, x, gradient, make);
      derivatives.add(derivative);
      backward.add(Program.of(derivative, x.kind()));
    }
    return new Version(
        value,
        inputs == 1 && Rectifiers.contain(value, variables.get(INPUTS.get(0)), make),
        inputs == 1
            ? Rectifiers.leak(value, variables.get(INPUTS.get(0)), make)
            : OptionalDouble.empty(),
        List.copyOf(derivatives),
        Program.of(value, value.kind()),
        List.copyOf(backward));
  }

  /**
   * What inputs of some sizes have values of their own for: those with one channel count for all
   * channels of the others, those with one place for all places.
   */
  public static List<Kind> kinds(List<Dimensions> sizes) {
    Dimensions all = all(sizes);
    return sizes.stream()
        .map(
            d ->
                new Kind(
                    d.places() == 1 && all.places() > 1 ? Kind.Extent.SAMPLE : Kind.Extent.PLACE,
                    d.channels() > 1 || all.channels() == 1))
        .toList();
  }

  /** The sizes of all inputs together. */
  private static Dimensions all(List<Dimensions> sizes) {
    return new Dimensions(
        sizes.get(0).samples(),
        sizes.stream().mapToInt(Dimensions::channels).max().orElseThrow(),
        sizes.stream().mapToInt(Dimensions::places).max().orElseThrow());
  }

  /** How many inputs it has. */
  public int inputs() {
    return inputs;
  }

  /** What the layer computes of inputs of some sizes. */
  public Expression value(List<Dimensions> sizes) {
    return version(kinds(sizes)).value;
  }

  @Override
  public int channels(List<Integer> in) {
    List<Dimensions> sizes = in.stream().map(c -> new Dimensions(1, c, 1)).toList();
    Expression value = value(sizes);
    int most = all(sizes).channels();
    if (value.highestChannel() >= most) {
      throw new SpyhopException(
          Strings.format(
              "its formula names channel %d, counted from 0, of %d", value.highestChannel(), most));
    }
    return value.kind().channels() ? most : 1;
  }

  /** Whether it looks at several channels at a time, or at their numbers. */
  public boolean seesChannels() {
    return Expression.inOrder(List.of(alike.value)).stream()
        .map(Expression::operation)
        .anyMatch(o -> o.reducesChannels() || o == Operation.CHANNEL || o == Operation.CHANNELS);
  }

  /** Whether it is ReLU or one of its kin, such as {@code max(x,0)} and {@code x*sigmoid(2*x)}. */
  public boolean rectifies() {
    return alike.rectifies;
  }

  /**
   * The slope for negative values, from 0 and below 1, if it is ReLU or leaky ReLU, such as {@code
   * max(x,0.2*x)}; absent for all else.
   */
  public OptionalDouble leak() {
    return alike.leak;
  }

  private static List<Dimensions> places(double[]... in) {
    return Arrays.stream(in).map(x -> new Dimensions(1, x.length, 1)).toList();
  }

  /**
   * What comes out at a place, in 64 bits.
   *
   * @param in of each input a value for each channel
   */
  public double[] at(double[]... in) {
    List<Dimensions> sizes = places(in);
    Expression formula = value(sizes);
    Dimensions all = all(sizes);
    Singles values = new Singles(all);
    for (Expression e : Expression.inOrder(List.of(formula))) {
      if (e.is(Operation.VARIABLE)) values.put(e, in[INPUTS.indexOf(e.name())]);
      else values.compute(e);
    }
    double[] result = new double[formula.kind().channels() ? all.channels() : 1];
    for (int c = 0; c < result.length; c++) result[c] = values.value(formula, 0, c);
    return result;
  }

  /**
   * What makes a number that is not finite at a place, in the formula or its derivatives.
   *
   * @param in of each input a value for each channel
   */
  public Optional<Fault> fault(double[]... in) {
    List<Dimensions> sizes = places(in);
    Version version = version(kinds(sizes));
    double[] ones = new double[all(sizes).channels()];
    Arrays.fill(ones, 1);
    Map<String, double[]> variables = new HashMap<>(Map.of(GRADIENT, ones));
    for (int i = 0; i < in.length; i++) variables.put(INPUTS.get(i), in[i]);
    return version.derivatives.stream()
        .flatMap(d -> Fault.find(List.of(version.value), d, variables, ones.length).stream())
        .findFirst();
  }

  @Override
  public boolean isElementWise() {
    return alike.forward.isElementWise()
        && alike.backward.stream().allMatch(Program::isElementWise);
  }

  private static Map<String, FloatBuffer> named(List<Operand> in) {
    Map<String, FloatBuffer> named = new HashMap<>();
    for (int i = 0; i < in.size(); i++) named.put(INPUTS.get(i), in.get(i).values());
    return named;
  }

  @Override
  public void forward(List<Operand> in, FloatBuffer y) {
    List<Dimensions> sizes = in.stream().map(Operand::sizes).toList();
    version(kinds(sizes)).forward.run(all(sizes), named(in), y);
  }

  @Override
  public void backward(List<Operand> in, FloatBuffer gradient, int of, FloatBuffer back) {
    List<Dimensions> sizes = in.stream().map(Operand::sizes).toList();
    Map<String, FloatBuffer> named = named(in);
    named.put(GRADIENT, gradient);
    version(kinds(sizes)).backward.get(of).run(all(sizes), named, back);
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
