package sc.fiji.spyhop.command;

import java.util.List;
import org.scijava.module.MutableModuleItem;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelRegistry.Listing;

/** The models of a dialog. */
final class Models {

  private Models() {}

  /**
   * Offers the models that are for a kind of task.
   *
   * @param chosen what is chosen now
   * @param task such as {@code Classification.class}
   * @return what is chosen then: if nothing is, the shipped model if it is the only one, so that a
   *     macro that names no model does not depend on what is installed
   */
  static String offer(MutableModuleItem<String> item, String chosen, Class<?> task) {
    List<Listing> known = known(task);
    List<String> names = known.stream().map(Listing::name).toList();
    if (names.isEmpty() || !chosen.isBlank() && !names.contains(chosen)) return chosen;
    item.setChoices(names);
    boolean clear = known.size() == 1 && known.get(0).source() == ModelRegistry.Source.SHIPPED;
    return chosen.isBlank() && clear ? names.get(0) : chosen;
  }

  /**
   * Offers all models, to start others from; none is chosen for the user, since what is learnt
   * hangs on it.
   */
  static void offerBases(MutableModuleItem<String> item, String chosen) {
    List<String> names = known(Object.class).stream().map(Listing::name).toList();
    if (!names.isEmpty() && (chosen.isBlank() || names.contains(chosen))) item.setChoices(names);
  }

  /** Offers all models and pipelines. */
  static void offerAll(MutableModuleItem<String> item, String chosen) {
    List<String> names = all();
    if (!names.isEmpty() && (chosen.isBlank() || names.contains(chosen))) item.setChoices(names);
  }

  /**
   * Refuses an empty name.
   *
   * @param task of the models to name instead; {@code Object.class} for all
   */
  static void require(String model, Class<?> task) {
    require(model, known(task).stream().map(Listing::name).toList());
  }

  /** Refuses an empty name where pipelines will do as well. */
  static void requireAny(String model) {
    require(model, all());
  }

  private static void require(String model, List<String> names) {
    if (!model.isBlank()) return;
    throw new SpyhopException(
        "Model: expected "
            + (names.isEmpty()
                ? "the path of a .spyhop file"
                : "one of " + String.join(", ", names) + ", or the path of a .spyhop file")
            + ", received nothing. In macros: model=["
            + (names.isEmpty() ? "/path/to/it.spyhop" : names.get(0))
            + "].");
  }

  private static List<String> all() {
    return ModelRegistry.standard().list().stream()
        .filter(l -> l.problem().isEmpty())
        .map(Listing::name)
        .toList();
  }

  private static List<Listing> known(Class<?> task) {
    return ModelRegistry.standard().list().stream()
        .filter(l -> l.spec().filter(s -> task.isInstance(s.task())).isPresent())
        .toList();
  }
}
