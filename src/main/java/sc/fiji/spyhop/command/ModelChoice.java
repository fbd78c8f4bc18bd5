package sc.fiji.spyhop.command;

import java.util.List;
import java.util.stream.Collectors;
import org.scijava.module.MutableModuleItem;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelRegistry.Listing;

/** The models of a dialog. */
final class ModelChoice {

  private ModelChoice() {}

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
    if (known.isEmpty() || !chosen.isBlank() && !names(known).contains(chosen)) return chosen;
    choices(item, known);
    boolean clear = known.size() == 1 && known.get(0).source() == ModelRegistry.Source.SHIPPED;
    return chosen.isBlank() && clear ? known.get(0).name() : chosen;
  }

  /**
   * Offers all models, to start others from; none is chosen for the user, since what is learnt
   * hangs on it.
   */
  static void offerBases(MutableModuleItem<String> item, String chosen) {
    offer(item, chosen, known(Object.class));
  }

  /** Offers all models and pipelines. */
  static void offerAll(MutableModuleItem<String> item, String chosen) {
    offer(item, chosen, all());
  }

  /** Offers the pipelines; the first is chosen if none is. */
  static String offerPipelines(MutableModuleItem<String> item, String chosen) {
    List<Listing> known = all().stream().filter(l -> l.pipeline().isPresent()).toList();
    offer(item, chosen, known);
    return chosen.isBlank() && !known.isEmpty() ? known.get(0).name() : chosen;
  }

  private static void offer(MutableModuleItem<String> item, String chosen, List<Listing> known) {
    if (known.isEmpty() || !chosen.isBlank() && !names(known).contains(chosen)) return;
    choices(item, known);
  }

  /** A choice of names, and a line for each that says what it is for. */
  private static void choices(MutableModuleItem<String> item, List<Listing> known) {
    item.setChoices(names(known));
    String lines =
        known.stream()
            .map(l -> "\n" + l.name() + ": " + l.description().orElse(""))
            .collect(Collectors.joining());
    if (!item.getDescription().endsWith(lines)) item.setDescription(item.getDescription() + lines);
  }

  /**
   * Refuses an empty name.
   *
   * @param task of the models to name instead; {@code Object.class} for all
   */
  static void require(String model, Class<?> task) {
    require(model, names(known(task)));
  }

  /** Refuses an empty name where pipelines will do as well. */
  static void requireAny(String model) {
    require(model, names(all()));
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

  private static List<Listing> all() {
    return ModelRegistry.standard().list().stream().filter(l -> l.problem().isEmpty()).toList();
  }

  private static List<String> names(List<Listing> listings) {
    return listings.stream().map(Listing::name).toList();
  }

  private static List<Listing> known(Class<?> task) {
    return ModelRegistry.standard().list().stream()
        .filter(l -> l.spec().filter(s -> task.isInstance(s.task())).isPresent())
        .toList();
  }
}
