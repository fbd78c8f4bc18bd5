package sc.fiji.spyhop.command;

import ij.IJ;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.ValueImages;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.Regression;

/**
 * Trains a model that says numbers about images, on a folder with index.csv: a column image and one
 * for each number. In a macro:
 *
 * <pre>run("Spyhop Train Regressor", "data=/data/cells output=/data/length.spyhop numbers=length");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Regressor",
    headless = true,
    initializer = "offerImages",
    description = "Trains a network to measure images, on images of yours.")
public final class TrainRegressorCommand extends TrainImagesCommand<RealValues> {

  @Parameter(
      label = "Numbers to learn",
      required = false,
      persist = false,
      description =
          "Columns of index.csv, with commas, empty for all but image and subset; or what the labels"
              + " of slices say, one name.")
  private String numbers = "";

  @Override
  String title() {
    return "Spyhop Train Regressor";
  }

  @Override
  TrainingData.Wanted labels() {
    return new TrainingData.Wanted(Kind.VALUES, columns());
  }

  @Override
  Material<RealValues> material(
      Path folder, Optional<String> subset, ImageReader reader, double share, long seed) {
    ValueImages images = ValueImages.read(folder, Optional.empty(), subset, columns(), reader);
    images.notes().forEach(note -> IJ.log("Spyhop: " + note));
    Split<RealValues> split = images.split(share, seed);
    List<RealValues> truth = new ArrayList<>();
    for (int i = 0; i < split.train().size(); i++) truth.add(split.train().get(i).truth());
    return new Material<>(split, Regression.of(images.names(), images.units(), truth));
  }

  private List<String> columns() {
    return Arrays.stream(numbers.split(",")).map(String::strip).filter(n -> !n.isEmpty()).toList();
  }

  @Override
  String more() {
    return " numbers=[" + numbers + "]";
  }
}
