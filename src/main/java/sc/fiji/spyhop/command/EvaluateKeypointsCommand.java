package sc.fiji.spyhop.command;

import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.evaluation.AnnotationEvaluation;
import sc.fiji.spyhop.job.evaluation.Evaluation;

/**
 * Compares keypoints with true ones. In a macro:
 *
 * <pre>run("Spyhop Evaluate Keypoints", "predicted=/data/results truth=/data/mouse pck=5,10");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Evaluate Keypoints",
    headless = true,
    description = "Compares predicted keypoints with true ones.")
public final class EvaluateKeypointsCommand extends EvaluateResultsCommand {

  @Parameter(
      label = "Distances for PCK (pixels)",
      persist = false,
      description =
          "PCK is the share of all true points that are predicted within a distance, of which there"
              + " may be several, with commas.")
  @InShell("PIXELS,...")
  private String pck = "5,10,20";

  @Override
  void check() {
    super.check();
    radii();
  }

  private double[] radii() {
    double[] radii = words(pck).stream().mapToDouble(w -> number("pck", w).orElseThrow()).toArray();
    for (double r : radii) {
      if (!(r > 0)) {
        throw SettingException.wrong("pck", "expected distances above 0, received " + pck + ".");
      }
    }
    return radii;
  }

  @Override
  Evaluation evaluate(Caller caller, Progress progress) {
    return AnnotationEvaluation.keypoints(radii()).run(source(), caller::note, progress);
  }
}
