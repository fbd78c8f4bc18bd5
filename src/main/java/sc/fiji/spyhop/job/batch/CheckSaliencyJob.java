package sc.fiji.spyhop.job.batch;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.explain.Explainer;
import sc.fiji.spyhop.explain.Explanation;
import sc.fiji.spyhop.explain.Faithfulness;
import sc.fiji.spyhop.explain.Fill;
import sc.fiji.spyhop.explain.Randomization;
import sc.fiji.spyhop.explain.RankCorrelation;
import sc.fiji.spyhop.explain.SaliencyMap;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Whether explanations of a model can be believed: a row for each image and explanation, with its
 * {@link Faithfulness} and, for more and more random layers, the {@link RankCorrelation} of its map
 * with that of the model as it is.
 *
 * @param model name or file
 * @param type class, measure or point to explain; absent: the most likely of each image
 * @param at pixel of the object to explain; absent: the one that is found most clearly
 * @param explanations one or more
 * @param fill what is shown in place of patches that are hidden
 * @param stages how many times layers are made random, at most
 * @param seed of random weights and orders
 * @param slice of stacks, from 1
 * @param frame time point, from 1
 */
public record CheckSaliencyJob(
    String model,
    Optional<String> type,
    Optional<Rectangle> at,
    List<Explanation> explanations,
    Fill fill,
    int stages,
    long seed,
    int slice,
    int frame)
    implements BatchJob {

  @Override
  public String name() {
    return "check saliency";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put(
        "methods", explanations.stream().map(Explanation::name).collect(Collectors.joining(",")));
    settings.put("class", type.orElse("most likely"));
    at.ifPresent(p -> settings.put("at", ExplainJob.words(p)));
    settings.put("fill", fill.toString());
    settings.put("stages", String.valueOf(stages));
    settings.put("seed", String.valueOf(seed));
    settings.put("slice", String.valueOf(slice));
    settings.put("frame", String.valueOf(frame));
    return settings;
  }

  /** Compiles the model. */
  public Explainer explainer() {
    return Explainer.open(model, explanations);
  }

  @Override
  public Session open() {
    Explainer explainer = explainer();
    ExplainJob.require(explainer, type, at);
    return new ModelSession(
        explainer.runner(),
        columns(explainer),
        (image, progress) -> {
          ExplainJob.requirePlane(image.file(), image.frames(), slice, frame);
          Frame plane = image.frames().get(slice, frame);
          Optional<Mask> place =
              at.map(p -> ExplainJob.mask(p, new ImageSize(plane.width(), plane.height())));
          return look(explainer, image.title(), plane, place, progress);
        });
  }

  private List<Randomization> cascade(Explainer explainer) {
    return Randomization.cascade(explainer.runner().model(), stages, seed);
  }

  /** Of the table. */
  public List<Column> columns(Explainer explainer) {
    List<String> names =
        new ArrayList<>(List.of("image", "slice", "frame", "method", "class", "probability"));
    names.addAll(Faithfulness.FIGURES);
    cascade(explainer).forEach(r -> names.add("random_" + r.layer()));
    return Column.all(names.toArray(String[]::new));
  }

  /**
   * Looks at one plane.
   *
   * @param title of the image in the table
   * @param place where an object is
   */
  public Found look(
      Explainer explainer, String title, Frame plane, Optional<Mask> place, Progress progress) {
    List<Randomization> cascade = cascade(explainer);
    int n = explanations.size();
    int steps = n * (1 + cascade.size());
    List<SaliencyMap> maps = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Explanation tested = Faithfulness.of(explanations.get(i), fill, seed);
      SaliencyMap map = explainer.explain(plane, type, place, tested, progress.part(i, steps));
      maps.add(map);
      List<String> row =
          new ArrayList<>(
              List.of(
                  title,
                  String.valueOf(slice),
                  String.valueOf(frame),
                  map.explanation().name(),
                  map.name(),
                  Digits.six(map.score())));
      int first = map.figures().size() - Faithfulness.FIGURES.size();
      map.figures().stream().skip(first).map(Digits::six).forEach(row::add);
      rows.add(row);
    }
    double scale = explainer.scale(plane, progress);
    for (int k = 0; k < cascade.size(); k++) {
      try (Explainer random = explainer.with(cascade.get(k).model(), scale)) {
        for (int i = 0; i < n; i++) {
          Progress part = progress.part(n * (1 + k) + i, steps);
          Explanation used = maps.get(i).explanation();
          Optional<String> name = Optional.of(maps.get(i).name());
          float[] map = random.explain(plane, name, place, used, part).values();
          double r = RankCorrelation.ofMagnitudes(maps.get(i).values(), map);
          rows.get(i).add(Double.isNaN(r) ? "" : Digits.six(r));
        }
      }
    }
    String summary = Strings.count(n, "explanation") + " of " + maps.get(0).name();
    return new FoundRows(rows, summary + maps.get(0).remark());
  }
}
