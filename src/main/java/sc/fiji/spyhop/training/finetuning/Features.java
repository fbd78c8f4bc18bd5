package sc.fiji.spyhop.training.finetuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.diagnosis.Census;
import sc.fiji.spyhop.training.sampling.Example;
import sc.fiji.spyhop.training.sampling.Minibatch;
import sc.fiji.spyhop.training.sampling.MinibatchSampler;
import sc.fiji.spyhop.util.Strings;

/**
 * What a frozen backbone makes of whole images, computed once, for training a head on top of it.
 */
final class Features<T> implements MinibatchSampler, AutoCloseable {

  private static final int MIN_STEPS = 20;
  private static final int AT_ONCE = 16;

  /** The best for seven small sets, see docs/measurements.md. */
  private static final double SHRINKAGE = 0.2;

  private static final int FEW = 200;

  private final ImageTask<T> task;
  private final TrainingOptions options;
  private final String input;
  private final int trained;
  private final FeatureFile features;
  private final List<Map<String, Target>> targets = new ArrayList<>();
  private final List<String> names;
  private final List<T> validationTruth = new ArrayList<>();
  private final float scale;

  /**
   * Shows all images to the backbone.
   *
   * @param backbone whose only output feeds the head, under the name of the head's input
   * @param memory bytes that are kept in memory; what is more goes to a temporary file
   */
  Features(
      ImageTask<T> task,
      Ends ends,
      ModelSpec.Input images,
      Predictor backbone,
      Dataset<T> train,
      Dataset<T> validation,
      TrainingOptions options,
      long memory,
      Progress progress) {
    this.task = task;
    this.options = options;
    this.input = backbone.network().outputs().get(0);
    this.names = train.names();
    this.trained = train.size();
    this.features = new FeatureFile(memory);
    int all = train.size() + validation.size();
    try {
      compute(train, 0, all, images, backbone, features, progress);
      compute(validation, trained, all, images, backbone, features, progress);
    } catch (RuntimeException | Error e) {
      features.close();
      throw e;
    }
    double variance = meanVariance();
    scale = variance > 0 ? (float) (1 / Math.sqrt(variance)) : 1;
    for (int i = 0; i < train.size(); i++) {
      targets.add(ends.targets(task.encode(train.get(i).truth())));
    }
    for (int i = 0; i < validation.size(); i++) validationTruth.add(validation.get(i).truth());
  }

  private static void compute(
      Dataset<?> set,
      int done,
      int all,
      ModelSpec.Input images,
      Predictor backbone,
      FeatureFile into,
      Progress progress) {
    for (int from = 0; from < set.size(); from += AT_ONCE) {
      progress.checkCancelled();
      int to = Math.min(set.size(), from + AT_ONCE);
      Tensor[] batch = new Tensor[to - from];
      for (int i = from; i < to; i++) batch[i - from] = images.read(set.get(i).frame());
      Tensor made = backbone.predict(Tensor.concatenate(batch));
      for (int i = 0; i < batch.length; i++) into.add(made.slice(i, i + 1));
      progress.update("Looking at images", done + to, all);
    }
  }

  /**
   * Factor of half the squared kernels of a head that keeps it from learning few images by heart:
   * less the more images there are.
   */
  double shrinkage() {
    return SHRINKAGE * Math.min(1, (double) FEW / trained);
  }

  /** What features are multiplied by for the head, so that they have a variance of 1. */
  float scale() {
    return scale;
  }

  /** Over images, of features that are means over places; mean over channels. */
  private double meanVariance() {
    int channels = features.get(0).size('C');
    double[] sums = new double[channels];
    double[] squares = new double[channels];
    for (int i = 0; i < trained; i++) {
      float[] values = features.get(i).data();
      int places = values.length / channels;
      for (int c = 0; c < channels; c++) {
        double mean = 0;
        for (int k = 0; k < places; k++) mean += values[c * places + k] / (double) places;
        sums[c] += mean;
        squares[c] += mean * mean;
      }
    }
    double variance = 0;
    for (int c = 0; c < channels; c++) {
      double mean = sums[c] / trained;
      variance += Math.max(0, squares[c] / trained - mean * mean) / channels;
    }
    return variance;
  }

  @Override
  public String description() {
    return Strings.format(
        "Training the new head on %s; validating on %s.%s",
        MinibatchSampler.count(trained, "image"),
        MinibatchSampler.count(features.size() - trained, "image"),
        features.isOnDisk()
            ? " What the network makes of them does not fit into memory and is kept in a"
                + " temporary file."
            : "");
  }

  @Override
  public int stepsPerEpoch() {
    return Math.max(MIN_STEPS, (trained + options.batch() - 1) / options.batch());
  }

  @Override
  public Minibatch make(int epoch, int index) {
    SplittableRandom random = MinibatchSampler.random(options.seed(), epoch, index);
    List<Tensor> pixels = new ArrayList<>();
    List<Map<String, Target>> wanted = new ArrayList<>();
    List<String> shown = new ArrayList<>();
    for (int k = 0; k < options.batch(); k++) {
      int image = random.nextInt(trained);
      pixels.add(scaled(image));
      wanted.add(targets.get(image));
      shown.add(names.get(image));
    }
    return Minibatch.of(input, pixels, wanted, shown);
  }

  private Tensor scaled(int image) {
    Tensor made = features.get(image);
    float[] values = made.data().clone();
    for (int i = 0; i < values.length; i++) values[i] *= scale;
    return new Tensor(made.axes(), made.shape(), values);
  }

  /** Its images are features by now, which are nothing to look at. */
  @Override
  public Score score(Predictor head, Consumer<Example> shown, Progress progress) {
    return score(head, progress);
  }

  Score score(Predictor head, Progress progress) {
    List<T> predicted = new ArrayList<>();
    for (int i = trained; i < features.size(); i++) {
      progress.checkCancelled();
      predicted.addAll(task.decode(head.predict(Map.of(input, scaled(i)))));
    }
    return task.score(predicted, validationTruth);
  }

  @Override
  public void close() {
    features.close();
  }

  /** Features say little about what goes wrong with images. */
  @Override
  public List<Minibatch> probe() {
    return List.of();
  }

  @Override
  public Optional<Census> census() {
    return Optional.empty();
  }
}
