package sc.fiji.spyhop.command;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.Cover;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelRegistry.Listing;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.task.Task;

/** The models that a dialog offers: those trained here lately, then those known by name. */
public final class ModelChoice {

  /** Of a parameter that names a model: a choice of those offered, or any file. */
  public static final String STYLE = "model";

  /**
   * A model that is offered.
   *
   * @param line what it is for; empty: not known
   * @param picture small, if it has one
   */
  public record Shown(String line, Optional<BufferedImage> picture) {}

  /** What there is to show of a model by name or file; may take its time. */
  public static Shown shown(String model) {
    ModelRegistry registry = ModelRegistry.standard();
    return new Shown(
        registry.listed(model).flatMap(Listing::description).orElse(""),
        registry.cover(model).flatMap(Cover::image));
  }

  /** Names of classes in a description. */
  private static final int MAX_NAMED = 10;

  private ModelChoice() {}

  /**
   * Offers the models that are for a kind of task.
   *
   * @param chosen what is chosen now
   * @param task such as {@code Classification.class}
   * @return what is chosen then: if nothing is, the shipped model if it is the only one known, so
   *     that a macro that names no model does not depend on what is installed
   */
  static String offer(JobCommand job, String key, String chosen, Class<?> task) {
    offer(job, key, isFor(task));
    List<Listing> known = known(isFor(task));
    boolean clear = known.size() == 1 && known.get(0).source() == ModelRegistry.Source.SHIPPED;
    return chosen.isBlank() && clear ? known.get(0).name() : chosen;
  }

  /** Offers the models that are for a kind of task, none of which is chosen by default. */
  static void offer(JobCommand job, String key, Class<?> task) {
    offer(job, key, isFor(task));
  }

  /** Offers all models and pipelines that look at images. */
  static void offerAll(JobCommand job, String key) {
    offer(job, key, isSound());
  }

  /** Offers the pipelines; the first is chosen if none is. */
  static String offerPipelines(JobCommand job, String key, String chosen) {
    Predicate<Listing> pipelines = l -> l.pipeline().isPresent();
    offer(job, key, pipelines);
    List<Listing> known = known(pipelines);
    return chosen.isBlank() && !known.isEmpty() ? known.get(0).name() : chosen;
  }

  /**
   * Offers the generating models that make images from some source.
   *
   * @param source such as {@code GeneratorSource.Columns.class}
   * @return what is chosen then: if nothing is, the only one known
   */
  static String offerGenerators(
      JobCommand job, String key, String chosen, Class<? extends GeneratorSource> source) {
    offer(job, key, makesFrom(source));
    List<Listing> known = known(makesFrom(source));
    return chosen.isBlank() && known.size() == 1 ? known.get(0).name() : chosen;
  }

  /** Refuses an empty name of a generating model. */
  static void requireGenerator(String model, Class<? extends GeneratorSource> source) {
    require(model, makesFrom(source));
  }

  private static Predicate<Listing> makesFrom(Class<? extends GeneratorSource> source) {
    return l -> l.generator().filter(g -> source.isInstance(g.source())).isPresent();
  }

  /** A choice, and a line for each model known by name that says what it is for. */
  private static void offer(JobCommand job, String key, Predicate<Listing> wanted) {
    List<Listing> known = known(wanted);
    Stream<String> trained =
        RecentModels.trained().stream()
            .filter(f -> known.stream().noneMatch(l -> l.location().equals(f)))
            .filter(f -> wanted.test(ModelRegistry.listing(f)));
    String lines =
        known.stream()
            .map(
                l ->
                    "\n"
                        + l.name()
                        + ": "
                        + l.description().orElse("")
                        + l.spec().map(ModelChoice::tells).orElse(""))
            .collect(Collectors.joining());
    job.offer(key, Stream.concat(trained, names(known).stream()).toList(), lines);
  }

  /** Its classes, and whether it says how sure it is. */
  private static String tells(ModelSpec model) {
    List<String> names = model.names();
    String classes = names.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
    String more = names.size() > MAX_NAMED ? ", ..." : "";
    return (names.size() < 2 ? "" : " It tells " + classes + more + ".")
        + (model.task().scores() == Task.Scores.CALIBRATED ? " Its scores are calibrated." : "")
        + (model.input().images().isKnown() ? " It warns of images unlike those it knows." : "");
  }

  /**
   * Refuses an empty name.
   *
   * @param task of the models to name instead; {@code Object.class} for all
   */
  static void require(String model, Class<?> task) {
    require(model, isFor(task));
  }

  /** Refuses an empty name where pipelines will do as well. */
  static void requireAny(String model) {
    require(model, isSound());
  }

  private static void require(String model, Predicate<Listing> wanted) {
    if (model != null && !model.isBlank()) return; // SciJava gives null where a program does
    List<String> names = names(known(wanted));
    String file = "the path of a .spyhop file";
    throw SettingException.missing(
        "model",
        names.isEmpty() ? file : "one of " + String.join(", ", names) + ", or " + file,
        names.isEmpty() ? "/path/to/it.spyhop" : names.get(0));
  }

  private static Predicate<Listing> isSound() {
    return l -> l.spec().isPresent() || l.pipeline().isPresent();
  }

  private static Predicate<Listing> isFor(Class<?> task) {
    return l -> l.spec().filter(s -> task.isInstance(s.task())).isPresent();
  }

  private static List<String> names(List<Listing> listings) {
    return listings.stream().map(Listing::name).toList();
  }

  private static List<Listing> known(Predicate<Listing> wanted) {
    return ModelRegistry.standard().list().stream().filter(wanted).toList();
  }
}
