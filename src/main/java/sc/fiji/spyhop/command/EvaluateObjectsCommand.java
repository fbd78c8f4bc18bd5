package sc.fiji.spyhop.command;

import ij.IJ;
import ij.gui.Plot;
import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ReliabilityPlot;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.evaluation.Evaluation;
import sc.fiji.spyhop.task.metrics.Reliability;
import sc.fiji.spyhop.util.AtomicFile;

/** Holds objects, which may have scores, against the truth. */
abstract class EvaluateObjectsCommand extends EvaluateResultsCommand {

  @Parameter(
      label = "Plot reliability of scores",
      persist = false,
      description =
          "Shows, for objects of about the same score, how many are right; without a display,"
              + " nothing.")
  @InImageJ
  private boolean plot = false;

  @Parameter(
      label = "Reliability of scores to write",
      style = "save",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Writes, for objects of about the same score, how many are right: as a table if the file"
              + " ends in .csv, as a plot if it ends in .png.")
  @InShell("CSV|PNG")
  private File reliability = new File("");

  @Override
  List<String> written() {
    List<String> written = new ArrayList<>(super.written());
    written.add("reliability");
    return written;
  }

  @Override
  void check() {
    super.check();
    Optional<Path> file = path(reliability);
    if (file.isEmpty() || ends(file.get(), ".csv") || ends(file.get(), ".png")) return;
    throw SettingException.wrong(
        "reliability", "expected a file that ends in .csv or .png, received " + file.get() + ".");
  }

  private static boolean ends(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  @Override
  void write(Evaluation evaluation) {
    Optional<Reliability> scores = evaluation.reliability();
    path(reliability)
        .ifPresent(file -> write(file, scores.orElseThrow(EvaluateObjectsCommand::none)));
    if (!plot) return;
    Plot shown = plot(scores.orElseThrow(EvaluateObjectsCommand::none));
    if (!GraphicsEnvironment.isHeadless() && IJ.getInstance() != null) shown.show();
  }

  private static SpyhopException none() {
    return new SpyhopException(
        "None of the objects that are compared has a score, so that nothing can be said of how"
            + " reliable scores are. Use results of a model that gives scores, such as one that was"
            + " calibrated by Spyhop Calibrate Model, in the folder that Spyhop wrote.");
  }

  private static void write(Path file, Reliability scores) {
    if (ends(file, ".csv")) {
      Evaluation.writeReliability(file, scores);
      return;
    }
    BufferedImage picture = ReliabilityPlot.picture(plot(scores));
    AtomicFile.write(file, out -> ImageIO.write(picture, "png", out));
  }

  private static Plot plot(Reliability scores) {
    List<Reliability.Bin> bins = scores.bins().stream().filter(b -> b.count() > 0).toList();
    return ReliabilityPlot.of(
        bins.stream().mapToDouble(Reliability.Bin::score).toArray(),
        bins.stream().mapToDouble(Reliability.Bin::right).toArray(),
        bins.stream().mapToLong(Reliability.Bin::count).toArray(),
        scores.expectedCalibrationError());
  }
}
