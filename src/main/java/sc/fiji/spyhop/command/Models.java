package sc.fiji.spyhop.command;

import java.util.List;
import org.scijava.module.MutableModuleItem;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.task.Task;

/** The models of a dialog. */
final class Models {

  private Models() {}

  /**
   * Offers the models that are for a kind of task.
   *
   * @param chosen what is chosen now
   * @return what is chosen then: the first, if nothing is
   */
  static String offer(
      MutableModuleItem<String> item, String chosen, Class<? extends Task<?>> task) {
    List<String> names =
        ModelRegistry.standard().list().stream()
            .filter(l -> l.spec().filter(s -> task.isInstance(s.task())).isPresent())
            .map(ModelRegistry.Listing::name)
            .toList();
    if (names.isEmpty()) return chosen;
    if (!chosen.isBlank() && !names.contains(chosen)) return chosen;
    item.setChoices(names);
    return chosen.isBlank() ? names.get(0) : chosen;
  }

  /** Refuses an empty name. */
  static void require(String model) {
    if (model.isBlank()) {
      throw new SpyhopException(
          "Model: expected a name or, in macros, the path of a .spyhop file, received nothing.");
    }
  }
}
