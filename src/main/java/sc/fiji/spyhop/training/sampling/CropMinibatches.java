package sc.fiji.spyhop.training.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Augmenter;
import sc.fiji.spyhop.dataset.BadSamples;
import sc.fiji.spyhop.dataset.BoundedCache;
import sc.fiji.spyhop.dataset.CropSampler;
import sc.fiji.spyhop.dataset.LabelRules;
import sc.fiji.spyhop.dataset.Patch;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.PixelSizes;
import sc.fiji.spyhop.inference.ImageDriver;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.diagnosis.Census;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;

/** Crops of images with a label for every pixel. */
final class CropMinibatches<P> implements MinibatchSampler {

  private static final int VALIDATION_TILE = 512;
  private static final int MIN_STEPS = 20;

  /** Crops of validation images that are looked at for what goes wrong. */
  private static final int PROBED = 16;

  private final TrainingImages<LabelMap> job;
  private final PixelTask<P> task;
  private final boolean instances;
  private final Ends ends;
  private final SamplingOptions options;
  private final String input;
  private final Augmenter augmenter;
  private final CropSampler sampler;
  private final int objects;
  private final long area;

  /** Width and height of crops. */
  private final int side;

  private final PixelSizes pixelSizes = new PixelSizes();
  private final long[] trained;
  private final long[] validated;
  private List<Minibatch> probe = List.of();
  private final BoundedCache<Integer, Patch> prepared =
      new BoundedCache<>(
          Runtime.getRuntime().maxMemory() / 4,
          p -> 4L * p.pixels().length() + 2L * p.truth().size());

  CropMinibatches(TrainingImages<LabelMap> job, PixelTask<P> task, Ends ends, Progress progress) {
    this.job = job;
    this.task = task;
    this.instances = task.labelClasses().isEmpty();
    this.ends = ends;
    this.options = job.options();
    options.metrics().requireOf(LabelMap.class, task.kind());
    this.input = job.network().inputs().get(0).name();
    this.side = side(job.network(), options.crop());
    this.augmenter = new Augmenter(options.augmentation(), side, instances);
    this.trained = new long[task.names().size()];
    this.validated = new long[trained.length];
    CropSampler.Builder places = new CropSampler.Builder(instances, task::ignores);
    Set<Integer> labels = new TreeSet<>();
    boolean plain = true;
    boolean sparse = false;
    long pixels = 0;
    List<String> problems = new ArrayList<>();
    int all = job.train().size() + job.validation().size();
    for (int i = 0; i < job.train().size(); i++) {
      progress.checkCancelled();
      progress.update("Reading images", i, all);
      try {
        LabelMap truth = prepared(i).truth();
        requireClasses(job.train().names().get(i), truth);
        Set<Integer> here = labels(truth);
        count(truth, here, trained);
        labels.addAll(here);
        plain &= here.size() < 2;
        long known = labelled(truth);
        pixels += known;
        sparse |= known < truth.size();
        places.add(truth);
        pixelSizes.add(job.train().names().get(i), job.train().get(i).frame().pixelSize());
      } catch (SpyhopException e) {
        problems.add(BadSamples.clause(job.train().names().get(i), e));
      }
    }
    for (int i = 0; i < job.validation().size(); i++) {
      progress.checkCancelled();
      progress.update("Reading images", job.train().size() + i, all);
      try {
        Sample<LabelMap> sample = job.validation().get(i);
        requireChannels(sample.frame());
        requireClasses(job.validation().names().get(i), sample.truth());
        count(sample.truth(), labels(sample.truth()), validated);
      } catch (SpyhopException e) {
        problems.add(BadSamples.clause(job.validation().names().get(i), e));
      }
    }
    progress.update("Reading images", all, all);
    BadSamples.throwIfAny(
        problems, problems.size() + " of " + Strings.count(all, "image") + " cannot be used");
    requireVariety(labels, plain);
    requireObjects();
    if (instances && sparse) requireBackground(labels);
    this.sampler = places.build(side, options.objectShare());
    this.objects = places.objects();
    this.area = pixels;
  }

  /** Takes down the classes that an image shows, of pixels or of objects. */
  private void count(LabelMap truth, Set<Integer> labels, long[] images) {
    labels.stream()
        .flatMap(
            label ->
                instances ? Stream.of(truth.classes().of(label)) : task.classesOf(label).stream())
        .filter(type -> type != ObjectClasses.UNKNOWN)
        .distinct()
        .forEach(type -> images[type]++);
  }

  private Set<Integer> labels(LabelMap truth) {
    Set<Integer> labels = new TreeSet<>();
    for (int k = 0; k < truth.size(); k++) {
      if (!task.ignores(truth.get(k))) labels.add(truth.get(k));
    }
    return labels;
  }

  private long labelled(LabelMap truth) {
    long pixels = 0;
    for (int k = 0; k < truth.size(); k++) if (!task.ignores(truth.get(k))) pixels++;
    return pixels;
  }

  /** As asked for, or what a network of one size takes. */
  static int side(Network network, int asked) {
    Network.Input declared = network.inputs().get(0);
    Shape shape = declared.shape();
    int side = shape.isFixed() ? shape.space().get(0) : asked;
    if (shape.isFixed() && shape.space().get(1) != side) {
      throw new SpyhopException(
          Strings.format(
              "The network takes images of %s pixels (rows x columns): expected a square to train on. Import it again for a square that suits it, with a preparation such as \"crop 256\".",
              Shape.sizes(shape.space())));
    }
    Shapes.of(network, Map.of(declared.name(), Shape.of(shape.channels(), side, side)));
    return side;
  }

  private void requireChannels(Frame frame) {
    int expected = job.network().inputs().get(0).shape().channels();
    if (frame.channels() != expected) {
      throw new SpyhopException(
          Strings.format(
              "%s has %d channels, but the network takes %d",
              frame.name(), frame.channels(), expected));
    }
  }

  private void requireClasses(String name, LabelMap truth) {
    if (instances) return;
    LabelRules.requireClasses(name, truth, task.labelCount(), task::ignores);
  }

  private void requireVariety(Set<Integer> labels, boolean plain) {
    if (instances ? !plain : labels.size() > 1) return;
    throw new SpyhopException(
        "Nothing to learn: every training label image shows one value only ("
            + String.join(", ", labels.stream().limit(5).map(String::valueOf).toList())
            + "). Expected 0 for background and "
            + (instances ? "another number for each object." : "at least one other class."));
  }

  /** A table may say the class of objects that are in no label image. */
  private void requireObjects() {
    if (!instances || trained.length < 2) return;
    List<String> none =
        IntStream.range(0, trained.length)
            .filter(i -> trained[i] + validated[i] == 0)
            .mapToObj(task.names()::get)
            .toList();
    if (none.isEmpty()) return;
    throw new SpyhopException(
        Strings.format(
            "No image shows an object of class %s: expected objects of each of the classes %s."
                + " Look whether the numbers that a table of classes has are those of the label"
                + " images.",
            String.join(" or ", none), String.join(", ", task.names())));
  }

  /** Shown nothing but objects, a network would learn to see them everywhere. */
  private static void requireBackground(Set<Integer> labels) {
    if (labels.contains(0)) return;
    throw new SpyhopException(
        "Nothing to learn: objects are labelled but no background is, only unlabelled pixels."
            + " Label some background, or say that everything is labelled.");
  }

  @Override
  public String description() {
    return counted() + pixelSizes.mixed().map(m -> " " + m).orElse("");
  }

  private String counted() {
    return Strings.format(
        "Training on %s, %s; validating on %s; crops of %d x %d pixels.",
        MinibatchSampler.count(job.train().size(), "image"),
        Strings.count(objects, instances ? "object" : "region"),
        MinibatchSampler.count(job.validation().size(), "image"),
        side,
        side);
  }

  @Override
  public int stepsPerEpoch() {
    double crops = (double) area / ((double) side * side);
    return (int) Math.max(MIN_STEPS, Math.min(100_000, Math.round(crops / options.batch())));
  }

  private Patch prepared(int index) {
    return prepared.get(index, this::prepare);
  }

  private Patch prepare(int index) {
    Sample<LabelMap> sample = job.train().get(index);
    requireChannels(sample.frame());
    return new Patch(
        pixels(sample.frame(), job.input().normalization().fit(sample.frame())), sample.truth());
  }

  @Override
  public Minibatch make(int epoch, int index) {
    List<Patch> patches = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int k = 0; k < options.batch(); k++) {
      SplittableRandom random =
          MinibatchSampler.random(options.seed(), epoch, (long) index * options.batch() + k);
      CropSampler.Site site = sampler.draw(i -> prepared(i).truth(), random);
      patches.add(augmenter.apply(prepared(site.image()), site.x(), site.y(), random));
      names.add(job.train().names().get(site.image()));
    }
    return minibatch(patches, names);
  }

  private Minibatch minibatch(List<Patch> patches, List<String> names) {
    return Minibatch.of(
        input,
        patches.stream().map(Patch::pixels).toList(),
        patches.stream().map(p -> ends.targets(task.encode(p.truth()))).toList(),
        names);
  }

  @Override
  public Score score(Predictor predictor, Consumer<Example> shown, Progress progress) {
    List<P> predicted = new ArrayList<>();
    List<LabelMap> truth = new ArrayList<>();
    Progress quiet = progress.quiet();
    ModelSpec.Inference parts = ModelSpec.Inference.of(job.network());
    ImageDriver<P> driver =
        ImageDriver.of(
            job.input().unscaled(),
            task,
            new ModelSpec.Inference(Math.min(parts.tile(), VALIDATION_TILE), parts.halo()),
            job.network(),
            t -> predictor.predict(Map.of(input, t)),
            predictor::trim);
    for (int i = 0; i < job.validation().size(); i++) {
      progress.checkCancelled();
      Sample<LabelMap> sample = job.validation().get(i);
      Frame frame = sample.frame();
      predicted.add(driver.predict(frame, 1, quiet));
      truth.add(sample.truth());
      if (i >= SHOWN) continue;
      shown.accept(
          new Example(
              frame,
              new Example.Content.Labels(sample.truth()),
              new Example.Content.Labels(task.labels(predicted.get(i)))));
    }
    return options
        .metrics()
        .added(task.score(predicted, truth), predicted.stream().map(task::labels).toList(), truth);
  }

  /** Crops of validation images, most of them at objects. */
  @Override
  public List<Minibatch> probe() {
    int images = Math.min(PROBED, job.validation().size());
    if (!probe.isEmpty() || images == 0) return probe;
    SplittableRandom random = new SplittableRandom(SplitMix64.first(options.seed()));
    Augmenter plain = new Augmenter(Augmentation.NONE, side, instances);
    List<Minibatch> made = new ArrayList<>();
    List<Patch> patches = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < PROBED; i++) {
      Sample<LabelMap> sample = job.validation().get(i % images);
      CropSampler.Builder places = new CropSampler.Builder(instances, task::ignores);
      places.add(sample.truth());
      CropSampler.Site site =
          places.build(side, options.objectShare()).draw(k -> sample.truth(), random);
      Frame frame = sample.frame();
      Patch whole =
          new Patch(pixels(frame, job.input().normalization().fit(frame)), sample.truth());
      patches.add(plain.apply(whole, site.x(), site.y(), random));
      names.add(sample.name());
      if (patches.size() < options.batch() && i + 1 < PROBED) continue;
      made.add(minibatch(patches, List.copyOf(names)));
      patches.clear();
      names.clear();
    }
    return probe = List.copyOf(made);
  }

  @Override
  public Optional<Census> census() {
    return instances && task.names().size() == 1
        ? Optional.empty()
        : Optional.of(new Census(task.names(), trained, validated));
  }

  private static Tensor pixels(Frame frame, Intensity intensity) {
    int width = frame.width();
    int height = frame.height();
    float[] data =
        new float[Math.multiplyExact(Math.multiplyExact(width, height), frame.channels())];
    var cursor = net.imglib2.view.Views.flatIterable(frame.pixels()).cursor();
    for (int i = 0; i < data.length; i++) data[i] = cursor.next().getRealFloat();
    intensity.apply(data, frame.channels());
    return new Tensor(Axes.NCHW, new int[] {1, frame.channels(), height, width}, data);
  }
}
