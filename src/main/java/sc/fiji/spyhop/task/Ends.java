package sc.fiji.spyhop.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;

/**
 * Where a network ends for a task. Outputs and heads correspond by position, so that networks from
 * elsewhere keep the names of their layers.
 *
 * @param logits for each {@link Head#logits()} of the task, the layer of the network it is
 */
public record Ends(Map<String, String> logits) {

  /** Copies the map. */
  public Ends {
    logits = Map.copyOf(logits);
  }

  /**
   * Matches a network with a task.
   *
   * @throws SpyhopException if the network does not end as the task's heads say
   */
  public static Ends of(Network network, Task<?, ?> task) {
    List<Head> heads = task.heads();
    require(
        network.outputs().size() == heads.size(),
        "a network with the outputs " + heads.stream().map(Head::name).toList(),
        network.outputs());
    Map<String, Shape> shapes = Shapes.of(network);
    Map<String, String> logits = new LinkedHashMap<>();
    boolean vectors = !task.mapped();
    for (int i = 0; i < heads.size(); i++) {
      Head head = heads.get(i);
      String output = network.outputs().get(i);
      Shape shape = shapes.get(output);
      require(
          shape.channels() == head.channels(),
          head.channels() + " channels from " + output,
          shape.channels());
      require(
          shape.space().isEmpty() == vectors,
          (vectors ? "a vector" : "a plane") + " from " + output,
          shape);
      logits.put(head.logits(), logits(network.layer(output), head));
    }
    return new Ends(logits);
  }

  private static String logits(Layer output, Head head) {
    if (head.activation() == Layer.Function.IDENTITY) return output.name();
    boolean fits = output instanceof Activation a && a.function() == head.activation();
    require(
        fits,
        "a "
            + head.activation().name().toLowerCase(Locale.ROOT)
            + " at the end, for "
            + head.name(),
        output.getClass().getSimpleName() + " " + output.name());
    return output.inputs().get(0);
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException(
          "The network does not fit the task: expected "
              + expected
              + ", received "
              + received
              + ".");
    }
  }

  /**
   * What is minimised, on layers of the network.
   *
   * @param loss a formula in the place of the task's own losses; empty for these
   * @throws SpyhopException if the formula makes no sense for the task
   */
  public List<Objective> objectives(Task<?, ?> task, String loss) {
    List<Objective> own = loss.isEmpty() ? task.objectives() : List.of(WrittenLoss.of(task, loss));
    return own.stream()
        .map(o -> new Objective(logits.get(o.layer()), o.loss(), o.weight()))
        .toList();
  }

  /** Targets of the task, for layers of the network. */
  public Map<String, Target> targets(Map<String, Target> targets) {
    Map<String, Target> renamed = new LinkedHashMap<>();
    targets.forEach((layer, target) -> renamed.put(logits.get(layer), target));
    return renamed;
  }
}
