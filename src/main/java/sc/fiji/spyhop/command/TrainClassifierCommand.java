package sc.fiji.spyhop.command;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.MultiLabelClassification;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * Trains a model that classifies images, on a folder with a folder for each class, or with
 * index.csv. Where an image may be of several classes, or of none, each class gets a probability of
 * its own. In a macro:
 *
 * <pre>run("Spyhop Train Classifier", "data=/data/cells output=/data/cells.spyhop");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Classifier",
    headless = true,
    initializer = "offerImages",
    description = "Trains a model that classifies images.")
public final class TrainClassifierCommand extends TrainImagesCommand<ClassScores> {

  private static final String BALANCED = "balanced";
  private static final int MAX_WEIGHT = 100;

  @Parameter(
      label = "Label smoothing",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "1",
      persist = false,
      description = "Share of the truth that is spread over all classes.")
  private double smoothing = 0;

  @Parameter(
      label = "Several classes for an image",
      persist = false,
      description =
          "An image may be of several classes, or of none, as in a table with a column classes"
              + " (a;b), in the folders of several classes, or in a folder a+b; found out where a"
              + " table or labels of slices say so.")
  private boolean several = false;

  @Parameter(
      label = "Weight of what is there",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "With several classes for an image: how much an image that is of a class counts beside"
              + " one that is not, such as 3; or balanced, for both sides alike.")
  @InShell("N|balanced")
  private String positives = "1";

  @Override
  void check() {
    super.check();
    weight();
  }

  /** Empty where both sides are to count alike. */
  private OptionalDouble weight() {
    if (positives.strip().equalsIgnoreCase(BALANCED)) return OptionalDouble.empty();
    double weight = Decimals.parse(positives);
    if (!(weight > 0 && weight <= MAX_WEIGHT)) {
      throw SettingException.wrong(
          "positives",
          Strings.format(
              "expected a number above 0 and up to %d, or %s, received \"%s\".",
              MAX_WEIGHT, BALANCED, positives));
    }
    return OptionalDouble.of(weight);
  }

  @Override
  TrainingData.Wanted labels() {
    return TrainingData.Wanted.of(Kind.SLICES);
  }

  @Override
  Labelled<ClassScores> read(TrainingData source, Caller caller, Progress progress) {
    ClassImages images = read(source, subset(), List.of());
    boolean weighted = !weight().equals(OptionalDouble.of(1));
    if (images.exclusive() && weighted) {
      throw SettingException.wrong(
          "positives", "it goes with several classes for an image; here each is of one.");
    }
    ClassTask task =
        images.exclusive()
            ? new Classification(images.classes(), List.of(), smoothing)
            : MultiLabelClassification.of(images.classes()).withLabelSmoothing(smoothing);
    requireLossFor(task);
    images.notes().forEach(caller::note);
    if (!images.exclusive()) caller.note(images.counts());
    ClassImages.Labels labels = ClassImages.Labels.of(task);
    Split<ClassScores> split =
        split(
            source,
            images.samples(),
            images.members(),
            name -> read(source, Optional.of(name), images.classes(), labels).samples(),
            caller,
            progress);
    return new Labelled<>(
        split,
        task instanceof MultiLabelClassification several && weighted
            ? several.withPositiveWeights(weights(split.train(), images.classes().size()))
            : task);
  }

  /** As asked for; balanced: as many times as there are more images that are not of the class. */
  private List<Double> weights(Dataset<ClassScores> train, int classes) {
    OptionalDouble asked = weight();
    if (asked.isPresent()) return Collections.nCopies(classes, asked.getAsDouble());
    int[] positive = new int[classes];
    for (int i = 0; i < train.size(); i++) {
      ClassScores truth = train.get(i).truth();
      for (int c = 0; c < classes; c++) if (truth.probability(c) >= 0.5) positive[c]++;
    }
    List<Double> weights = new ArrayList<>();
    for (int n : positive) {
      double ratio = n == 0 ? 1 : (double) (train.size() - n) / n;
      weights.add(Math.max(1.0 / MAX_WEIGHT, Math.min(MAX_WEIGHT, ratio)));
    }
    return weights;
  }

  private ClassImages read(TrainingData source, Optional<String> part, List<String> classes) {
    return read(
        source, part, classes, several ? ClassImages.Labels.SEVERAL : ClassImages.Labels.AUTO);
  }

  private ClassImages read(
      TrainingData source, Optional<String> part, List<String> classes, ClassImages.Labels labels) {
    return ClassImages.read(source.folder(), index(), part, classes, labels, reader());
  }
}
