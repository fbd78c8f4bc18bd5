package sc.fiji.spyhop.training.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.BadSamples;
import sc.fiji.spyhop.dataset.BoundedCache;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.ImageAugmenter;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.image.PixelSizes;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.diagnosis.Census;
import sc.fiji.spyhop.util.Strings;

/** Whole images, each once an epoch, in an order that changes from epoch to epoch. */
final class ImageMinibatches<T> implements MinibatchSampler {

  private static final int MIN_STEPS = 20;

  /** Validation images in one go, at most: more than this is no faster. */
  private static final int MAX_PREDICTED = 128;

  /** Validation images that are looked at for what goes wrong, and values of them, at most. */
  private static final int PROBED = 256;

  private static final int PROBED_VALUES = 1 << 23;

  /** Largest shift of an image that is rotated, scaled or sheared, as a share of its size. */
  private static final double SHIFT = 0.06;

  private final TrainingImages<T> job;
  private final SamplingOptions options;
  private final ImageTask<T> task;
  private final Ends ends;
  private final String input;
  private final ImageAugmenter augmenter;
  private final List<String> names;
  private final PixelSizes pixelSizes = new PixelSizes();
  private final List<Map<String, Target>> targets = new ArrayList<>();
  private final List<T> validationTruth = new ArrayList<>();
  private final List<T> truth;
  private List<Minibatch> probe = List.of();
  private final BoundedCache<Integer, Tensor> train = cache();
  private final BoundedCache<Integer, Tensor> validation = cache();
  private final Shuffle order;

  ImageMinibatches(TrainingImages<T> job, ImageTask<T> task, Ends ends, Progress progress) {
    this.job = job;
    this.options = job.options();
    this.order = new Shuffle(job.train().size(), options.seed());
    this.task = task;
    this.ends = ends;
    options.metrics().requireOf(task.saidAs(), task.kind());
    this.input = job.network().inputs().get(0).name();
    this.names = job.train().names();
    this.augmenter = new ImageAugmenter(options.augmentation(), SHIFT);
    int all = job.train().size() + job.validation().size();
    List<String> problems = new ArrayList<>();
    truth = read(job.train(), train, 0, all, problems, progress);
    validationTruth.addAll(
        read(job.validation(), validation, job.train().size(), all, problems, progress));
    progress.update("Reading images", all, all);
    BadSamples.throwIfAny(
        problems, problems.size() + " of " + Strings.count(all, "image") + " cannot be used");
    for (T t : truth) targets.add(ends.targets(task.encode(t)));
    requireVariety(task, truth);
  }

  private static BoundedCache<Integer, Tensor> cache() {
    return new BoundedCache<>(Runtime.getRuntime().maxMemory() / 5, t -> 4L * t.length() + 100);
  }

  private List<T> read(
      Dataset<T> set,
      BoundedCache<Integer, Tensor> cache,
      int done,
      int all,
      List<String> problems,
      Progress progress) {
    List<T> truth = new ArrayList<>();
    List<Integer> shape = List.of();
    for (int i = 0; i < set.size(); i++) {
      progress.checkCancelled();
      if (i % 64 == 0) progress.update("Reading images", done + i, all);
      try {
        Sample<T> sample = set.get(i);
        Tensor pixels = cache.get(i, k -> job.input().read(sample.frame()));
        pixelSizes.add(sample.name(), sample.frame().pixelSize());
        List<Integer> size = List.of(pixels.size('H'), pixels.size('W'));
        if (!shape.isEmpty() && !shape.equals(size)) {
          throw new SpyhopException(
              Strings.format(
                  "%s is %d x %d pixels, others are %d x %d: choose a size to bring all images to",
                  sample.name(), size.get(1), size.get(0), shape.get(1), shape.get(0)));
        }
        shape = size;
        truth.add(sample.truth());
      } catch (SpyhopException e) {
        problems.add(BadSamples.clause(set.names().get(i), e));
      }
    }
    return truth;
  }

  private static <T> void requireVariety(ImageTask<T> task, List<T> truth) {
    if (truth.stream().distinct().limit(2).count() > 1) return;
    boolean classes = task.classesOf(truth.get(0)).isPresent();
    throw new SpyhopException(
        !classes
            ? "Nothing to learn: all training images have the same values. Expected different ones."
            : task.heads().get(0).activation() == Layer.Function.SIGMOID
                ? "Nothing to learn: all training images are of the same classes. Expected images"
                    + " that are of a class and images that are not."
                : "Nothing to learn: all training images are of one class. Expected examples of at"
                    + " least two.");
  }

  @Override
  public String description() {
    return counted() + pixelSizes.mixed().map(m -> " " + m).orElse("");
  }

  private String counted() {
    return Strings.format(
        "Training on %s; validating on %s.",
        MinibatchSampler.count(job.train().size(), "image"),
        MinibatchSampler.count(job.validation().size(), "image"));
  }

  @Override
  public int stepsPerEpoch() {
    int batches = (job.train().size() + options.batch() - 1) / options.batch();
    return Math.max(MIN_STEPS, batches);
  }

  @Override
  public Minibatch make(int epoch, int index) {
    List<Tensor> pixels = new ArrayList<>();
    List<Map<String, Target>> wanted = new ArrayList<>();
    List<String> names = new ArrayList<>();
    long first = (long) index * options.batch();
    for (int k = 0; k < options.batch(); k++) {
      int image = order.image(epoch, first + k);
      SplittableRandom random = MinibatchSampler.random(options.seed(), epoch, first + k);
      pixels.add(varied(pixels(image), random));
      wanted.add(targets.get(image));
      names.add(this.names.get(image));
    }
    return Minibatch.of(input, pixels, wanted, names);
  }

  private Tensor pixels(int image) {
    return train.get(image, k -> job.input().read(job.train().get(k).frame()));
  }

  private Tensor validated(int image) {
    return validation.get(image, k -> job.input().read(job.validation().get(k).frame()));
  }

  private Tensor varied(Tensor plain, SplittableRandom random) {
    float[] values =
        augmenter.apply(plain.data(), plain.size('C'), plain.size('W'), plain.size('H'), random);
    return new Tensor(plain.axes(), plain.shape(), values);
  }

  @Override
  public Score score(Predictor predictor, Consumer<Example> shown, Progress progress) {
    List<T> predicted = new ArrayList<>();
    int n = job.validation().size();
    int atOnce = Math.min(options.batch(), MAX_PREDICTED);
    for (int from = 0; from < n; from += atOnce) {
      progress.checkCancelled();
      int to = Math.min(n, from + atOnce);
      Tensor[] pixels = new Tensor[to - from];
      for (int i = from; i < to; i++) {
        pixels[i - from] = validated(i);
      }
      predicted.addAll(task.decode(predictor.predict(Map.of(input, Tensor.concatenate(pixels)))));
    }
    for (int i = 0; i < Math.min(SHOWN, n); i++) {
      shown.accept(
          new Example(
              job.validation().get(i).frame(),
              new Example.Content.Words(task.words(validationTruth.get(i))),
              new Example.Content.Words(task.words(predicted.get(i)))));
    }
    return options
        .metrics()
        .added(task.score(predicted, validationTruth), predicted, validationTruth);
  }

  /** Images from all over the set, which may be in the order of classes. */
  @Override
  public List<Minibatch> probe() {
    int n = job.validation().size();
    if (!probe.isEmpty() || n == 0) return probe;
    int count = Math.min(Math.min(n, PROBED), Math.max(1, PROBED_VALUES / validated(0).length()));
    List<Minibatch> made = new ArrayList<>();
    for (int from = 0; from < count; from += options.batch()) {
      int to = Math.min(count, from + options.batch());
      List<Tensor> pixels = new ArrayList<>();
      List<Map<String, Target>> wanted = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int i = from; i < to; i++) {
        int image = (int) ((long) i * n / count);
        pixels.add(validated(image));
        wanted.add(ends.targets(task.encode(validationTruth.get(image))));
        names.add(job.validation().names().get(image));
      }
      made.add(Minibatch.of(input, pixels, wanted, names));
    }
    return probe = List.copyOf(made);
  }

  @Override
  public Optional<Census> census() {
    if (task.classesOf(truth.get(0)).isEmpty()) return Optional.empty();
    return Optional.of(new Census(task.names(), counts(truth), counts(validationTruth)));
  }

  private long[] counts(List<T> truths) {
    long[] counts = new long[task.names().size()];
    for (T t : truths) task.classesOf(t).orElseThrow().forEach(c -> counts[c]++);
    return counts;
  }
}
