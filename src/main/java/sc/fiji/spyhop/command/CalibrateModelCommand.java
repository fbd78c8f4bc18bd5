package sc.fiji.spyhop.command;

import org.scijava.command.Command;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.quantization.CalibrationImages;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.training.ModelCalibration;
import sc.fiji.spyhop.util.Strings;

/**
 * Fits thresholds and scores of a model to annotated images. In a macro:
 *
 * <pre>run("Spyhop Calibrate Model", "model=nuclei data=/data/cells output=/data/mine.spyhop");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Calibrate Model",
    headless = true,
    initializer = "offerModels",
    description = "Fits a model's thresholds and scores to annotated images, without training it.")
public final class CalibrateModelCommand extends RemadeModelCommand {

  @Override
  String doing() {
    return "Calibrating";
  }

  @Override
  Model made(Model base, String name, Caller caller, Progress progress) {
    ModelCalibration calibration = new ModelCalibration(base, name);
    CalibrationImages images = annotated(base, progress.part(0, 3));
    images.notes().forEach(caller::note);
    ModelCalibration.Outcome outcome = calibration.run(images.samples(), progress.part(1, 3));
    Score before = outcome.before();
    outcome
        .after()
        .figures()
        .forEach(
            (what, value) ->
                caller.result(
                    Strings.format("%s %.4f, was %.4f", what, value, before.figures().get(what))));
    return outcome.model();
  }
}
