package sc.fiji.spyhop.expression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.expression.LossFormula.Output;

class FormulasTest {

  private static final float[] POINTS = {-3, -1.25f, -0.4f, -0.01f, 0.02f, 0.5f, 1, 2.75f, 6};

  private static Operand operand(Dimensions sizes, float... values) {
    return new Operand(sizes, FloatBuffer.wrap(values));
  }

  private static float[] forward(String formula, Dimensions sizes, float... x) {
    LayerFormula f = LayerFormula.parse(formula);
    float[] y = new float[sizes.samples() * f.channels(List.of(sizes.channels())) * sizes.places()];
    f.forward(List.of(operand(sizes, x)), FloatBuffer.wrap(y));
    return y;
  }

  private static float[] backward(String formula, Dimensions sizes, float[] x, float[] g) {
    float[] gx = new float[x.length];
    LayerFormula.parse(formula)
        .backward(List.of(operand(sizes, x)), FloatBuffer.wrap(g), 0, FloatBuffer.wrap(gx));
    return gx;
  }

  private static float[] each(String formula, float... x) {
    return forward(formula, new Dimensions(1, 1, x.length), x);
  }

  /** A formula, and what Java makes of the same. */
  private record Known(String text, DoubleUnaryOperator value) {}

  private static final Known[] KNOWN = {
    new Known("x*sigmoid(1.7*x)", x -> x / (1 + Math.exp(-1.7 * x))),
    new Known("max(x, 0) + 0.01*min(x, 0)", x -> x > 0 ? x : 0.01 * x),
    new Known("relu(x)", x -> Math.max(x, 0)),
    new Known("where(x < 0, exp(x) - 1, x)", x -> x < 0 ? Math.exp(x) - 1 : x),
    new Known("clip(x, -1, 2.5)", x -> Math.max(-1, Math.min(2.5, x))),
    new Known("-x^2", x -> -x * x),
    new Known("2^-x", x -> Math.pow(2, -x)),
    new Known("2^x^2/2^3", x -> Math.pow(2, x * x) / 8),
    new Known("x - 1 - 2*x/4", x -> x - 1 - 2 * x / 4),
    new Known("x*tanh(softplus(x))", x -> x * Math.tanh(Math.log(1 + Math.exp(x)))),
    new Known("log(1 + exp(-x))", x -> Math.log(1 + Math.exp(-x))),
    new Known("abs(x)*sign(x)", x -> x),
    new Known(
        "sqrt(abs(x)) + cos(x)*sin(pi*x)",
        x -> Math.sqrt(Math.abs(x)) + Math.cos(x) * Math.sin(Math.PI * x)),
    new Known("(x > -1 & x <= 1 | x == 6) + 0*x", x -> x > -1 && x <= 1 || x == 6 ? 1 : 0),
    new Known("!(x >= 0) - (x != 1)*x", x -> (x >= 0 ? 0 : 1) - (x != 1 ? x : 0)),
    new Known("floor(1.5*x) + 1e-1 * x", x -> Math.floor(1.5 * x) + 0.1 * x),
    new Known("1 - sigmoid(x)", x -> 1 / (1 + Math.exp(x))),
    new Known(
        "x^3 + abs(x)^1.5 + 1/(3+x^-2)",
        x -> x * x * x + Math.pow(Math.abs(x), 1.5) + 1 / (3 + 1 / (x * x))),
    new Known(
        "max(x, 1, -x) + min(3, x, 2*x)",
        x -> Math.max(Math.max(x, 1), -x) + Math.min(Math.min(3, x), 2 * x)),
  };

  @Test
  void formulasMeanWhatTheySay() {
    for (Known known : KNOWN) {
      float[] y = each(known.text, POINTS);
      for (int i = 0; i < POINTS.length; i++) {
        double expected = known.value.applyAsDouble(POINTS[i]);
        assertEquals(
            expected,
            y[i],
            2e-6 * Math.max(1, Math.abs(expected)),
            known.text + " at " + POINTS[i]);
      }
    }
  }

  @Test
  void theErrorFunctionIsThatOfTheTables() {
    // Abramowitz and Stegun 1964, table 7.1
    float[] x = {0, 0.1f, 0.5f, 0.69f, 0.71f, 1, 1.5f, 2, 3, -0.5f, -2};
    double[] y = {
      0,
      0.1124629160,
      0.5204998778,
      0.6708400622,
      0.6846655502,
      0.8427007929,
      0.9661051465,
      0.9953222650,
      0.9999779095,
      -0.5204998778,
      -0.9953222650
    };
    float[] found = each("erf(x)", x);
    for (int i = 0; i < x.length; i++) {
      assertEquals(y[i], found[i], 3e-7);
      assertEquals(y[i], Scalars.erf(x[i]), 3e-8);
    }
  }

  @Test
  void exponentialsAreRightToTheLastBitsAndEndWhereFloatsEnd() {
    float[] x = {-200, -87, -50, -1, -1e-7f, 0, 1e-3f, 1, 10, 88.7f, 89, Float.NaN};
    float[] y = each("exp(x)", x);
    for (int i = 1; i < 10; i++) assertEquals(1, y[i] / Math.exp(x[i]), 3e-7, "" + x[i]);
    assertEquals(0, y[0]);
    assertEquals(Float.POSITIVE_INFINITY, y[10]);
    assertTrue(Float.isNaN(y[11]));
  }

  @Test
  void sigmoidsEndWhereFloatsEndAndKeepWhatIsNoNumber() {
    float odd = Float.intBitsToFloat(0x7fc001ff);
    float[] x = {-1e30f, -88, -87, -40, 0, 40, 87, 88, 1e30f, Float.NaN, odd};
    float[] y = each("sigmoid(x)", x);
    float[] t = each("tanh(x)", x);
    for (int i = 0; i < x.length; i++) {
      assertEquals((float) (1 / (1 + Math.exp(-x[i]))), y[i], 1e-37f, "sigmoid of " + x[i]);
      assertEquals((float) Math.tanh(x[i]), t[i], 0, "tanh of " + x[i]);
    }
    assertEquals(4.2483543e-18f, y[3], 1e-24f);
  }

  @Test
  void whatWouldOverflowDoesNot() {
    float[] x = {-1000, -100, 100, 1000};
    assertArrayEquals(new float[] {0, 0, 100, 1000}, each("log(1+exp(x))", x), 1e-6f);
    assertArrayEquals(new float[] {-1000, -100, 0, 0}, each("log(sigmoid(x))", x), 1e-6f);
    assertArrayEquals(new float[] {0, 0, -100, -1000}, each("log(1-sigmoid(x))", x), 1e-6f);
    assertArrayEquals(x, each("log(exp(x))", x));
    float[] y = forward("log(sum(exp(x), channels))", new Dimensions(1, 2, 1), 1000, 999);
    assertEquals(1000 + Math.log(1 + Math.exp(-1)), y[0], 1e-4);
    float[] p = forward("softmax(x)", new Dimensions(1, 2, 1), 1000, -1000);
    assertArrayEquals(new float[] {1, 0}, p);
  }

  // -- Derivatives --

  /** A formula made at random, with what Java makes of it. */
  private static Known random(Random random, int depth) {
    if (depth == 0) {
      if (random.nextInt(3) > 0) return new Known("x", x -> x);
      double c = Math.round(random.nextDouble() * 30 + 1) / 10.0;
      return new Known("" + c, x -> c);
    }
    Known a = random(random, depth - 1);
    Known b = random(random, random.nextInt(depth));
    DoubleUnaryOperator f = a.value;
    DoubleUnaryOperator g = b.value;
    return switch (random.nextInt(14)) {
      case 0 ->
          new Known(
              "(" + a.text + "+" + b.text + ")", x -> f.applyAsDouble(x) + g.applyAsDouble(x));
      case 1 ->
          new Known(
              "(" + a.text + "-" + b.text + ")", x -> f.applyAsDouble(x) - g.applyAsDouble(x));
      case 2, 3 ->
          new Known(
              a.text + " * tanh(" + b.text + ")",
              x -> f.applyAsDouble(x) * Math.tanh(g.applyAsDouble(x)));
      case 4 ->
          new Known(
              "(" + a.text + ")/(2+tanh(" + b.text + "))",
              x -> f.applyAsDouble(x) / (2 + Math.tanh(g.applyAsDouble(x))));
      case 5 -> new Known("sigmoid(" + a.text + ")", x -> 1 / (1 + Math.exp(-f.applyAsDouble(x))));
      case 6 ->
          new Known("softplus(" + a.text + ")", x -> Math.log1p(Math.exp(f.applyAsDouble(x))));
      case 7 ->
          new Known(
              "log(1+(" + a.text + ")^2)", x -> Math.log(1 + Math.pow(f.applyAsDouble(x), 2)));
      case 8 ->
          new Known(
              "sqrt(1+abs(" + a.text + "))", x -> Math.sqrt(1 + Math.abs(f.applyAsDouble(x))));
      case 9 ->
          new Known(
              "max(" + a.text + "," + b.text + ")",
              x -> Math.max(f.applyAsDouble(x), g.applyAsDouble(x)));
      case 10 ->
          new Known(
              "min(" + a.text + "," + b.text + ")",
              x -> Math.min(f.applyAsDouble(x), g.applyAsDouble(x)));
      case 11 ->
          new Known(
              "where(" + a.text + ">" + b.text + "," + b.text + "," + a.text + "*0.5)",
              x ->
                  f.applyAsDouble(x) > g.applyAsDouble(x)
                      ? g.applyAsDouble(x)
                      : f.applyAsDouble(x) * 0.5);
      case 12 ->
          new Known("exp(-(" + a.text + ")^2)", x -> Math.exp(-Math.pow(f.applyAsDouble(x), 2)));
      default ->
          new Known(
              "sin(" + a.text + ")*cos(" + b.text + ")",
              x -> Math.sin(f.applyAsDouble(x)) * Math.cos(g.applyAsDouble(x)));
    };
  }

  @Test
  void randomFormulasAndTheirDerivativesAreThoseOfJavaAndOfDifferences() {
    Random random = new Random(5);
    int tried = 0;
    while (tried < 400) {
      Known known = random(random, 1 + random.nextInt(4));
      if (!known.text.contains("x")) continue;
      LayerFormula formula;
      try {
        formula = LayerFormula.parse(known.text);
      } catch (SpyhopException e) {
        assertTrue(e.getMessage().contains("depends on x"), e.getMessage()); // x-x
        continue;
      }
      tried++;
      for (float x : POINTS) {
        double expected = known.value.applyAsDouble(x);
        String where = known.text + " at " + x;
        assertEquals(
            expected, formula.at(new double[] {x})[0], 1e-9 * (1 + Math.abs(expected)), where);
        assertEquals(expected, each(known.text, x)[0], 2e-5 * (1 + Math.abs(expected)), where);
        checkDerivative(known, x, where);
      }
    }
  }

  private static void checkDerivative(Known known, float x, String where) {
    double h = 1e-5;
    DoubleUnaryOperator f = known.value;
    double right = (f.applyAsDouble(x + h) - f.applyAsDouble(x)) / h;
    double left = (f.applyAsDouble(x) - f.applyAsDouble(x - h)) / h;
    if (Math.abs(right - left) > 1e-3 * (1 + Math.abs(right))) return; // a kink or a jump
    double expected = (f.applyAsDouble(x + h) - f.applyAsDouble(x - h)) / 2 / h;
    float found =
        backward(known.text, new Dimensions(1, 1, 1), new float[] {x}, new float[] {2})[0];
    assertEquals(2 * expected, found, 2e-3 * (1 + Math.abs(expected)), "slope of " + where);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x/(1+mean(x^2, channels))",
        "x - mean(x, channels)",
        "softmax(x)",
        "x*logsumexp(2*x, channels)",
        "x[1]*x - max(x, channels)*x[0]",
        "x*(channel+1)^2 + min(x, channels)",
        "sum(x^2, channels)",
        "x[2]^3",
        "(x-mean(x,channels))/sqrt(1e-3+mean((x-mean(x,channels))^2, channels))",
        "where(x[0] > 0, x*x[1], x/3)"
      })
  void derivativesThroughChannelsAreDifferences(String text) {
    LayerFormula formula = LayerFormula.parse(text);
    int channels = 3;
    Random random = new Random(3);
    for (Dimensions sizes :
        new Dimensions[] {new Dimensions(2, channels, 5), new Dimensions(4, channels, 1)}) {
      int out = formula.channels(List.of(channels));
      float[] x = new float[sizes.samples() * channels * sizes.places()];
      float[] g = new float[sizes.samples() * out * sizes.places()];
      for (int i = 0; i < x.length; i++) x[i] = (float) random.nextGaussian();
      for (int i = 0; i < g.length; i++) g[i] = (float) random.nextGaussian();
      float[] y = forward(text, sizes, x);
      float[] back = backward(text, sizes, x, g);
      for (int n = 0; n < sizes.samples(); n++) {
        for (int p = 0; p < sizes.places(); p++) {
          double[] at = new double[channels];
          for (int c = 0; c < channels; c++) at[c] = x[(n * channels + c) * sizes.places() + p];
          double[] expected = formula.at(at);
          for (int c = 0; c < out; c++) {
            assertEquals(expected[c], y[(n * out + c) * sizes.places() + p], 1e-5);
          }
          for (int c = 0; c < channels; c++) {
            double slope = 0;
            for (int side = -1; side <= 1; side += 2) {
              double[] moved = at.clone();
              moved[c] += side * 1e-5;
              double[] said = formula.at(moved);
              for (int o = 0; o < out; o++) {
                slope += side * said[o] * g[(n * out + o) * sizes.places() + p] / 2e-5;
              }
            }
            assertEquals(
                slope, back[(n * channels + c) * sizes.places() + p], 2e-3 * (1 + Math.abs(slope)));
          }
        }
      }
    }
  }

  /** Sizes as LayerFormula takes them: maps, planes, and one value for each channel or sample. */
  private static final Map<Character, Dimensions> SIZES =
      Map.of(
          'm', new Dimensions(2, 3, 700),
          'p', new Dimensions(2, 1, 700),
          'c', new Dimensions(2, 3, 1),
          's', new Dimensions(2, 1, 1));

  private static int index(Dimensions d, int n, int c, int p) {
    return (n * d.channels() + (d.channels() == 1 ? 0 : c)) * d.places()
        + (d.places() == 1 ? 0 : p);
  }

  /** Each input spread over all channels and places, and gradients summed over what it was. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x*y | mm",
        "x*sigmoid(y) | mp",
        "x*sigmoid(y) | pm",
        "x+y*y | mc",
        "x/(2+y^2) - z | cms",
        "max(x, y)*z | mmp",
        "x*mean(y^2, channels) + z | pmc",
        "x*y+z*u | pcsm",
        "sum(x*y, channels) | mc",
        "x*y | pc",
        "x^2-y*x | cs",
        "sin(x+y) | ss",
        "x-y*floor(x) | mp"
      })
  void inputsAreSpreadAndTheirGradientsSummed(String text, String kinds) {
    List<Dimensions> sizes = kinds.chars().mapToObj(k -> SIZES.get((char) k)).toList();
    LayerFormula formula = LayerFormula.parse(text, sizes.size());
    int places = sizes.stream().mapToInt(Dimensions::places).max().getAsInt();
    int out = formula.channels(sizes.stream().map(Dimensions::channels).toList());
    Random random = new Random(text.hashCode());
    List<float[]> in = new ArrayList<>();
    for (Dimensions d : sizes) {
      float[] x = new float[d.samples() * d.channels() * d.places()];
      for (int i = 0; i < x.length; i++) x[i] = (float) random.nextGaussian();
      in.add(x);
    }
    float[] g = new float[2 * out * places];
    for (int i = 0; i < g.length; i++) g[i] = (float) random.nextGaussian();
    List<Operand> operands = new ArrayList<>();
    for (int k = 0; k < in.size(); k++) operands.add(operand(sizes.get(k), in.get(k)));
    float[] y = new float[g.length];
    formula.forward(operands, FloatBuffer.wrap(y));
    double[][] slopes = new double[in.size()][];
    for (int k = 0; k < in.size(); k++) slopes[k] = new double[in.get(k).length];
    for (int n = 0; n < 2; n++) {
      for (int p = 0; p < places; p++) {
        double[][] at = new double[in.size()][];
        for (int k = 0; k < at.length; k++) {
          at[k] = new double[sizes.get(k).channels()];
          for (int c = 0; c < at[k].length; c++) {
            at[k][c] = in.get(k)[index(sizes.get(k), n, c, p)];
          }
        }
        double[] expected = formula.at(at);
        for (int c = 0; c < out; c++) {
          assertEquals(
              expected[c], y[(n * out + c) * places + p], 1e-5 * (1 + Math.abs(expected[c])));
        }
        for (int k = 0; k < at.length; k++) {
          for (int c = 0; c < at[k].length; c++) {
            double kept = at[k][c];
            for (int side = -1; side <= 1; side += 2) {
              at[k][c] = kept + side * 1e-6;
              double[] said = formula.at(at);
              for (int o = 0; o < out; o++) {
                slopes[k][index(sizes.get(k), n, c, p)] +=
                    side * said[o] * g[(n * out + o) * places + p] / 2e-6;
              }
            }
            at[k][c] = kept;
          }
        }
      }
    }
    for (int k = 0; k < in.size(); k++) {
      float[] back = new float[in.get(k).length];
      formula.backward(operands, FloatBuffer.wrap(g), k, FloatBuffer.wrap(back));
      for (int i = 0; i < back.length; i++) {
        assertEquals(slopes[k][i], back[i], 1e-3 * (1 + Math.abs(slopes[k][i])), k + " at " + i);
      }
    }
  }

  /** By hand. */
  @Test
  void aGateAndABiasAreSpread() {
    LayerFormula f = LayerFormula.parse("x*y + z", 3);
    List<Operand> in =
        List.of(
            operand(new Dimensions(1, 2, 2), 1, 2, 3, 4),
            operand(new Dimensions(1, 1, 2), 10, 100),
            operand(new Dimensions(1, 2, 1), 7, 9));
    float[] y = new float[4];
    f.forward(in, FloatBuffer.wrap(y));
    assertArrayEquals(new float[] {17, 207, 39, 409}, y);
    FloatBuffer g = FloatBuffer.wrap(new float[] {1, 1, 1, 2});
    float[] gate = new float[2];
    f.backward(in, g, 1, FloatBuffer.wrap(gate));
    assertArrayEquals(new float[] {1 + 3, 2 + 2 * 4}, gate);
    float[] bias = new float[2];
    f.backward(in, g, 2, FloatBuffer.wrap(bias));
    assertArrayEquals(new float[] {2, 3}, bias);
  }

  @Test
  void everyInputCounts() {
    String said =
        assertThrows(SpyhopException.class, () -> LayerFormula.parse("x*2", 2)).getMessage();
    assertEquals("Formula \"x*2\": expected one that depends on x, y, as a layer has to.", said);
    String many =
        assertThrows(SpyhopException.class, () -> LayerFormula.parse("x+y", 7)).getMessage();
    assertEquals("Formula \"x+y\": expected at most 6 inputs, received 7.", many);
    LayerFormula gate = LayerFormula.parse("x*max(y, channels)", 2);
    assertThrows(SpyhopException.class, () -> gate.channels(List.of(3, 1)));
    assertEquals(1, gate.channels(List.of(1, 3)));
    assertEquals(3, gate.channels(List.of(3, 3)));
  }

  @Test
  void manyBlocksAreAsOne() {
    int places = 5000;
    float[] x = new float[2 * 3 * places];
    for (int i = 0; i < x.length; i++) x[i] = (float) Math.sin(i);
    float[] y = forward("x-x[1]", new Dimensions(2, 3, places), x);
    float[] z = each("x*sigmoid(x)", x);
    for (int i = 0; i < x.length; i++) {
      int n = i / (3 * places);
      assertEquals(x[i] - x[(n * 3 + 1) * places + i % places], y[i]);
      assertEquals(x[i] / (1 + Math.exp(-x[i])), z[i], 1e-6);
    }
  }

  // -- Losses --

  private static double loss(
      String text,
      Output output,
      Dimensions sizes,
      float[] z,
      float[] t,
      float[] w,
      float[] gradient) {
    Map<String, FloatBuffer> in =
        w == null
            ? Map.of("z", FloatBuffer.wrap(z), "target", FloatBuffer.wrap(t))
            : Map.of(
                "z",
                FloatBuffer.wrap(z),
                "target",
                FloatBuffer.wrap(t),
                "weights",
                FloatBuffer.wrap(w));
    return LossFormula.parse(text, output)
        .program(w != null)
        .run(sizes, in, FloatBuffer.wrap(gradient));
  }

  @Test
  void aLossByHand() {
    float[] z = {0.5f, 2};
    float[] t = {1, 0};
    float[] g = new float[2];
    double value =
        loss("mean((p-t)^2*(1+4*t))", Output.IDENTITY, new Dimensions(2, 1, 1), z, t, null, g);
    assertEquals((0.25 * 5 + 4) / 2, value, 1e-6);
    assertArrayEquals(new float[] {-2.5f, 2}, g, 1e-6f);
  }

  @Test
  void placesOfNoWeightDoNotCountWhateverStandsThere() {
    float[] z = {0.5f, Float.POSITIVE_INFINITY, 1};
    float[] t = {1, 0, 3};
    float[] w = {3, 0, 1};
    float[] g = new float[3];
    double value = loss("mean((p-t)^2)", Output.IDENTITY, new Dimensions(1, 1, 3), z, t, w, g);
    assertEquals((3 * 0.25 + 4) / 4, value, 1e-6);
    assertArrayEquals(new float[] {3 * 2 * -0.5f / 4, 0, 2 * -2f / 4}, g, 1e-6f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "-mean(sum(t*log(p), channels)); SOFTMAX",
        "mean(logsumexp(z, channels) - sum(z*t, channels)); SOFTMAX",
        "-mean(sum(t*(1-p)^2*log(p), channels)); SOFTMAX",
        "1 - mean(2*sum(p*t, batch)/(1+sum(p+t, batch))); SOFTMAX",
        "mean(1 - 2*sum(p*t, space)/(1+sum(p+t, space))); SOFTMAX",
        "-mean(t*log(p) + (1-t)*log(1-p)); SIGMOID",
        "mean(abs(p-t)) + 0.1*mean(p[0]^2); IDENTITY",
        "sqrt(mean((p-t)^2)); IDENTITY",
        "mean(where(abs(p-t) < 1, (p-t)^2/2, abs(p-t)-0.5)); IDENTITY",
        "log(1+sum((p-mean(p))^2)); IDENTITY",
        "mean((mean(p, space) - mean(t, space))^2); SIGMOID"
      })
  void gradientsOfLossesAreDifferences(String text, Output output) {
    Random random = new Random(9);
    for (boolean weighted : new boolean[] {false, true}) {
      Dimensions sizes = new Dimensions(2, 3, 4);
      float[] z = new float[24];
      float[] t = new float[output == Output.SOFTMAX ? 8 : 24];
      float[] w = new float[output == Output.SIGMOID ? 24 : 8];
      for (int i = 0; i < 24; i++) z[i] = (float) random.nextGaussian();
      for (int i = 0; i < t.length; i++) {
        t[i] = output == Output.SOFTMAX ? random.nextInt(3) : random.nextFloat();
      }
      for (int i = 0; i < w.length; i++) w[i] = i == 3 ? 0 : random.nextFloat() + 0.5f;
      float[] given = weighted ? w : null;
      float[] g = new float[24];
      loss(text, output, sizes, z, t, given, g);
      for (int i = 0; i < 24; i++) {
        float kept = z[i];
        float h = 0.01f;
        z[i] = kept + h;
        double right = loss(text, output, sizes, z, t, given, new float[24]);
        z[i] = kept - h;
        double left = loss(text, output, sizes, z, t, given, new float[24]);
        z[i] = kept;
        assertEquals((right - left) / 2 / h, g[i], 2e-3, text + " " + weighted + " " + i);
      }
    }
  }

  @Test
  void crossEntropyOfFarLogitsIsFinite() {
    float[] g = new float[2];
    double value =
        loss(
            "-mean(sum(t*log(p), channels))",
            Output.SOFTMAX,
            new Dimensions(1, 2, 1),
            new float[] {1000, -1000},
            new float[] {1},
            null,
            g);
    assertEquals(2000, value, 1e-3);
    assertArrayEquals(new float[] {1, -1}, g, 1e-6f);
  }

  // -- Rectifiers --

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relu(x)",
        "max(x, 0)",
        "max(0, x)",
        "where(x>0, x, 0)",
        "where(x>=0, x, 0)",
        "where(0<x, x, 0)",
        "where(x<0, 0, x)",
        "where(!(x<=0), x, 0)",
        "x*(x>0)",
        "-min(-x, 0)",
        "(x+abs(x))/2",
        "2*relu(x)",
        "max(x, 0.2*x)",
        "where(x>0, x, 0.2*x)",
        "max(x, 0) + 0.01*min(x, 0)",
        "min(max(x, 0), 6)",
        "clip(x, 0, 6)",
        "where(x<0, exp(x)-1, x)",
        "where(x>0, 1.05*x, 1.05*1.67*(exp(x)-1))",
        "x*sigmoid(1.7*x)",
        "sigmoid(x)*2*x",
        "0.5*x*(1+erf(x/sqrt(2)))",
        "x*tanh(softplus(x))",
      })
  void whatLetsPositiveValuesThroughRectifies(String text) {
    assertTrue(LayerFormula.parse(text).rectifies(), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "-x",
        "2*x",
        "abs(x)",
        "min(x, 0)",
        "max(-x, 0)",
        "min(x, 2*x)",
        "max(x, 1)",
        "where(x>1, x, 0)",
        "where(x>0, 0, x)",
        "where(x>0, x, -0.2*x)",
        "relu(x)^2",
        "relu(x)+1",
        "sigmoid(x)",
        "tanh(x)",
        "x*sigmoid(-x)",
        "x*x*sigmoid(x)",
        "x*sigmoid(x+1)",
        "softplus(x)",
        "exp(x)-1",
        "relu(x[0])",
        "relu(x)/(1+mean(x, channels))",
        "max(x, channels)",
      })
  void nothingElseDoes(String text) {
    assertTrue(!LayerFormula.parse(text).rectifies(), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "relu(x) | 0",
        "max(0, x) | 0",
        "max(x, 0.2*x) | 0.2",
        "max(0.3*x, x) | 0.3",
        "where(x>0, x, 0.125*x) | 0.125",
        "max(x, 0) + 0.25*min(x, 0) | 0.25",
      })
  void theSlopeOfALeakyReluIsFound(String text, double slope) {
    assertEquals(slope, LayerFormula.parse(text).leak().orElseThrow(), 1e-12, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "abs(x)",
        "max(x, 1.5*x)",
        "2*relu(x)",
        "min(max(x, 0), 6)",
        "where(x>0, x, -0.2*x)",
        "where(x<0, exp(x)-1, x)",
        "x*sigmoid(x)",
        "max(x, 0.2*x)+1",
        "max(x, 0.2*x)/(1+mean(x^2, channels))",
      })
  void whatIsNoLeakyReluHasNone(String text) {
    assertTrue(LayerFormula.parse(text).leak().isEmpty(), text);
  }

  @Test
  void aFormulaIsReadOnce() {
    assertSame(LayerFormula.parse("x*3.25"), LayerFormula.parse("x*3.25"));
  }

  // -- Faults --

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "none",
      value = {
        "log(x); -0.25; log(-0.250)",
        "log(x); 0; log(0.00)",
        "log(x); 0.5; none",
        "2 + 1/(x-3); 3; 1.00 / 0.00",
        "x*exp(100*x); 1; exp(100)",
        "sqrt(x-1); 0; sqrt(-1.00)",
        "sqrt(x); 0; 0.500 / 0.00 in its derivative",
        "x^1.5; -4; -4.00^1.50",
        "where(x>0, log(x), x); -1; none",
        "where(x>0, x, log(x)); -1; log(-1.00)",
        "x*(x>0)*log(x); 0; log(0.00)",
        "mean(log(x), channels); -1; log(-1.00)",
        "x[0]*x; 3e38; 3.00e+38 * 3.00e+38",
        "sigmoid(x)/x; 0; 0.500 / 0.00",
      })
  void aFaultIsFoundWhereItBegins(String text, double x, String fault) {
    assertEquals(
        Optional.ofNullable(fault),
        LayerFormula.parse(text).fault(new double[] {x}).map(Fault::text));
  }

  @Test
  void faultsOfLossesAreThoseOfPlacesThatCount() {
    LossFormula loss = LossFormula.parse("mean(t*log(z))", Output.IDENTITY);
    Map<String, double[]> place = Map.of("z", new double[] {2, -3}, "target", new double[] {1, 1});
    assertEquals("log(-3.00)", loss.fault(place, 2).orElseThrow().text());
    Map<String, double[]> ignored = new HashMap<>(place);
    ignored.put("weights", new double[] {0});
    assertEquals(Optional.empty(), loss.fault(ignored, 2));
    Map<String, double[]> counts = new HashMap<>(place);
    counts.put("weights", new double[] {0.5});
    assertEquals("log(-3.00)", loss.fault(counts, 2).orElseThrow().text());
  }

  // -- Errors --

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "x*sigmoid(1.7*y); character 15; no \"y\"",
        "x +; character 4; expected a number",
        "x ** 2; character 4; expected a number",
        "(x+1; character 5; bracket at character 1",
        "x) + 1; character 2; expected an operator",
        "sigmiod(x); character 1; no function \"sigmiod\"",
        "sigmoid; character 1; brackets behind the function",
        "max(x); character 1; max(VALUE, VALUE)",
        "clip(x, 1); character 1; takes 3 values, received 2",
        "mean(x); character 6; layers take channels together",
        "x*mean(x, space); character 8; layers take channels together",
        "mean(3*2, channels)*x; character 6; no channels",
        "x[0][1]; character 1; no channels to choose from",
        "x[-1]; character 3; the number of a channel",
        "2e*x; character 2; digits",
        "1e99*x; character 1; at most 3.4e38",
        "1e-400*x; character 1; is 0 in 32 bits",
        "x+1e-46; character 3; at least 1.4e-45",
        "mean(x, channel); character 1; expected mean(VALUE, channels)",
        "sum(x, 1); character 1; expected sum(VALUE, channels)",
        "x^; character 3; expected a number",
        "x # y; character 3; expected an operator",
        "mean(x, channels, 2); character 1; nothing behind channels",
        "System.exit(x); character 1; no \"System\"",
      })
  void whatIsNotUnderstoodIsSaidWithItsPlace(String text, String place, String why) {
    String said = assertThrows(SpyhopException.class, () -> LayerFormula.parse(text)).getMessage();
    assertTrue(said.contains(place), said);
    assertTrue(said.contains(why), said);
  }

  @Test
  void aLayerDependsOnItsInputAndALossIsOneValueOfWhatIsSaid() {
    assertTrue(
        assertThrows(SpyhopException.class, () -> LayerFormula.parse("3"))
            .getMessage()
            .contains("depends on x"));
    String said =
        assertThrows(SpyhopException.class, () -> LossFormula.parse("(p-t)^2", Output.IDENTITY))
            .getMessage();
    assertTrue(said.contains("one value for each channel and place"), said);
    assertThrows(SpyhopException.class, () -> LossFormula.parse("mean(t)", Output.IDENTITY));
  }

  @Test
  void formulasOfStrangersAreBounded() {
    String deep = "(".repeat(5000) + "x" + ")".repeat(5000);
    assertThrows(SpyhopException.class, () -> LayerFormula.parse(deep));
    assertThrows(
        SpyhopException.class, () -> LayerFormula.parse("(".repeat(900) + "x" + ")".repeat(900)));
    assertThrows(SpyhopException.class, () -> LayerFormula.parse("-".repeat(1900) + "x"));
    assertThrows(SpyhopException.class, () -> LayerFormula.parse("x" + "^x".repeat(900)));
    assertThrows(SpyhopException.class, () -> LayerFormula.parse("x" + "+x".repeat(990)));
    // squares of squares are small as a formula, and as a program
    StringBuilder squares = new StringBuilder("x");
    for (int i = 0; i < 60; i++) squares.insert(0, "(").append(")^2");
    assertEquals(1, each(squares.toString(), 1)[0]);
    assertEquals(
        0,
        backward(squares.toString(), new Dimensions(1, 1, 1), new float[] {0}, new float[] {1})[0]);
  }
}
