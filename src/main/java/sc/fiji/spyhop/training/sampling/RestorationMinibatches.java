package sc.fiji.spyhop.training.sampling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Augmenter;
import sc.fiji.spyhop.dataset.BadSamples;
import sc.fiji.spyhop.dataset.Border;
import sc.fiji.spyhop.dataset.BoundedCache;
import sc.fiji.spyhop.dataset.Cutout;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.PixelSizes;
import sc.fiji.spyhop.inference.ImageDriver;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.diagnosis.Census;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;

/**
 * Crops of images and of what they should be, cut at the same place and turned alike; what varies
 * intensities varies the image alone. Where nothing is known but the images, some of their pixels
 * are hidden and are what is to be told.
 */
final class RestorationMinibatches implements MinibatchSampler {

  private static final int VALIDATION_TILE = 512;
  private static final int MIN_STEPS = 20;

  /** Crops of validation images that are looked at for what goes wrong. */
  private static final int PROBED = 16;

  /** How often a validation image is shown with other pixels hidden. */
  private static final int HIDINGS = 4;

  /** An image as it is shown, and what the network is to tell of it, of the same size. */
  private record Pair(Tensor image, Tensor target) {}

  private final TrainingImages<Frame> job;
  private final Restoration task;
  private final Ends ends;
  private final SamplingOptions options;
  private final String input;
  private final int side;
  private final Augmenter augmenter;
  private final PixelSizes pixelSizes = new PixelSizes();
  private final long area;
  private List<Minibatch> probe = List.of();
  private final BoundedCache<Integer, Pair> prepared =
      new BoundedCache<>(
          Runtime.getRuntime().maxMemory() / 4,
          p -> 4L * (p.image().length() + p.target().length()));

  RestorationMinibatches(
      TrainingImages<Frame> job, Restoration task, Ends ends, Progress progress) {
    this.job = job;
    this.task = task;
    this.ends = ends;
    this.options = job.options();
    options.metrics().requireOf(Frame.class, task.kind());
    this.input = job.network().inputs().get(0).name();
    this.side = CropMinibatches.side(job.network(), options.crop());
    this.augmenter = new Augmenter(options.augmentation(), side, side);
    List<String> problems = new ArrayList<>();
    int training = job.train().size();
    int all = training + job.validation().size();
    long pixels = 0;
    for (int i = 0; i < all; i++) {
      progress.checkCancelled();
      progress.update("Reading images", i, all);
      String name =
          i < training ? job.train().names().get(i) : job.validation().names().get(i - training);
      try {
        if (i < training) {
          Tensor image = prepared(i).image();
          pixels += (long) image.size('H') * image.size('W');
          pixelSizes.add(name, job.train().get(i).frame().pixelSize());
        } else {
          prepare(job.validation().get(i - training));
        }
      } catch (SpyhopException e) {
        problems.add(BadSamples.clause(name, e));
      }
    }
    progress.update("Reading images", all, all);
    BadSamples.throwIfAny(
        problems, problems.size() + " of " + Strings.count(all, "image") + " cannot be used");
    this.area = pixels;
  }

  @Override
  public String description() {
    String counted =
        Strings.format(
            "Training on %s%s; validating on %s; crops of %d x %d pixels.",
            MinibatchSampler.count(job.train().size(), "image"),
            task.blindSpots() ? " without others beside them" : " with targets",
            MinibatchSampler.count(job.validation().size(), "image"),
            side,
            side);
    return counted + pixelSizes.mixed().map(m -> " " + m).orElse("");
  }

  @Override
  public int stepsPerEpoch() {
    double crops = (double) area / ((double) side * side);
    return (int) Math.max(MIN_STEPS, Math.min(100_000, Math.round(crops / options.batch())));
  }

  private Pair prepared(int index) {
    return prepared.get(index, i -> prepare(job.train().get(i)));
  }

  private Pair prepare(Sample<Frame> sample) {
    Frame frame = sample.frame();
    int expected = job.network().inputs().get(0).shape().channels();
    if (frame.channels() != expected) {
      throw new SpyhopException(
          Strings.format(
              "%s has %d channels, but the network takes %d",
              frame.name(), frame.channels(), expected));
    }
    Intensity intensity = job.input().normalization().fit(frame);
    Tensor target = task.target(sample.truth(), intensity);
    float[] values = frame.values();
    intensity.apply(values, frame.channels());
    int[] shape = {1, frame.channels(), frame.height(), frame.width()};
    return new Pair(new Tensor(Axes.NCHW, shape, values), target);
  }

  @Override
  public Minibatch make(int epoch, int index) {
    List<Pair> crops = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<SplittableRandom> chance = new ArrayList<>();
    for (int k = 0; k < options.batch(); k++) {
      SplittableRandom random =
          MinibatchSampler.random(options.seed(), epoch, (long) index * options.batch() + k);
      int image = random.nextInt(job.train().size());
      crops.add(crop(prepared(image), augmenter, random));
      names.add(job.train().names().get(image));
      chance.add(random);
    }
    return minibatch(crops, names, chance);
  }

  private Pair crop(Pair whole, Augmenter cutter, RandomGenerator random) {
    double x = middle(whole.image().size('W'), random);
    double y = middle(whole.image().size('H'), random);
    Cutout map = cutter.draw(x, y, random);
    Tensor image = cutter.cut(whole.image(), map, Border.MIRROR);
    Tensor target = cutter.cut(whole.target(), map, Border.MIRROR);
    cutter.vary(image, random);
    return new Pair(image, target);
  }

  /** Of a crop that lies inside; of all, if that is smaller. */
  private double middle(int length, RandomGenerator random) {
    double half = (side - 1) / 2.0;
    return length <= side ? (length - 1) / 2.0 : half + random.nextInt(length - side + 1);
  }

  private Minibatch minibatch(
      List<Pair> crops, List<String> names, List<? extends RandomGenerator> chance) {
    List<Tensor> images = new ArrayList<>();
    List<Map<String, Target>> targets = new ArrayList<>();
    for (int i = 0; i < crops.size(); i++) {
      Pair crop = crops.get(i);
      if (task.blindSpots()) {
        BlindSpots spots = BlindSpots.draw(crop.image(), chance.get(i));
        images.add(spots.image());
        targets.add(targets(Target.of(crop.target(), spots.weights())));
      } else {
        images.add(crop.image());
        targets.add(targets(Target.of(crop.target())));
      }
    }
    return Minibatch.of(input, images, targets, names);
  }

  private Map<String, Target> targets(Target target) {
    return ends.targets(Map.of(Restoration.HEAD, target));
  }

  @Override
  public Score score(Predictor predictor, Consumer<Example> shown, Progress progress) {
    ModelSpec.Inference parts = ModelSpec.Inference.of(job.network());
    ImageDriver<Frame> driver =
        ImageDriver.of(
            job.input().unscaled(),
            task,
            new ModelSpec.Inference(Math.min(parts.tile(), VALIDATION_TILE), parts.halo()),
            job.network(),
            t -> predictor.predict(Map.of(input, t)),
            predictor::trim);
    List<Frame> predicted = new ArrayList<>();
    List<Frame> truth = new ArrayList<>();
    double hidden = 0;
    int images = job.validation().size();
    for (int i = 0; i < images; i++) {
      progress.checkCancelled();
      Sample<Frame> sample = job.validation().get(i);
      if (task.blindSpots()) hidden += hidden(predictor, prepare(sample), i) / images;
      if (task.blindSpots() && i >= SHOWN) continue;
      Frame made = driver.predict(sample.frame(), 1, progress.quiet());
      predicted.add(made);
      truth.add(sample.truth());
      if (i >= SHOWN) continue;
      shown.accept(
          new Example(
              sample.frame(),
              new Example.Content.Picture(sample.truth()),
              new Example.Content.Picture(made)));
    }
    if (!task.blindSpots()) {
      return options.metrics().added(task.score(predicted, truth), predicted, truth);
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("error at hidden pixels", hidden);
    return new Score(-hidden, figures);
  }

  /** Mean squared error at pixels that were hidden, always the same ones, in normalized values. */
  private double hidden(Predictor predictor, Pair pair, int image) {
    SplittableRandom random =
        new SplittableRandom(SplitMix64.first(SplitMix64.first(options.seed()) + image));
    ReceptiveField field = ReceptiveField.of(job.network());
    Shape takes = job.network().inputs().get(0).shape();
    int multiple = takes.isFixed() ? side : Collections.max(field.sizeMultiple());
    double sum = 0;
    double count = 0;
    for (int k = 0; k < HIDINGS; k++) {
      Pair part = part(pair, multiple, takes.isFixed(), random);
      BlindSpots spots = BlindSpots.draw(part.image(), random);
      float[] said = predictor.predict(Map.of(input, spots.image())).get(0).data();
      float[] wanted = part.target().data();
      float[] weights = spots.weights().data();
      for (int i = 0; i < said.length; i++) {
        double error = said[i] - wanted[i];
        sum += weights[i % weights.length] * error * error;
        count += weights[i % weights.length];
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  /** As large a part as is shown at once. */
  private Pair part(Pair whole, int multiple, boolean fixed, RandomGenerator random) {
    int width = whole.image().size('W');
    int height = whole.image().size('H');
    int columns = fixed ? side : extent(width, multiple);
    int rows = fixed ? side : extent(height, multiple);
    Augmenter cutter = new Augmenter(Augmentation.NONE, columns, rows);
    double x = place(width, columns, random);
    double y = place(height, rows, random);
    Cutout map = cutter.draw(x, y, random);
    return new Pair(
        cutter.cut(whole.image(), map, Border.MIRROR),
        cutter.cut(whole.target(), map, Border.MIRROR));
  }

  private static int extent(int length, int multiple) {
    int most = Math.max(1, VALIDATION_TILE / multiple) * multiple;
    return Math.min(most, Math.max(1, length / multiple) * multiple);
  }

  private static double place(int length, int part, RandomGenerator random) {
    return length <= part
        ? (length - 1) / 2.0
        : (part - 1) / 2.0 + random.nextInt(length - part + 1);
  }

  @Override
  public List<Minibatch> probe() {
    int images = Math.min(PROBED, job.validation().size());
    if (!probe.isEmpty() || images == 0) return probe;
    SplittableRandom random = new SplittableRandom(SplitMix64.first(options.seed()));
    Augmenter plain = new Augmenter(Augmentation.NONE, side, side);
    List<Minibatch> made = new ArrayList<>();
    List<Pair> crops = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<SplittableRandom> chance = new ArrayList<>();
    for (int i = 0; i < PROBED; i++) {
      Sample<Frame> sample = job.validation().get(i % images);
      crops.add(crop(prepare(sample), plain, random));
      names.add(sample.name());
      chance.add(random.split());
      if (crops.size() < options.batch() && i + 1 < PROBED) continue;
      made.add(minibatch(crops, List.copyOf(names), chance));
      crops.clear();
      names.clear();
      chance.clear();
    }
    return probe = List.copyOf(made);
  }

  /** There are no classes. */
  @Override
  public Optional<Census> census() {
    return Optional.empty();
  }
}
