package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.format.EvaluationTables;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.task.metrics.KeypointMetrics;

/** Compares predicted with true keypoints. */
@Command(
    name = "keypoints",
    description = {
      "Compares predicted keypoints with true ones.",
      "Writes the error in pixels (median, mean, root mean square, 90th percentile, maximum) of those",
      "predicted, and PCK, the share of all true points predicted within a distance. Images are",
      "paired by name."
    },
    footer = {
      "",
      "Example:",
      "  spyhop evaluate keypoints --predicted results/keypoints.csv --truth mydata --pck 5,10"
    })
final class EvaluateKeypoints extends Evaluation<Pose> {

  @Option(
      names = "--predicted",
      required = true,
      paramLabel = "FILE|DIR",
      description = "keypoints.csv (image,keypoint,x,y,score), or the folder it is in.")
  private Path predicted;

  @Option(
      names = "--pck",
      split = ",",
      defaultValue = "5,10,20",
      paramLabel = "PIXELS",
      description = "Distances for PCK (default: ${DEFAULT-VALUE}).")
  private double[] radii;

  @Override
  public Integer call() {
    for (double radius : radii) {
      if (!(radius > 0)) {
        throw misuse("--pck: expected distances above 0, received " + radius + ".");
      }
    }
    Problems problems = new Problems();
    KeypointMetrics metrics = new KeypointMetrics(radii);
    compare(EvaluationTables.poses(predicted, false, problems), problems, metrics::add);
    console().out().println(metrics.table());
    write(metrics.toMap());
    return ExitCode.OK;
  }

  @Override
  Optional<Path> findTable(Path path) {
    return EvaluationTables.findKeypoints(path);
  }

  @Override
  EvaluationTables.Table<Pose> table(Path path, Problems problems) {
    return EvaluationTables.poses(path, true, problems);
  }

  @Override
  List<Pose> of(Annotation annotation) {
    return annotation.poses();
  }
}
