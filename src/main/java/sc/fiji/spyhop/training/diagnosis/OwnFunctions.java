package sc.fiji.spyhop.training.diagnosis;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Losses;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.expression.Fault;
import sc.fiji.spyhop.expression.LayerFunction;
import sc.fiji.spyhop.network.Formula;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.PluginLayer;
import sc.fiji.spyhop.tensor.Tensor;

/** Finds what formulas and plugins of the user make of finite numbers that is not finite. */
final class OwnFunctions {

  private OwnFunctions() {}

  /**
   * What is wrong with a layer; absent if the user did not write it, or it is right.
   *
   * @param in what it is given, finite
   */
  static Optional<Diagnostic> layer(Layer layer, Tensor in) {
    if (layer instanceof PluginLayer p) {
      return Optional.of(plugin("layer " + p.name() + ", which is the plugin " + p.origin()));
    }
    return layer instanceof Formula f
        ? fault(f, in)
            .map(found -> formula("layer " + f.name() + ", whose formula is " + f.formula(), found))
        : Optional.empty();
  }

  private static Optional<Fault> fault(Formula formula, Tensor in) {
    Dimensions d = Dimensions.of(in.shape());
    for (int i = 0; i < d.samples() * d.places(); i++) {
      double[] x = new double[d.channels()];
      int at = i / d.places() * d.places() * d.channels() + i % d.places();
      for (int c = 0; c < x.length; c++) x[c] = in.data()[at + c * d.places()];
      Optional<Fault> fault = formula.read().fault(x);
      if (fault.isPresent()) return fault;
    }
    return Optional.empty();
  }

  /** What is wrong with the way back through a layer; absent if it is finite. */
  static Optional<Diagnostic> back(Layer layer, Tensor in) {
    return layer.ownFunction().filter(f -> !isFiniteBack(f, in)).flatMap(f -> layer(layer, in));
  }

  private static boolean isFiniteBack(LayerFunction function, Tensor in) {
    Dimensions d = Dimensions.of(in.shape());
    float[] gradient = new float[d.samples() * function.channels(d.channels()) * d.places()];
    Arrays.fill(gradient, 1);
    float[] back = new float[in.length()];
    function.backward(
        d, FloatBuffer.wrap(in.data()), FloatBuffer.wrap(gradient), FloatBuffer.wrap(back));
    return NotFinite.isFinite(back);
  }

  /** What is wrong with a loss; absent if the user did not write it. */
  static Optional<Diagnostic> loss(Loss loss, Tensor activations, Target target) {
    if (loss instanceof Loss.Plugin p) {
      return Optional.of(plugin("the loss of the plugin " + p.origin()));
    }
    if (!(loss instanceof Loss.Formula f)) return Optional.empty();
    return Losses.fault(f, activations, target)
        .map(found -> formula("the loss " + f.formula(), found))
        .or(() -> Optional.of(ofSums("the loss " + f.formula())));
  }

  private static Diagnostic ofSums(String where) {
    return NotFinite.diagnostic(
        Symptom.OWN_FUNCTION_NOT_FINITE,
        where + ", in what it makes of sums or means",
        "Keep what is divided by, and what log and sqrt are taken of, away from 0, as in"
            + " VALUE/max(OTHER, 1e-6).");
  }

  private static Diagnostic plugin(String where) {
    return NotFinite.diagnostic(
        Symptom.OWN_FUNCTION_NOT_FINITE,
        where,
        "That is for its author to mend; a learning rate that is too high may have led there.");
  }

  private static Diagnostic formula(String where, Fault fault) {
    return NotFinite.diagnostic(
        Symptom.OWN_FUNCTION_NOT_FINITE,
        where + ", which comes to " + fault.text(),
        fault.advice());
  }
}
