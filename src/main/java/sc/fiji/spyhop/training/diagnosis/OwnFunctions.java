package sc.fiji.spyhop.training.diagnosis;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Losses;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.expression.Fault;
import sc.fiji.spyhop.expression.LayerFunction;
import sc.fiji.spyhop.expression.Operand;
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
   * @param in what it is given by each input, finite
   */
  static Optional<Diagnostic> layer(Layer layer, List<Tensor> in) {
    if (layer instanceof PluginLayer p) {
      return Optional.of(plugin("layer " + p.name() + ", which is the plugin " + p.origin()));
    }
    return layer instanceof Formula f
        ? fault(f, in)
            .map(found -> formula("layer " + f.name() + ", whose formula is " + f.formula(), found))
        : Optional.empty();
  }

  private static Optional<Fault> fault(Formula formula, List<Tensor> in) {
    List<Dimensions> sizes = in.stream().map(t -> Dimensions.of(t.shape())).toList();
    int places = sizes.stream().mapToInt(Dimensions::places).max().orElseThrow();
    for (int i = 0; i < sizes.get(0).samples() * places; i++) {
      double[][] given = new double[in.size()][];
      for (int k = 0; k < given.length; k++) {
        Dimensions d = sizes.get(k);
        int place = d.places() == 1 ? 0 : i % places;
        given[k] = new double[d.channels()];
        for (int c = 0; c < given[k].length; c++) {
          given[k][c] = in.get(k).data()[(i / places * d.channels() + c) * d.places() + place];
        }
      }
      Optional<Fault> fault = formula.read().fault(given);
      if (fault.isPresent()) return fault;
    }
    return Optional.empty();
  }

  /** What is wrong with the way back through a layer; absent if it is finite. */
  static Optional<Diagnostic> back(Layer layer, List<Tensor> in) {
    return layer.ownFunction().filter(f -> !isFiniteBack(f, in)).flatMap(f -> layer(layer, in));
  }

  private static boolean isFiniteBack(LayerFunction function, List<Tensor> in) {
    List<Operand> given =
        in.stream()
            .map(t -> new Operand(Dimensions.of(t.shape()), FloatBuffer.wrap(t.data())))
            .toList();
    int channels = function.channels(given.stream().map(o -> o.sizes().channels()).toList());
    int places = given.stream().mapToInt(o -> o.sizes().places()).max().orElseThrow();
    float[] gradient = new float[given.get(0).sizes().samples() * channels * places];
    Arrays.fill(gradient, 1);
    for (int k = 0; k < in.size(); k++) {
      float[] back = new float[in.get(k).length()];
      function.backward(given, FloatBuffer.wrap(gradient), k, FloatBuffer.wrap(back));
      if (!NotFinite.isFinite(back)) return false;
    }
    return true;
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
