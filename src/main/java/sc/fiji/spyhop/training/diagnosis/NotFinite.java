package sc.fiji.spyhop.training.diagnosis;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import sc.fiji.spyhop.engine.Losses;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/** Finds where numbers overflow: in the data, in weights, in activations, or on the way back. */
public final class NotFinite {

  private static final String RATE =
      "Start anew with a learning rate ten times smaller, clip the gradient, and check that"
          + " intensities are normalised.";

  private NotFinite() {}

  /**
   * The first place.
   *
   * @param layer whose computation may be the cause; none if data or weights are
   */
  public record Place(Diagnostic finding, Optional<String> layer) {}

  /**
   * Looks for the first place, in the order in which the network computes.
   *
   * @param weights from before the step that overflowed
   * @param inputs of that step, by input
   * @param targets of that step, by layer
   * @param activations of a layer for these inputs
   */
  public static Place locate(
      Network network,
      Weights weights,
      List<Objective> objectives,
      Map<String, Tensor> inputs,
      Map<String, Target> targets,
      Function<String, Tensor> activations) {
    Function<String, Tensor> given =
        name -> {
          Tensor image = inputs.get(name);
          return image != null ? image : activations.apply(name);
        };
    Function<Layer, List<Tensor>> received = layer -> layer.inputs().stream().map(given).toList();
    for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
      if (!isFinite(input.getValue())) {
        return finding(
            "the values of the images, at input " + input.getKey(),
            "Check these images for pixels that are not a number, and for a constant channel.");
      }
    }
    for (Map.Entry<String, Target> target : targets.entrySet()) {
      if (!isFinite(target.getValue().values())
          || !target.getValue().weights().map(NotFinite::isFinite).orElse(true)) {
        return finding(
            "the true values for layer " + target.getKey(),
            "Check the annotations of these images.");
      }
    }
    for (Map.Entry<String, Tensor> w : weights.tensors().entrySet()) {
      if (!isFinite(w.getValue())) return finding("the weights " + w.getKey(), RATE);
    }
    String largestLayer = "";
    double largest = -1;
    for (Layer layer : network.layers()) {
      Tensor values = activations.apply(layer.name());
      if (!isFinite(values)) {
        return OwnFunctions.layer(layer, received.apply(layer))
            .map(found -> new Place(found, Optional.of(layer.name())))
            .orElseGet(() -> place("the activations of layer " + layer.name(), layer.name()));
      }
      for (float v : values.data()) {
        if (Math.abs(v) > largest) {
          largest = Math.abs(v);
          largestLayer = layer.name();
        }
      }
    }
    for (Objective o : objectives) {
      Tensor values = activations.apply(o.layer());
      float[] gradient = new float[values.length()];
      double loss = Losses.evaluate(o.loss(), values, targets.get(o.layer()), gradient);
      if (!Double.isFinite(loss) || !isFinite(gradient)) {
        return OwnFunctions.loss(o.loss(), values, targets.get(o.layer()))
            .map(found -> new Place(found, Optional.empty()))
            .orElseGet(() -> finding("the loss at layer " + o.layer(), RATE));
      }
    }
    for (int i = network.layers().size() - 1; i >= 0; i--) {
      Layer layer = network.layers().get(i);
      if (layer.ownFunction().isEmpty()) continue;
      Optional<Diagnostic> found = OwnFunctions.back(layer, received.apply(layer));
      if (found.isPresent()) return new Place(found.get(), Optional.of(layer.name()));
    }
    return place(
        Strings.format(
            "the gradients below layer %s, whose activations of up to %s are the largest",
            largestLayer, Recent.number(largest)),
        largestLayer);
  }

  private static Place place(String where, String layer) {
    return new Place(finding(where, RATE).finding(), Optional.of(layer));
  }

  private static Place finding(String where, String advice) {
    return new Place(diagnostic(Symptom.NOT_FINITE, where, advice), Optional.empty());
  }

  static Diagnostic diagnostic(Symptom symptom, String where, String advice) {
    return new Diagnostic(
        symptom, "Numbers that are not finite appear first in " + where + ".", advice);
  }

  private static boolean isFinite(Tensor tensor) {
    return isFinite(tensor.data());
  }

  static boolean isFinite(float[] values) {
    for (float v : values) if (!Float.isFinite(v)) return false;
    return true;
  }
}
