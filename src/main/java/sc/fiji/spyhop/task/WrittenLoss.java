package sc.fiji.spyhop.task;

import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.LossPlugin;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.expression.LossFormula;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.util.Strings;

/** A loss that the user wrote, in the place of a task's own losses. */
public final class WrittenLoss {

  private WrittenLoss() {}

  /**
   * What is minimised, on the logits of the task's head.
   *
   * @param loss a formula, or the name of a plugin with brackets
   * @throws SpyhopException if it makes no sense for the task
   */
  public static Objective of(Task<?, ?> task, String loss) {
    if (task.heads().size() != 1) {
      throw new SpyhopException(
          "A loss of your own is for networks with one output, as for classes, values, classes of"
              + " pixels and keypoints; "
              + task.kind()
              + " has "
              + task.heads().size()
              + ".");
    }
    Head head = task.heads().get(0);
    Optional<String> plugin = Plugins.named(loss);
    if (plugin.isPresent()) {
      LossPlugin found = Plugins.find(LossPlugin.class, plugin.get());
      boolean classes = head.activation() == Layer.Function.SOFTMAX;
      return new Objective(head.logits(), new Loss.Plugin(found, classes), 1);
    }
    LossFormula formula =
        LossFormula.parse(
            loss,
            switch (head.activation()) {
              case SOFTMAX -> LossFormula.Output.SOFTMAX;
              case SIGMOID -> LossFormula.Output.SIGMOID;
              default -> LossFormula.Output.IDENTITY;
            });
    if (formula.highestChannel() >= head.channels()) {
      throw new SpyhopException(
          Strings.format(
              "Formula \"%s\": expected channels from 0 to %d, received %d.",
              loss, head.channels() - 1, formula.highestChannel()));
    }
    return new Objective(head.logits(), new Loss.Formula(formula), 1);
  }
}
