package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.IndexTable;
import sc.fiji.spyhop.dataset.format.EvaluationTables;
import sc.fiji.spyhop.dataset.format.PathIndex;
import sc.fiji.spyhop.dataset.format.PlaneName;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.metrics.MultiLabelMetrics;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * A table of what was said of images as a whole: {@code results.csv} of a folder, or another CSV
 * file, with columns image, and class and probability, or name and value.
 *
 * @param images what is said of each, by {@link EvaluationTables#key}: the text of one column, with
 *     the number of another, NaN if it has none; in the order of the rows
 * @param titles what the table calls them, by the same
 */
record ImageResults(
    Path file, Map<String, Map<String, Double>> images, Map<String, String> titles) {

  private static final String TABLE = "results.csv";
  private static final String PROBABILITY = "probability";
  private static final String CLASSES = "classes";

  /**
   * Classes with their probabilities, the most probable first; by rank where not all of an image
   * have a probability.
   *
   * @throws SpyhopException if a probability is none, or nothing tells which class comes first
   */
  static ImageResults classes(Path path) {
    ImageResults results = read(path, "class", PROBABILITY);
    Map<String, Map<String, Double>> images = new TreeMap<>();
    results.images.forEach((image, said) -> images.put(image, byProbability(said)));
    return new ImageResults(results.file, images, results.titles);
  }

  private static Map<String, Double> byProbability(Map<String, Double> said) {
    if (said.values().stream().anyMatch(p -> p.isNaN())) return said;
    Map<String, Double> ordered = new LinkedHashMap<>();
    said.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(e -> ordered.put(e.getKey(), e.getValue()));
    return ordered;
  }

  /** Whether a table says of images that they are of several classes, or of none. */
  static boolean areSeveral(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve(TABLE) : path;
    return Files.isRegularFile(file) && IndexTable.read(file).column(CLASSES).isPresent();
  }

  /**
   * Classes that do not exclude each other, of columns {@code classes} and {@code
   * probability_CLASS}.
   *
   * @param told those that images are said to be of, without numbers
   * @param probabilities of all that have a column
   */
  record Several(ImageResults told, ImageResults probabilities) {

    /** All classes that are there. */
    Set<String> words() {
      Set<String> all = new TreeSet<>(probabilities.words());
      all.addAll(told.words());
      return all;
    }
  }

  /**
   * What is said of images that may be of several classes.
   *
   * @throws SpyhopException if a probability is none, or an image is there twice
   */
  static Several several(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve(TABLE) : path;
    IndexTable table = IndexTable.read(file);
    int image = table.require("image");
    int classes = table.require(CLASSES);
    Map<String, Integer> columns = new LinkedHashMap<>();
    for (int c = 0; c < table.columns().size(); c++) {
      String name = table.columns().get(c);
      if (name.startsWith(MultiLabelMetrics.PROBABILITY)) {
        columns.put(name.substring(MultiLabelMetrics.PROBABILITY.length()), c);
      }
    }
    Map<String, Map<String, Double>> told = new TreeMap<>();
    Map<String, Map<String, Double>> probabilities = new TreeMap<>();
    Map<String, String> titles = new LinkedHashMap<>();
    int line = 1;
    for (List<String> row : table.rows()) {
      line++;
      requireWhole(file, row, table.column("roi"));
      String key =
          EvaluationTables.key(
              row.get(image),
              position(table, row, table.column("slice")),
              position(table, row, table.column("frame")));
      Map<String, Double> names = new LinkedHashMap<>();
      ClassTask.names(row.get(classes)).forEach(name -> names.put(name, Double.NaN));
      Map<String, Double> sure = new LinkedHashMap<>();
      for (Map.Entry<String, Integer> column : columns.entrySet()) {
        String figure = row.get(column.getValue());
        sure.put(column.getKey(), probability(file, line, figure, table));
      }
      if (told.put(key, names) != null) {
        throw new SpyhopException(
            Strings.format("%s, row %d: %s is there twice.", file, line, row.get(image)));
      }
      probabilities.put(key, sure);
      titles.put(key, row.get(image));
    }
    if (told.isEmpty()) throw new SpyhopException(file + ": nothing is said of any image here.");
    return new Several(
        new ImageResults(file, told, titles), new ImageResults(file, probabilities, titles));
  }

  private static double probability(Path file, int line, String figure, IndexTable table) {
    if (figure.isEmpty()) return Double.NaN;
    double p = table.marks().parse(figure);
    if (p >= 0 && p <= 1) return p;
    throw new SpyhopException(
        Strings.format(
            "%s, row %d: expected a probability from 0 to 1, received %s.", file, line, figure));
  }

  private static void requireWhole(Path file, List<String> row, Optional<Integer> region) {
    if (region.isEmpty() || row.get(region.get()).isEmpty()) return;
    throw new SpyhopException(
        file
            + ": expected what was said of images, received what was said of regions in them"
            + " (column roi).");
  }

  /** Names of what was measured with their values. */
  static ImageResults values(Path path) {
    ImageResults results = read(path, "name", "value");
    results.images.forEach(
        (image, values) ->
            values.forEach(
                (name, value) -> {
                  if (!Double.isNaN(value)) return;
                  throw new SpyhopException(
                      Strings.format(
                          "%s, %s: expected a number for %s.", results.file, image, name));
                }));
    return results;
  }

  private static ImageResults read(Path path, String text, String number) {
    Path file = Files.isDirectory(path) ? path.resolve(TABLE) : path;
    if (!Files.exists(file)) {
      throw new SpyhopException(
          Strings.format("%s: expected a CSV file, or a folder with %s in it.", path, TABLE));
    }
    IndexTable table = IndexTable.read(file);
    int image = table.require("image");
    int what = table.require(text);
    Optional<Integer> value = table.column(number);
    Optional<Integer> region = table.column("roi");
    Optional<Integer> slice = table.column("slice");
    Optional<Integer> frame = table.column("frame");
    Optional<Integer> rank = table.column("rank");
    Map<String, String> titles = new LinkedHashMap<>();
    Map<String, TreeMap<Double, Map.Entry<String, Double>>> ordered = new LinkedHashMap<>();
    int line = 1;
    for (List<String> row : table.rows()) {
      line++;
      if (row.get(what).isEmpty()) continue;
      requireWhole(file, row, region);
      String key =
          EvaluationTables.key(
              row.get(image), position(table, row, slice), position(table, row, frame));
      titles.put(key, row.get(image));
      TreeMap<Double, Map.Entry<String, Double>> said =
          ordered.computeIfAbsent(key, k -> new TreeMap<>());
      double place = rank.map(r -> Decimals.parse(row.get(r))).orElse(said.size() + 1.0);
      String figure = value.map(row::get).orElse("");
      double of = figure.isEmpty() ? Double.NaN : table.marks().parse(figure);
      if (number.equals(PROBABILITY) && !figure.isEmpty() && !(of >= 0 && of <= 1)) {
        throw new SpyhopException(
            Strings.format(
                "%s, row %d: expected a probability from 0 to 1, received %s.",
                file, line, figure));
      }
      boolean twice = said.values().stream().anyMatch(e -> e.getKey().equals(row.get(what)));
      if (twice || said.put(place, Map.entry(row.get(what), of)) != null) {
        throw new SpyhopException(
            Strings.format("%s: %s is there twice for %s.", file, row.get(what), row.get(image)));
      }
    }
    Map<String, Map<String, Double>> images = new TreeMap<>();
    ordered.forEach(
        (key, said) -> {
          boolean unknown = said.values().stream().anyMatch(e -> e.getValue().isNaN());
          if (number.equals(PROBABILITY) && said.size() > 1 && rank.isEmpty() && unknown) {
            throw new SpyhopException(
                Strings.format(
                    "%s: expected one class for %s, or a probability for each, received %s.",
                    file, key, said.values().stream().map(Map.Entry::getKey).toList()));
          }
          Map<String, Double> all = new LinkedHashMap<>();
          said.values().forEach(e -> all.put(e.getKey(), e.getValue()));
          images.put(key, all);
        });
    if (images.isEmpty()) throw new SpyhopException(file + ": nothing is said of any image here.");
    return new ImageResults(file, images, titles);
  }

  /** Of a slice or time point, from 1. */
  private static int position(IndexTable table, List<String> row, Optional<Integer> column) {
    double said = column.map(c -> table.marks().parse(row.get(c))).orElse(1.0);
    return Double.isNaN(said) ? 1 : (int) said;
  }

  /** All classes, or names, that are there, in the order of their letters. */
  Set<String> words() {
    return images.values().stream()
        .flatMap(m -> m.keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * What is said of some images; those of which nothing is said are left out.
   *
   * @param names of the images
   */
  Map<String, Map<String, Double>> of(List<String> names) {
    Map<String, Map<String, Double>> said = new LinkedHashMap<>();
    pairs(names).forEach((name, key) -> said.put(name, images.get(key)));
    if (said.isEmpty()) {
      throw new SpyhopException(
          file + ": expected results of the images of the truth, found none.");
    }
    return said;
  }

  private Map<String, String> pairs(List<String> names) {
    Map<String, String> keys = new LinkedHashMap<>();
    names.forEach(n -> keys.put(PlaneName.ofSample(n).key(), n));
    Map<String, String> pairs = new LinkedHashMap<>();
    PathIndex.pair(keys.keySet(), images.keySet())
        .forEach((own, other) -> pairs.put(keys.get(own), other));
    return pairs;
  }

  /**
   * What tables call some samples: what is said here of their image, else the name of their file.
   */
  Function<String, PlaneName> titles(List<String> names) {
    ImageTitles own = ImageTitles.ofSamples(names);
    Map<String, String> pairs = pairs(names);
    return name ->
        pairs.containsKey(name)
            ? PlaneName.ofSample(name).of(titles.get(pairs.get(name)))
            : own.ofSample(name);
  }

  /** Images here of which the truth is not known. */
  int besides(List<String> names) {
    return images.size() - of(names).size();
  }
}
