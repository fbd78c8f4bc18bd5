package sc.fiji.spyhop.training.sampling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.AnnotationTransform;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Augmenter;
import sc.fiji.spyhop.dataset.BadSamples;
import sc.fiji.spyhop.dataset.Border;
import sc.fiji.spyhop.dataset.BoundedCache;
import sc.fiji.spyhop.dataset.Cutout;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.image.MappedAnnotation;
import sc.fiji.spyhop.image.PixelSizes;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.inference.ImageDriver;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.diagnosis.Census;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;

/**
 * Pictures of one size out of images with boxes or points: the whole image where it fits, else
 * parts, most of them at something annotated.
 */
public final class DetectionMinibatches implements MinibatchSampler {

  private static final int MIN_STEPS = 20;
  private static final int PROBED = 16;

  /** Largest shift of a whole image, and of a part from what it was placed at, in pictures. */
  private static final double SHIFT = 0.1;

  private static final double PART_SHIFT = 0.35;

  /** All that is found, so that scores see the whole range of confidence. */
  private static final double MIN_CONFIDENCE = 0.02;

  /** Pixels as the network is shown them, and the truth in their coordinates. */
  private record Scene(Tensor pixels, Annotation truth) {
    int width() {
      return pixels.size('W');
    }

    int height() {
      return pixels.size('H');
    }
  }

  private record Place(double x, double y) {}

  private final TrainingImages<Annotation> job;
  private final AnnotationTask task;
  private final Ends ends;
  private final SamplingOptions options;
  private final String input;
  private final ModelSpec.Input plain;
  private final int width;
  private final int height;
  private final Augmenter augmenter;
  private final AnnotationTransform transform;
  private final PixelSizes pixelSizes = new PixelSizes();
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final Map<String, Long> validated = new LinkedHashMap<>();
  private final List<Annotation> validationTruth = new ArrayList<>();
  private final BoundedCache<Integer, Scene> scenes =
      new BoundedCache<>(
          Runtime.getRuntime().maxMemory() / 4, s -> 4L * s.pixels().length() + 1000);
  private List<Minibatch> probe = List.of();
  private double area;
  private final Shuffle order;

  DetectionMinibatches(
      TrainingImages<Annotation> job, AnnotationTask task, Ends ends, Progress progress) {
    this.job = job;
    this.task = task;
    this.ends = ends;
    this.options = job.options();
    options.metrics().requireOf(Annotation.class, task.kind());
    this.order = new Shuffle(job.train().size(), options.seed());
    this.input = job.network().inputs().get(0).name();
    this.plain = withoutMultiple(job.input());
    task.names().forEach(n -> counts.put(n, 0L));
    task.names().forEach(n -> validated.put(n, 0L));
    int all = job.train().size() + job.validation().size();
    List<String> problems = new ArrayList<>();
    List<Annotation> learnt = new ArrayList<>();
    int widest = 1;
    int highest = 1;
    for (int i = 0; i < all; i++) {
      progress.checkCancelled();
      progress.update("Reading images", i, all);
      boolean trains = i < job.train().size();
      Dataset<Annotation> set = trains ? job.train() : job.validation();
      int index = trains ? i : i - job.train().size();
      try {
        Annotation truth = trains ? scene(i).truth() : task.relevant(set.get(index).truth());
        if (!trains) validationTruth.add(shown(plain.fit(), truth));
        count(truth, trains ? counts : validated);
        if (!trains) continue;
        learnt.add(truth);
        pixelSizes.add(set.names().get(index), set.get(index).frame().pixelSize());
        widest = Math.max(widest, scene(i).width());
        highest = Math.max(highest, scene(i).height());
        area += (double) scene(i).width() * scene(i).height();
      } catch (SpyhopException e) {
        problems.add(BadSamples.clause(set.names().get(index), e));
      }
    }
    progress.update("Reading images", all, all);
    BadSamples.throwIfAny(
        problems, problems.size() + " of " + Strings.count(all, "image") + " cannot be used");
    // of a single class without examples the census tells, as a model that goes on knows it
    if (counts.values().stream().allMatch(n -> n == 0)) {
      throw new SpyhopException(
          Strings.format(
              "Nothing to learn: no training image shows %s. Annotate some.",
              String.join(" or ", task.names())));
    }
    int multiple = Collections.max(ReceptiveField.of(job.network()).sizeMultiple());
    boolean fixed = job.input().fit().isFixed();
    width = fixed ? widest : side(widest, multiple);
    height = fixed ? highest : side(highest, multiple);
    augmenter = new Augmenter(turning(options.augmentation()), width, height);
    transform = new AnnotationTransform(task.layout(), true, VisibleShares.of(learnt)::of);
  }

  /** Turned by a quarter, an image of other proportions than a square does not fill a picture. */
  private Augmentation turning(Augmentation asked) {
    return width == height ? asked : asked.withQuarterTurns(false);
  }

  private static ModelSpec.Input withoutMultiple(ModelSpec.Input input) {
    return new ModelSpec.Input(
        input.axes(),
        input.channels(),
        input.colors(),
        input.fit().withMultiple(1),
        input.normalization(),
        input.pixelSize());
  }

  /** Of a picture: that of the largest image, as the network takes it, or the largest allowed. */
  private int side(int largest, int multiple) {
    int fitting = (largest + multiple - 1) / multiple * multiple;
    return Math.max(multiple, Math.min(fitting, options.crop() / multiple * multiple));
  }

  private void count(Annotation truth, Map<String, Long> into) {
    task.shown(truth).forEach(name -> into.merge(name, 1L, Long::sum));
  }

  private Scene scene(int index) {
    return scenes.get(index, i -> scene(job.train().get(i)));
  }

  private Scene scene(Sample<Annotation> sample) {
    Tensor pixels = plain.read(sample.frame());
    return new Scene(pixels, shown(plain.fit(), task.relevant(sample.truth())));
  }

  /** In the coordinates of what the network is shown. */
  private static Annotation shown(Resize fit, Annotation annotation) {
    Resize.View view = fit.view(annotation.size().width(), annotation.size().height());
    return MappedAnnotation.of(
        annotation, view.toImage().inverse(), new ImageSize(view.width(), view.height()));
  }

  @Override
  public String description() {
    return counted() + pixelSizes.mixed().map(m -> " " + m).orElse("");
  }

  private String counted() {
    return Strings.format(
        "Training on %s, %s; validating on %s; pictures of %d x %d pixels.",
        MinibatchSampler.count(job.train().size(), "image"),
        String.join(
            ", ", counts.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList()),
        MinibatchSampler.count(job.validation().size(), "image"),
        width,
        height);
  }

  @Override
  public int stepsPerEpoch() {
    double pictures = Math.max(job.train().size(), area / ((double) width * height));
    return (int) Math.max(MIN_STEPS, Math.min(100_000, Math.round(pictures / options.batch())));
  }

  @Override
  public Minibatch make(int epoch, int index) {
    List<Scene> pictures = new ArrayList<>();
    List<String> names = new ArrayList<>();
    long first = (long) index * options.batch();
    for (int k = 0; k < options.batch(); k++) {
      int image = order.image(epoch, first + k);
      SplittableRandom random = MinibatchSampler.random(options.seed(), epoch, first + k);
      Scene scene = scene(image);
      pictures.add(picture(scene, place(scene, random), augmenter, random));
      names.add(job.train().names().get(image));
    }
    return minibatch(pictures, names);
  }

  private Scene picture(Scene scene, Place at, Augmenter how, SplittableRandom random) {
    Cutout map = how.draw(at.x() - 0.5, at.y() - 0.5, random);
    Tensor pixels = how.cut(scene.pixels(), map, Border.REPEAT);
    how.vary(pixels, random);
    return new Scene(pixels, transform.apply(scene.truth(), map, new ImageSize(width, height)));
  }

  /** What the middle of a picture falls on. */
  private Place place(Scene scene, SplittableRandom random) {
    List<Place> things = new ArrayList<>();
    for (LocalizedObject o : scene.truth().objects()) {
      things.add(new Place(o.box().centerX(), o.box().centerY()));
    }
    for (Pose pose : scene.truth().poses()) {
      List<Keypoint> located = pose.located();
      if (located.isEmpty()) continue;
      things.add(
          new Place(
              located.stream().mapToDouble(Keypoint::x).average().orElseThrow(),
              located.stream().mapToDouble(Keypoint::y).average().orElseThrow()));
    }
    boolean near = !things.isEmpty() && random.nextDouble() < options.objectShare();
    Place thing = near ? things.get(random.nextInt(things.size())) : new Place(0, 0);
    return new Place(
        along(scene.width(), width, near, thing.x(), random),
        along(scene.height(), height, near, thing.y(), random));
  }

  private static double along(
      int length, int part, boolean near, double thing, SplittableRandom random) {
    double shift = 2 * random.nextDouble() - 1;
    if (length <= part) return length / 2.0 + SHIFT * part * shift;
    double at = near ? thing + PART_SHIFT * part * shift : length * (shift + 1) / 2;
    return Math.max(part / 2.0, Math.min(length - part / 2.0, at));
  }

  private Minibatch minibatch(List<Scene> pictures, List<String> names) {
    return Minibatch.of(
        input,
        pictures.stream().map(Scene::pixels).toList(),
        pictures.stream().map(p -> ends.targets(task.encode(p.truth()))).toList(),
        names);
  }

  @Override
  public Score score(Predictor predictor, Consumer<Example> watcher, Progress progress) {
    List<Annotation> found =
        predicted(task, job.network(), predictor, job.input(), job.validation(), watcher, progress);
    return options.metrics().added(task.score(found, validationTruth), found, validationTruth);
  }

  /** In the coordinates of what the network is shown. */
  private static List<Annotation> predicted(
      AnnotationTask task,
      Network network,
      Predictor predictor,
      ModelSpec.Input input,
      Dataset<Annotation> set,
      Consumer<Example> watcher,
      Progress progress) {
    String name = network.inputs().get(0).name();
    ImageDriver<Annotation> driver =
        ImageDriver.of(
            input,
            task.uncalibrated().withThreshold(MIN_CONFIDENCE),
            ModelSpec.Inference.of(network),
            network,
            t -> predictor.predict(Map.of(name, t)),
            predictor::trim);
    Progress quiet = progress.quiet();
    List<Annotation> predicted = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      progress.checkCancelled();
      Sample<Annotation> sample = set.get(i);
      Annotation found = driver.predict(1, k -> sample.frame(), quiet).get(0);
      predicted.add(shown(input.fit(), found));
      if (i >= SHOWN) continue;
      watcher.accept(
          new Example(
              sample.frame(),
              new Example.Content.Objects(task.relevant(sample.truth())),
              new Example.Content.Objects(task.reported(found))));
    }
    return predicted;
  }

  /** The task with the threshold that is best for validation images, if there are some. */
  public static AnnotationTask calibrate(
      AnnotationTask task,
      Network network,
      Predictor predictor,
      ModelSpec.Input input,
      Dataset<Annotation> validation) {
    List<Annotation> truth = new ArrayList<>();
    for (int i = 0; i < validation.size(); i++) {
      truth.add(shown(input.fit(), validation.get(i).truth()));
    }
    return task.calibrate(
        predicted(task, network, predictor, input, validation, e -> {}, Progress.NONE), truth);
  }

  @Override
  public List<Minibatch> probe() {
    int n = Math.min(PROBED, job.validation().size());
    if (!probe.isEmpty() || n == 0) return probe;
    SplittableRandom random = new SplittableRandom(SplitMix64.first(options.seed()));
    Augmenter still = new Augmenter(Augmentation.NONE, width, height);
    List<Minibatch> made = new ArrayList<>();
    for (int from = 0; from < n; from += options.batch()) {
      List<Scene> pictures = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int i = from; i < Math.min(n, from + options.batch()); i++) {
        Scene scene = scene(job.validation().get(i));
        pictures.add(picture(scene, place(scene, random), still, random));
        names.add(job.validation().names().get(i));
      }
      made.add(minibatch(pictures, names));
    }
    return probe = List.copyOf(made);
  }

  @Override
  public Optional<Census> census() {
    return Optional.of(new Census(task.names(), values(counts), values(validated)));
  }

  private static long[] values(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(n -> n).toArray();
  }
}
