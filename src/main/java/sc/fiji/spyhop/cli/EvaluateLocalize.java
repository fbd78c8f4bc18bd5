package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.format.EvaluationTables;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.metrics.DetectionMetrics;

/** Compares predicted with true boxes. */
@Command(
    name = "localize",
    description = {
      "Compares predicted boxes with true ones, as COCO does.",
      "Writes the average precision of each class at IoU 0.5, 0.75 and over 0.50 to 0.95, and their",
      "means over the classes. Images are paired by name. A missing prediction counts as an empty",
      "one."
    },
    footer = {
      "",
      "Example:",
      "  spyhop evaluate localize --predicted results/boxes.csv --truth mydata --json figures.json"
    })
final class EvaluateLocalize extends Evaluation<LocalizedObject> {

  @Option(
      names = "--predicted",
      required = true,
      paramLabel = "FILE|DIR",
      description = "boxes.csv (image,class,x,y,width,height,score), or the folder it is in.")
  private Path predicted;

  @Option(
      names = "--max-detections",
      defaultValue = "100",
      paramLabel = "N",
      description = "Maximum number of boxes of a class in an image (default: ${DEFAULT-VALUE}).")
  private int maxDetections;

  @Option(
      names = "--score",
      paramLabel = "S",
      description = "Score threshold: also writes precision and recall of the boxes that reach it.")
  private Optional<Double> score;

  @Override
  public Integer call() {
    if (maxDetections < 1) throw misuse("--max-detections: expected a number from 1.");
    if (score.isPresent() && !(score.get() >= 0 && score.get() <= 1)) {
      throw misuse("--score: expected a number from 0 to 1, received " + score.get() + ".");
    }
    Problems problems = new Problems();
    DetectionMetrics metrics = new DetectionMetrics(maxDetections);
    compare(EvaluationTables.boxes(predicted, problems), problems, metrics::add);
    Map<String, Object> figures = metrics.toMap();
    console().out().println(metrics.table());
    score.ifPresent(s -> figures.put("at_score", atScore(metrics, s)));
    if (!metrics.unknownTypes().isEmpty()) {
      console()
          .say(
              "Predicted classes without a true box do not count: "
                  + String.join(", ", metrics.unknownTypes()));
    }
    write(figures);
    return ExitCode.OK;
  }

  private Map<String, Object> atScore(DetectionMetrics metrics, double threshold) {
    Map<String, Object> rows = new LinkedHashMap<>();
    for (DetectionMetrics.Figures f : metrics.figures()) {
      DetectionMetrics.Operating at = metrics.at(f.type(), threshold);
      console()
          .print(
              "%16s at score %s: precision %.4f, recall %.4f, F1 %.4f%n",
              f.type(), threshold, at.precision(), at.recall(), at.f1());
      rows.put(
          f.type(),
          Map.of(
              "score",
              threshold,
              "precision",
              at.precision(),
              "recall",
              at.recall(),
              "F1",
              at.f1()));
    }
    return rows;
  }

  @Override
  Optional<Path> findTable(Path path) {
    return EvaluationTables.findBoxes(path);
  }

  @Override
  EvaluationTables.Table<LocalizedObject> table(Path path, Problems problems) {
    return EvaluationTables.boxes(path, problems);
  }

  @Override
  List<LocalizedObject> of(Annotation annotation) {
    return annotation.objects();
  }
}
