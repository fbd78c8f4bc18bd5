package sc.fiji.spyhop.generate.rendering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.BadSamples;
import sc.fiji.spyhop.dataset.BoundedCache;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.generate.ImageMaker;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.task.metrics.RenderingMetrics;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.sampling.Example;
import sc.fiji.spyhop.training.sampling.Minibatch;
import sc.fiji.spyhop.training.sampling.MinibatchSampler;
import sc.fiji.spyhop.training.sampling.Shuffle;
import sc.fiji.spyhop.util.Strings;

/** Rows and their images, each once an epoch, in an order that changes from epoch to epoch. */
final class RenderMinibatches implements Minibatch.Source {

  private static final int MIN_STEPS = 20;

  /** Validation images that are looked at for what goes wrong, and values of them, at most. */
  private static final int PROBED = 64;

  private static final int PROBED_VALUES = 1 << 22;

  private final GeneratorSource.Columns columns;
  private final Pixels pixels;
  private final Dataset<Map<String, String>> train;
  private final Dataset<Map<String, String>> validation;
  private final String input;
  private final String output;
  private final int batch;
  private final Shuffle order;
  private final List<String> names;
  private final List<String> validationNames;
  private final List<float[]> codes;
  private final List<float[]> judged;
  private final BoundedCache<Integer, Tensor> trained = cache();
  private final BoundedCache<Integer, Tensor> validated = cache();
  private final double[] nearest;
  private List<Minibatch> probe = List.of();

  RenderMinibatches(
      Network network,
      GeneratorSource.Columns columns,
      Pixels pixels,
      Dataset<Map<String, String>> train,
      Dataset<Map<String, String>> validation,
      int batch,
      long seed,
      Progress progress) {
    this.columns = columns;
    this.pixels = pixels;
    this.train = train;
    this.validation = validation;
    this.batch = batch;
    input = network.inputs().get(0).name();
    output = network.outputs().get(0);
    names = train.names();
    validationNames = validation.names();
    order = new Shuffle(train.size(), seed);
    List<String> problems = new ArrayList<>();
    List<Map<String, String>> rows = read(train, trained, problems, progress.part(0, 2));
    List<Map<String, String>> others = read(validation, validated, problems, progress.part(1, 2));
    BadSamples.throwIfAny(
        problems,
        problems.size()
            + " of "
            + Strings.count(train.size() + validation.size(), "image")
            + " cannot be used");
    codes = rows.stream().map(columns::encode).toList();
    judged = others.stream().map(columns::encode).toList();
    NearestViews views = new NearestViews(columns, rows);
    nearest = new double[others.size()];
    for (int i = 0; i < nearest.length; i++) {
      nearest[i] =
          pixels.squaredError(trained(views.of(others.get(i))).data(), 0, validated(i).data());
    }
  }

  private static BoundedCache<Integer, Tensor> cache() {
    return new BoundedCache<>(Runtime.getRuntime().maxMemory() / 5, t -> 4L * t.length() + 100);
  }

  /** Rows of a set, all of whose images can be used. */
  private List<Map<String, String>> read(
      Dataset<Map<String, String>> set,
      BoundedCache<Integer, Tensor> cache,
      List<String> problems,
      Progress progress) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      progress.checkCancelled();
      if (i % 64 == 0) progress.update("Reading images", i, set.size());
      try {
        Sample<Map<String, String>> sample = set.get(i);
        columns.encode(sample.truth());
        cache.get(i, k -> pixels.read(sample.frame()));
        rows.add(sample.truth());
      } catch (SpyhopException e) {
        problems.add(BadSamples.clause(set.names().get(i), e));
      }
    }
    return rows;
  }

  /** A sentence about the images. */
  String description() {
    return Strings.format(
        "Training on %s of %d x %d pixels; validating on %s.",
        MinibatchSampler.count(train.size(), "image"),
        pixels.width(),
        pixels.height(),
        MinibatchSampler.count(validation.size(), "image"));
  }

  int stepsPerEpoch() {
    return Math.max(MIN_STEPS, (train.size() + batch - 1) / batch);
  }

  @Override
  public Minibatch make(int epoch, int index) {
    List<float[]> values = new ArrayList<>();
    List<Tensor> images = new ArrayList<>();
    List<String> of = new ArrayList<>();
    long first = (long) index * batch;
    for (int k = 0; k < batch; k++) {
      int image = order.image(epoch, first + k);
      values.add(codes.get(image));
      images.add(trained(image));
      of.add(names.get(image));
    }
    return minibatch(values, images, of);
  }

  private Minibatch minibatch(List<float[]> values, List<Tensor> images, List<String> of) {
    Tensor wanted = Tensor.concatenate(images.toArray(Tensor[]::new));
    return new Minibatch(
        Map.of(input, ImageMaker.input(values)), Map.of(output, Target.of(wanted)), of);
  }

  private Tensor trained(int image) {
    return trained.get(image, k -> pixels.read(train.get(k).frame()));
  }

  private Tensor validated(int image) {
    return validated.get(image, k -> pixels.read(validation.get(k).frame()));
  }

  /**
   * How near a network comes to the validation images.
   *
   * @param shown gets the first of them
   */
  Score score(Predictor predictor, Consumer<Example> shown, Progress progress) {
    RenderingMetrics metrics = new RenderingMetrics();
    for (int from = 0; from < judged.size(); from += batch) {
      progress.checkCancelled();
      int to = Math.min(judged.size(), from + batch);
      Tensor made = predictor.predict(ImageMaker.input(judged.subList(from, to)));
      for (int i = from; i < to; i++) {
        Tensor truth = validated(i);
        int at = (i - from) * truth.length();
        double error = pixels.squaredError(made.data(), at, truth.data());
        metrics.add(new RenderingMetrics.Outcome(error, nearest[i], ""));
        if (i >= MinibatchSampler.SHOWN) continue;
        Frame frame = frame(validationNames.get(i), truth.data());
        float[] own = Arrays.copyOfRange(made.data(), at, at + truth.length());
        shown.accept(
            new Example(
                frame,
                new Example.Content.Picture(frame),
                new Example.Content.Picture(frame(frame.name(), own))));
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("RMSE", metrics.rmse());
    if (!Double.isNaN(metrics.belowNearest())) {
      figures.put("below nearest", metrics.belowNearest());
    }
    return new Score(-metrics.rmse(), figures);
  }

  /** Of values of the network, to be looked at. */
  private Frame frame(String name, float[] values) {
    float[] shown = new float[values.length];
    for (int i = 0; i < shown.length; i++) shown[i] = (float) pixels.output().pixel(values[i]);
    return new Frame(
        name,
        ArrayImgs.floats(shown, pixels.width(), pixels.height(), pixels.output().channels()),
        pixels.output().pixelSize());
  }

  /** Some of what is not trained on, always the same; empty if there is none. */
  List<Minibatch> probe() {
    if (!probe.isEmpty() || judged.isEmpty()) return probe;
    int count =
        Math.min(
            Math.min(judged.size(), PROBED), Math.max(1, PROBED_VALUES / validated(0).length()));
    List<Minibatch> made = new ArrayList<>();
    for (int from = 0; from < count; from += batch) {
      int to = Math.min(count, from + batch);
      List<Tensor> images = new ArrayList<>();
      for (int i = from; i < to; i++) images.add(validated(i));
      made.add(minibatch(judged.subList(from, to), images, validationNames.subList(from, to)));
    }
    return probe = List.copyOf(made);
  }
}
