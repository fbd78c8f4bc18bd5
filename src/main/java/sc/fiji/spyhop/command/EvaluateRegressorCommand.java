package sc.fiji.spyhop.command;

import org.scijava.command.Command;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.evaluation.Evaluation;
import sc.fiji.spyhop.job.evaluation.ModelEvaluation;
import sc.fiji.spyhop.job.evaluation.ResultsEvaluation;
import sc.fiji.spyhop.task.Regression;

/**
 * Compares what a model measures on images with the truth. In a macro:
 *
 * <pre>run("Spyhop Evaluate Regressor", "model=/data/length.spyhop data=/data/worms");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Evaluate Regressor",
    headless = true,
    initializer = "offerModels",
    description = "Compares what a model measures on images with the truth.")
public final class EvaluateRegressorCommand extends EvaluateModelCommand {

  @Override
  Class<?> kind() {
    return Regression.class;
  }

  @Override
  Evaluation evaluate(ModelEvaluation of, Caller caller, Progress progress) {
    return of.values(caller::note, progress);
  }

  @Override
  Evaluation evaluate(ResultsEvaluation of, Caller caller, Progress progress) {
    return of.values(caller::note, progress);
  }
}
