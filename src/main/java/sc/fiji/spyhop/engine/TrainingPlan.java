package sc.fiji.spyhop.engine;

import java.util.List;
import java.util.Map;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;

/**
 * What a {@link Trainer} needs to know besides network and data.
 *
 * @param objectives what to minimise: the weighted sum of these
 * @param l2 factor of {@code sum(w^2) / 2} over kernels, added to the loss; 0 for none
 * @param clipNorm the gradient is scaled down to this Euclidean norm if longer; infinity for none
 * @param frozenLayers layers whose parameters, running statistics included, stay as they are
 * @param rates factors of the learning rate by layer, positive; 1 for layers not named here. They
 *     matter for weight decay too, and not for frozen layers
 * @param seed of dropout
 */
public record TrainingPlan(
    List<Objective> objectives,
    Optimizer optimizer,
    double l2,
    double clipNorm,
    Set<String> frozenLayers,
    Map<String, Double> rates,
    long seed) {

  /**
   * One loss at one layer.
   *
   * @param layer whose activations the loss looks at; layers after it (a final softmax) are not run
   * @param weight positive
   */
  public record Objective(String layer, Loss loss, double weight) {}

  /**
   * Copies lists and maps.
   *
   * @throws SpyhopException if a factor of the learning rate is not above 0
   */
  public TrainingPlan {
    objectives = List.copyOf(objectives);
    frozenLayers = Set.copyOf(frozenLayers);
    rates = Map.copyOf(rates);
    rates.forEach(TrainingPlan::checkRate);
  }

  /** With the same learning rate for all layers. */
  public TrainingPlan(
      List<Objective> objectives,
      Optimizer optimizer,
      double l2,
      double clipNorm,
      Set<String> frozenLayers,
      long seed) {
    this(objectives, optimizer, l2, clipNorm, frozenLayers, Map.of(), seed);
  }

  /**
   * One loss on the only output of a network, with Adam. Losses that ask for logits look at what
   * comes before a final softmax or sigmoid.
   *
   * @throws SpyhopException if the network has several outputs
   */
  public static TrainingPlan of(Network network, Loss loss) {
    if (network.outputs().size() != 1) {
      throw new SpyhopException(
          "training: expected a network with one output, received one with "
              + network.outputs().size()
              + "; name an objective for each");
    }
    Layer last = network.layer(network.outputs().get(0));
    boolean logits =
        !(loss instanceof Loss.SquaredError
            || loss instanceof Loss.Huber
            || loss instanceof Loss.AbsoluteError
            || loss instanceof Loss.StructuralSimilarity);
    boolean squeezed =
        last instanceof Activation a
            && (a.function() == Layer.Function.SOFTMAX || a.function() == Layer.Function.SIGMOID);
    String layer = logits && squeezed ? last.inputs().get(0) : last.name();
    return new TrainingPlan(List.of(new Objective(layer, loss, 1)), new Optimizer.Adam(), 1);
  }

  /** Without penalty, without a longest gradient, and with all layers learning at the same rate. */
  public TrainingPlan(List<Objective> objectives, Optimizer optimizer, long seed) {
    this(objectives, optimizer, 0, Double.POSITIVE_INFINITY, Set.of(), seed);
  }

  private static void checkRate(String layer, double factor) {
    if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
      throw new SpyhopException(
          "learning rate of layer "
              + layer
              + ": expected a factor above 0, received "
              + factor
              + "; freeze a layer to keep it as it is");
    }
  }

  /**
   * Refuses a plan that no trainer could follow on a network; every engine calls it first.
   *
   * @throws SpyhopException if there is no objective, or a layer that is named does not exist
   */
  public void check(Network network) {
    if (objectives.isEmpty()) {
      throw new SpyhopException("training: expected at least one objective, received none");
    }
    List<String> layers = network.layers().stream().map(Layer::name).toList();
    objectives.forEach(o -> checkLayer("objective", o.layer(), layers));
    frozenLayers.forEach(layer -> checkLayer("frozen layer", layer, layers));
    rates.keySet().forEach(layer -> checkLayer("learning rate", layer, layers));
  }

  private static void checkLayer(String what, String name, List<String> layers) {
    if (!layers.contains(name)) {
      throw new SpyhopException(
          what + ": the network has no layer named \"" + name + "\"; it has " + layers);
    }
  }
}
