package sc.fiji.spyhop.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.ValueImages;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.Regression;

/**
 * Trains a model that measures images, on a folder with index.csv: a column image and one for each
 * number. In a macro:
 *
 * <pre>run("Spyhop Train Regressor", "data=/data/cells output=/data/length.spyhop numbers=length");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Regressor",
    headless = true,
    initializer = "offerImages",
    description = "Trains a model that measures images: one or more numbers of each.")
public final class TrainRegressorCommand extends TrainImagesCommand<RealValues> {

  @Parameter(
      label = "Numbers to learn",
      required = false,
      persist = false,
      description =
          "Columns of index.csv, with commas, empty for all but image and subset; or what the labels"
              + " of slices say, one name.")
  @InShell(names = "--values", value = "NAME,...")
  private String numbers = "";

  @Override
  TrainingData.Wanted labels() {
    return new TrainingData.Wanted(Kind.VALUES, words(numbers));
  }

  @Override
  Labelled<RealValues> read(TrainingData source, Caller caller, Progress progress) {
    ValueImages images = read(source, subset(), words(numbers));
    requireLossFor(Regression.standard(images.names(), images.units()));
    images.notes().forEach(caller::note);
    Split<RealValues> split =
        split(
            source,
            images.samples(),
            name -> read(source, Optional.of(name), images.names()).samples(),
            caller,
            progress);
    List<RealValues> truth = new ArrayList<>();
    for (int i = 0; i < split.train().size(); i++) truth.add(split.train().get(i).truth());
    return new Labelled<>(split, Regression.of(images.names(), images.units(), truth));
  }

  private ValueImages read(TrainingData source, Optional<String> part, List<String> columns) {
    return ValueImages.read(source.folder(), index(), part, columns, grouping(source), reader());
  }
}
